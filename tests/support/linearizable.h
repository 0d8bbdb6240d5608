#ifndef RACELAB_TESTS_SUPPORT_LINEARIZABLE_H_
#define RACELAB_TESTS_SUPPORT_LINEARIZABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "rapidcheck.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"

namespace racelab {

// A moment that comes after every one that was taken before. Orders nothing: neither runtime sees it.
std::int64_t TakeMoment();

// What the threads of a scenario called, and what they were answered.
//
// A history is linearizable (Herlihy, Wing, "Linearizability", TOPLAS 1990) if every call can be given one moment
// between its beginning and its end such that the answers are those of a sequential model that is called at these
// moments.
template <typename Operation, typename Result>
class History {
 public:
  explicit History(std::size_t threads) : calls_(threads) {}

  // Makes a call on behalf of `thread`, which calls this for itself alone.
  void Call(std::size_t thread, const Operation& operation, const std::function<Result()>& call) {
    const std::int64_t began = TakeMoment();
    Result result = call();
    calls_[thread].push_back({operation, std::move(result), began, TakeMoment()});
  }

  // `Model` is copied and ordered (<), and has Result Apply(const Operation&).
  //
  // The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with the memory of what has been
  // tried that Lowe added ("Testing for Linearizability", 2017). At most 64 calls.
  template <typename Model>
  bool IsLinearizable(const Model& initial) const {
    std::vector<Done> calls;
    for (const std::vector<Done>& of_one_thread : calls_)
      calls.insert(calls.end(), of_one_thread.begin(), of_one_thread.end());
    if (calls.size() > 64) throw std::invalid_argument("a history of more than 64 calls");
    std::set<std::pair<std::uint64_t, Model>> tried;
    return Explain(calls, 0, initial, tried);
  }

 private:
  struct Done {
    Operation operation;
    Result result;
    std::int64_t began, ended;
  };

  // Whether the calls that are not in `explained` can follow, in some order, on a model in this state.
  template <typename Model>
  static bool Explain(const std::vector<Done>& calls, std::uint64_t explained, const Model& model,
                      std::set<std::pair<std::uint64_t, Model>>& tried) {
    std::int64_t first_end = INT64_MAX;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if (!(explained >> i & 1) && calls[i].ended < first_end) first_end = calls[i].ended;
    }
    if (first_end == INT64_MAX) return true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      if ((explained >> i & 1) || calls[i].began > first_end) continue;  // It began after another had ended.
      Model next = model;
      if (next.Apply(calls[i].operation) != calls[i].result) continue;
      const std::uint64_t with = explained | std::uint64_t{1} << i;
      if (tried.emplace(with, next).second && Explain(calls, with, next, tried)) return true;
    }
    return false;
  }

  std::vector<std::vector<Done>> calls_;  // Of each thread.
};

struct NotLinearizable : std::runtime_error {
  NotLinearizable() : std::runtime_error("the answers are not those of any order of the calls") {}
};

// Calls of two threads, two of one and one of the other: few, so that every interleaving can be run; enough for most
// bugs.
template <typename Operation>
rc::Gen<std::vector<std::vector<Operation>>> FewCalls(const rc::Gen<Operation>& operation) {
  return rc::gen::map(rc::gen::container<std::vector<Operation>>(3, operation), [](std::vector<Operation> calls) {
    std::vector<Operation> last(calls.begin() + 2, calls.end());
    calls.resize(2);
    return std::vector{std::move(calls), std::move(last)};
  });
}

// Runs the calls of each list in `threads` on a thread of its own, on a fresh Subject, in every interleaving, and
// throws NotLinearizable at the first that no order of the calls explains: in a rapidcheck property, the calls are
// shrunk then.
//
//   RACELAB_PROPERTY(WorkStack, IsLinearizable, ()) {
//     RequireLinearizable<WorkStack, Model, std::optional<int>, int>(
//         *FewCalls(rc::gen::inRange(0, 3)),
//         [](WorkStack& stack, int page) { ... });
//   }
//
// Under ThreadSanitizer it does nothing: there it would prove nothing. Operation is ordered (<): what held before is
// not run again.
template <typename Subject, typename Model, typename Result, typename Operation>
void RequireLinearizable(const std::vector<std::vector<Operation>>& threads,
                         const std::function<Result(Subject&, const Operation&)>& apply) {
  if (!UnderSecondRuntime()) return;
  static auto& held = *new std::set<std::vector<std::vector<Operation>>>;
  if (held.contains(threads)) return;
  Interleavings([&] {
    Subject subject;
    History<Operation, Result> history(threads.size());
    std::vector<std::function<void()>> functions;
    for (std::size_t thread = 0; thread < threads.size(); ++thread) {
      functions.emplace_back([&, thread] {
        for (const Operation& operation : threads[thread]) {
          history.Call(thread, operation, [&] { return apply(subject, operation); });
        }
      });
    }
    RunInTurnOrSimultaneously(std::move(functions));
    if (!history.IsLinearizable(Model())) throw NotLinearizable();
  });
  held.insert(threads);
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_LINEARIZABLE_H_
