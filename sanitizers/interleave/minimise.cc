#include "sanitizers/interleave/minimise.h"

#include <algorithm>

#include "sanitizers/interleave/clock.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/failure.h"

namespace racelab::interleave {
namespace {

constexpr std::uint64_t kExecutions = 20'000;
constexpr std::uint64_t kSteps = 500'000;  // For each of the two methods.
constexpr int kMostPreemptionsTried = 3;

bool FailsAs(const FoundFailure& found) { return SameFailure(execution.failure, found.failure); }

// A part of an effort, for one method.
class Part {
 public:
  explicit Part(Effort& whole) : whole_(whole), steps_(kSteps) {}

  bool IsSpent() const { return steps_ == 0 || whole_.IsSpent(); }
  void Run(Search& search, RunOne run) {
    run(search);
    steps_ -= std::min<std::uint64_t>(steps_, search.depth());
    whole_.steps -= std::min<std::uint64_t>(whole_.steps, search.depth());
  }

 private:
  Effort& whole_;
  std::uint64_t steps_;
};

// Whether any execution with at most `preemptions` fails, among those that `effort` permits.
bool FindWith(int preemptions, Part& effort, FoundFailure& found, RunOne run) {
  Search search;
  SearchOptions bounded;
  bounded.strategy = Strategy::kBounded;
  bounded.preemptions = preemptions;
  search.Begin(bounded);
  for (std::uint64_t runs = 0; runs < kExecutions && !effort.IsSpent(); ++runs) {
    effort.Run(search, run);
    if (FailsAs(found)) {
      found.schedule = search.Schedule();
      return true;
    }
    if (!search.Advance()) return false;
  }
  return false;
}

// `turns`, with the thread of turns[at - 1] not preempted there: its next turns come at once. Empty if it has none.
Vector<std::uint8_t> WithoutPreemption(const Vector<std::uint8_t>& turns, std::size_t at) {
  const std::uint8_t thread = turns[at - 1];
  std::size_t begin = at;
  while (begin < turns.size() && turns[begin] != thread) ++begin;
  std::size_t end = begin;
  while (end < turns.size() && turns[end] == thread) ++end;
  Vector<std::uint8_t> moved;
  if (begin == end) return moved;
  moved.insert(moved.end(), turns.begin(), turns.begin() + at);
  moved.insert(moved.end(), turns.begin() + begin, turns.begin() + end);
  moved.insert(moved.end(), turns.begin() + at, turns.begin() + begin);
  moved.insert(moved.end(), turns.begin() + end, turns.end());
  return moved;
}

void Shrink(Part effort, FoundFailure& found, RunOne run) {
  Search search;
  SearchOptions guided;
  guided.strategy = Strategy::kReplay;
  guided.schedule = found.schedule;
  search.Begin(guided);
  effort.Run(search, run);
  if (!FailsAs(found)) return;
  Guide guide = search.AsGuide();
  int fewest = search.preemptions();
  guided.strategy = Strategy::kGuided;
  for (std::size_t at = 1; at < guide.turns.size() && !effort.IsSpent(); ++at) {
    if (guide.turns[at] == guide.turns[at - 1]) continue;
    guided.guide = guide;
    guided.guide.turns = WithoutPreemption(guide.turns, at);
    if (guided.guide.turns.empty()) continue;
    search.Begin(guided);
    effort.Run(search, run);
    if (!FailsAs(found) || search.preemptions() >= fewest) continue;
    fewest = search.preemptions();
    found.schedule = search.Schedule();
    guide = search.AsGuide();
    at = 0;  // A turn that could not be moved before may be movable now.
  }
}

}  // namespace

bool Effort::IsSpent() const { return steps == 0 || (deadline > 0 && Now() >= deadline); }

void Minimise(FoundFailure& found, RunOne run, Effort& effort) {
  Part searching(effort);
  for (int preemptions = 0; preemptions <= kMostPreemptionsTried; ++preemptions) {
    if (FindWith(preemptions, searching, found, run)) return;
  }
  Shrink(Part(effort), found, run);
}

}  // namespace racelab::interleave
