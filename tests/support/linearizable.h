#ifndef RACELAB_TESTS_SUPPORT_LINEARIZABLE_H_
#define RACELAB_TESTS_SUPPORT_LINEARIZABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "tests/support/steps.h"

namespace racelab {

// The result of a call; empty if it returns nothing.
using Answer = std::optional<std::int64_t>;

// The state of a sequential model, as numbers.
using State = std::vector<std::int64_t>;

// Runs a few calls on two threads, two on one and one on the other, on a fresh Subject, in every interleaving, and for
// every choice of calls of these kinds. Fails if the results of an interleaving differ from those of a sequential
// model, which begins in the state `initial`, for every order of the calls. The first scenarios have one call on each
// thread, so the failure that is shown is as small as possible.
//
//   TEST(WorkStack, IsLinearizable) {
//     enum { kTakeNext, kPush };
//     RequireLinearizable<WorkStack>(
//         {{"TakeNext"}, {"Push", {1, 3}}},
//         [](WorkStack& stack, const Step& step) -> Answer { ... },
//         /*initial=*/{},
//         [](State& pages, const Step& step) -> Answer { ... });
//   }
//
// If this passes, each call has a moment between its beginning and its end at which it seems to happen (Herlihy, Wing,
// "Linearizability", TOPLAS 1990). Under ThreadSanitizer this does nothing, because it would prove nothing there.
template <typename Subject>
void RequireLinearizable(absl::Span<const Kind> kinds, absl::FunctionRef<Answer(Subject&, const Step&)> apply,
                         const State& initial, absl::FunctionRef<Answer(State&, const Step&)> model);

// Implementation, also used by its tests.
namespace linearizable {

using Model = absl::FunctionRef<Answer(State&, const Step&)>;

// The calls of a scenario's threads, and their results.
class History {
 public:
  explicit History(std::size_t threads) : calls_(threads) {}

  // Makes a call on behalf of `thread`; each thread calls this for itself.
  void Call(std::size_t thread, const Step& step, absl::FunctionRef<Answer()> call);

  // For at most 64 calls.
  bool IsLinearizable(const State& initial, Model model) const;

  // "[Push(1), TakeNext → 1] and [TakeNext → 1]"
  std::string InWords(absl::Span<const Kind> kinds) const;

  struct Done {
    Step step;
    Answer answer;
    std::int64_t began, ended;
    std::size_t thread;
  };

 private:
  std::vector<std::vector<Done>> calls_;  // By thread.
};

using Calls = std::vector<Step>;  // Of one thread.
using Apply = absl::FunctionRef<Answer(const Step&)>;
using WithFreshSubject = absl::FunctionRef<void(absl::FunctionRef<void(Apply)>)>;

// The choices of calls, the smallest first.
std::vector<std::vector<Calls>> ChoicesOfCalls(absl::Span<const Kind> kinds);

// Runs one choice of calls in every interleaving; passes each history that it cannot explain to `unexplained`.
void RunInEveryInterleaving(const std::vector<Calls>& threads, WithFreshSubject with_fresh_subject,
                            const State& initial, Model model, absl::FunctionRef<void(const History&)> unexplained);

void Require(absl::Span<const Kind> kinds, WithFreshSubject with_fresh_subject, const State& initial, Model model);

}  // namespace linearizable

template <typename Subject>
void RequireLinearizable(absl::Span<const Kind> kinds, absl::FunctionRef<Answer(Subject&, const Step&)> apply,
                         const State& initial, absl::FunctionRef<Answer(State&, const Step&)> model) {
  const auto with_fresh_subject = [&](absl::FunctionRef<void(linearizable::Apply)> run) {
    Subject subject;
    run([&](const Step& step) { return apply(subject, step); });
  };
  linearizable::Require(kinds, with_fresh_subject, initial, model);
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_LINEARIZABLE_H_
