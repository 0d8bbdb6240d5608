// The reduction (source-DPOR): finds the races between steps, whose other order must be tried, and the threads that
// sleep. Executions that only exchange independent operations need not be explored.

#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

// A thread whose operation was explored from an earlier state sleeps until a conflicting operation happens.
void Search::InheritSleep(Step& step) {
  if (depth_ == 0) return;
  const Step& previous = steps_[depth_ - 1];
  const ThreadSet asleep = (previous.sleep | previous.done) & ~Only(previous.chosen);
  if (asleep == 0) return;
  for (std::uint32_t i = previous.explored; i < step.explored; ++i) {
    const Explored explored = explored_[i];
    if (!(asleep >> explored.thread & 1) || Conflict(explored.operation, previous.operation)) continue;
    step.sleep |= Only(explored.thread);
    Explore(explored.thread, explored.operation);
  }
}

// Finds the earlier steps that race with `operation`: they conflict with it, nothing else orders them before it, and
// they could have come after it. Marks the other order of each for exploration, unless it is marked already.
void Search::AddRaces(int thread, const Operation& operation) {
  VectorClock& clock = clock_[thread];
  VectorClock now = clock;
  VectorClock seen = clock;
  if ((operation.reads | operation.changes) != 0 || operation.meets_all) {
    for (std::size_t i = depth_; i-- > 0;) {
      const Step& earlier = steps_[i];
      if (earlier.chosen == thread) {
        if (Covers(earlier.operation, operation)) break;  // Anything earlier conflicted with that step, too.
        continue;
      }
      if (!Conflict(earlier.operation, operation)) continue;
      now.Join(earlier.clock);
      if (!Reversible(earlier.operation, operation)) continue;
      const bool is_race = !seen.Covers(earlier.chosen, earlier.clock.at[earlier.chosen]);
      if (is_race && !Reverse(i, thread, operation, now)) continue;
      if (DependsOnOtherReaders(earlier.operation, operation)) continue;  // The other readers may race with it, too.
      seen.Join(earlier.clock);
      if (Covers(earlier.operation, operation)) break;
    }
  }
  now.at[thread]++;
  clock = now;
}

// The reversal of the race consists of the later steps that do not depend on step `earlier`, then `operation`, in place
// of that step. Any thread that can take the first of these steps (an initial) leads to it. False if none could go on
// before step `earlier`: the operation had to wait for something even earlier.
bool Search::Reverse(std::size_t earlier, int thread, const Operation& operation, const VectorClock& now) {
  Step& from = steps_[earlier];
  const std::int32_t time = from.clock.at[from.chosen];
  after_.clear();
  for (std::size_t i = earlier + 1; i < depth_; ++i) {
    if (!steps_[i].clock.Covers(from.chosen, time)) after_.push_back(static_cast<std::uint32_t>(i));
  }
  ThreadSet initials = 0, met = 0;
  for (std::size_t i = 0; i <= after_.size(); ++i) {
    const bool last = i == after_.size();
    const int candidate = last ? thread : steps_[after_[i]].chosen;
    if (met >> candidate & 1) continue;
    met |= Only(candidate);
    const VectorClock& clock = last ? now : steps_[after_[i]].clock;
    bool first = true;
    for (std::size_t k = 0; k < i && first; ++k) {
      const Step& between = steps_[after_[k]];
      first = !clock.Covers(between.chosen, between.clock.at[between.chosen]);
    }
    if (first) initials |= Only(candidate);
  }
  if ((initials & (from.backtrack | from.sleep)) != 0) return true;
  const ThreadSet possible = initials & from.enabled;
  if (possible == 0) return false;
  const bool spins = possible == Only(thread) && (from.spinning >> thread & 1) &&
                     endless.Find(reinterpret_cast<std::uintptr_t>(operation.pc)) != nullptr;
  if (spins) return true;  // Reported as left out when the loop was recognised as endless.
  from.backtrack |= Only(Lowest(possible));
  return true;
}

void Search::NotePending(int thread, const Operation& operation) {
  if (options_.strategy == Strategy::kExhaustive && depth_ + 1 >= fixed_) AddRaces(thread, operation);
}

void Search::NoteForgone(int thread, const Operation& operation) {
  const VectorClock clock = clock_[thread];
  NotePending(thread, operation);
  clock_[thread] = clock;
}

}  // namespace racelab::interleave
