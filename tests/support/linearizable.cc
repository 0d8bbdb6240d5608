#include "tests/support/linearizable.h"

#include <bit>
#include <set>
#include <stdexcept>
#include <utility>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"

namespace racelab::linearizable {
namespace {

// With more kinds, there would be too many choices of calls to run each of them in every interleaving.
constexpr std::size_t kMostDifferentCalls = 6;

// Returns a moment later than all moments returned before. Orders nothing: neither runtime sees it. In assembly where
// possible, because an atomic operation would add a step to every interleaving.
std::int64_t TakeMoment() {
  static std::int64_t last = 0;
  std::int64_t moment = 1;
#if defined(__x86_64__)
  asm volatile("lock xaddq %0, %1" : "+r"(moment), "+m"(last) : : "memory");
  return moment;
#else
  return __atomic_fetch_add(&last, moment, __ATOMIC_RELAXED);
#endif
}

// The search of Wing and Gong ("Testing and Verifying Concurrent Objects", 1993), with Lowe's cache of states already
// tried ("Testing for Linearizability", 2017).
class Search {
 public:
  Search(std::vector<History::Done> calls, Model model) : calls_(std::move(calls)), model_(model) {}

  // Whether the calls that are not in `explained` can follow, in some order, on a model in this state.
  bool Explain(std::uint64_t explained, const State& state) {
    if (static_cast<std::size_t>(std::popcount(explained)) == calls_.size()) return true;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      if ((explained >> i & 1) || ComesAfterAnother(i, explained)) continue;
      State next = state;
      if (model_(next, calls_[i].step) != calls_[i].answer) continue;
      const std::uint64_t with = explained | std::uint64_t{1} << i;
      if (tried_.emplace(with, next).second && Explain(with, next)) return true;
    }
    return false;
  }

 private:
  // Whether a call that is not in `explained` ended before this one began. If loads may return older values, the time
  // of another thread's actions proves nothing.
  bool ComesAfterAnother(std::size_t call, std::uint64_t explained) const {
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const bool counts = calls_[i].thread == calls_[call].thread || time_orders_threads_;
      if (!(explained >> i & 1) && counts && calls_[i].ended < calls_[call].began) return true;
    }
    return false;
  }

  const std::vector<History::Done> calls_;
  const Model model_;
  const bool time_orders_threads_ = !LoadsMayReturnOlderValues();
  std::set<std::pair<std::uint64_t, State>> tried_;
};

std::vector<Step> DifferentCalls(absl::Span<const Kind> kinds) {
  const auto values = [](const Values& range) {
    std::vector<int> all;
    for (int value = range.from; value < range.to; ++value) all.push_back(value);
    return all.empty() ? std::vector<int>{0} : all;
  };
  std::vector<Step> calls;
  for (int what = 0; what < static_cast<int>(kinds.size()); ++what) {
    for (const int value : values(kinds[what].value)) {
      for (const int second : values(kinds[what].second)) {
        for (const int third : values(kinds[what].third)) calls.push_back({what, value, second, third});
      }
    }
  }
  return calls;
}

}  // namespace

void History::Call(std::size_t thread, const Step& step, absl::FunctionRef<Answer()> call) {
  const std::int64_t began = TakeMoment();
  const Answer answer = call();
  calls_[thread].push_back({step, answer, began, TakeMoment(), thread});
}

bool History::IsLinearizable(const State& initial, Model model) const {
  std::vector<Done> calls;
  for (const std::vector<Done>& of_one_thread : calls_)
    calls.insert(calls.end(), of_one_thread.begin(), of_one_thread.end());
  if (calls.size() > 64) throw std::invalid_argument("a history of more than 64 calls");
  return Search(std::move(calls), model).Explain(0, initial);
}

std::string History::InWords(absl::Span<const Kind> kinds) const {
  std::string all;
  for (const std::vector<Done>& of_one_thread : calls_) {
    std::string calls;
    for (const Done& call : of_one_thread) {
      calls += (calls.empty() ? "" : ", ") + racelab::InWords(kinds[call.step.what], call.step) + " → " +
               (call.answer.has_value() ? std::to_string(*call.answer) : "nothing");
    }
    all += (all.empty() ? "[" : " and [") + calls + "]";
  }
  return all;
}

std::vector<std::vector<Calls>> ChoicesOfCalls(absl::Span<const Kind> kinds) {
  const std::vector<Step> calls = DifferentCalls(kinds);
  if (calls.size() > kMostDifferentCalls)
    throw std::invalid_argument("too many different calls: choose fewer kinds, or fewer values");
  std::vector<std::vector<Calls>> choices;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    for (std::size_t j = i; j < calls.size(); ++j) choices.push_back({{calls[i]}, {calls[j]}});
  }
  for (const Step& first : calls) {
    for (const Step& second : calls) {
      for (const Step& other : calls) choices.push_back({{first, second}, {other}});
    }
  }
  return choices;
}

void RunInEveryInterleaving(const std::vector<Calls>& threads, WithFreshSubject with_fresh_subject,
                            const State& initial, Model model, absl::FunctionRef<void(const History&)> unexplained) {
  Interleavings([&] {
    with_fresh_subject([&](Apply apply) {
      History history(threads.size());
      const auto run = [&](std::size_t thread) {
        for (const Step& step : threads[thread]) history.Call(thread, step, [&] { return apply(step); });
      };
      RunTogether([&] { run(0); }, [&] { run(1); });
      if (!history.IsLinearizable(initial, model)) unexplained(history);
    });
  });
}

void Require(absl::Span<const Kind> kinds, WithFreshSubject with_fresh_subject, const State& initial, Model model) {
  if (!UnderSecondRuntime()) return;
  for (const std::vector<Calls>& threads : ChoicesOfCalls(kinds)) {
    RunInEveryInterleaving(threads, with_fresh_subject, initial, model, [&](const History& history) {
      ADD_FAILURE() << history.InWords(kinds) << ": no order of these calls gives these answers";
    });
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace racelab::linearizable
