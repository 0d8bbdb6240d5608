#include "sanitizers/interleave/search.h"

#include <algorithm>

namespace racelab::interleave {
namespace {

// Steps of a thread that should have given way, but only to threads whose part is explored already.
constexpr std::uint64_t kMostAlone = 2000;
// Before a data race: from the last 2 steps to the last 256.
constexpr std::uint64_t kScalesOfDistance = 8;

}  // namespace

void Search::Begin(const SearchOptions& options) {
  options_ = options;
  steps_.clear();
  explored_.clear();
  explored_kept_ = 0;
  steps_.reserve(256);
  depth_ = fixed_ = 0;
  diverged_ = false;
  random_ = options.seed * 0x9E3779B97F4A7C15u + 1;
  longest_ = 1;
  const bool shared = options.shards > 1 && options.strategy != Strategy::kRandom &&
                      options.strategy != Strategy::kPct && options.strategy != Strategy::kPos &&
                      options.strategy != Strategy::kNear;
  split_ = shared ? 4 + std::bit_width(options.shards) : 0;
  branches_ = 0;
  dealt_ = false;
  mine_ = true;
  offered_ = false;
  endless.Forget();
  threads_ = kMaxThreads;
}

void Search::BeginExecution() {
  depth_ = turn_ = alone_ = 0;
  offered_ = false;
  explored_.resize(explored_kept_);
  for (int thread = 0; thread < threads_; ++thread) {
    choices_[thread] = 0;
    clock_[thread] = VectorClock();
  }
  threads_ = 1;
  if (options_.strategy == Strategy::kNear) {
    const std::size_t turns = options_.guide.turns.size();
    const std::uint64_t most = std::uint64_t{2} << Random() % kScalesOfDistance;
    turns_kept_ = turns - std::min<std::size_t>(turns, Random() % most);
  } else if (options_.strategy == Strategy::kPos) {
    for (std::uint64_t& priority : priority_) priority = Random();
  } else if (options_.strategy == Strategy::kPct) {
    for (std::uint64_t& priority : priority_) priority = Random() | std::uint64_t{1} << 63;
    changes_.clear();
    // How many a bug needs is not known: from one to twice as many as are asked for, less one.
    const int most = std::max(2 * options_.priority_changes - 1, 1);
    const int changes = 1 + static_cast<int>(Random() % static_cast<std::uint64_t>(most));
    for (int i = 0; i < changes; ++i) changes_.push_back(Random() % longest_);
  }
}

// At the end of the shared steps. The first execution that comes there by another branch deals it out.
bool Search::BelongsToAnother() {
  if (split_ == 0) return false;
  if (!dealt_) mine_ = branches_++ % options_.shards == options_.shard;
  dealt_ = true;
  return !mine_;
}

bool Search::IsMine() {
  BelongsToAnother();  // An execution that ended before its branch was reached.
  return mine_;
}

Search::Step& Search::NewStep(ThreadSet enabled, int running) {
  Step& step = steps_[depth_];
  step.enabled = enabled;
  step.running = static_cast<std::int8_t>(running);
  step.backtrack = step.done = step.sleep = step.spinning = 0;
  step.gave_way = false;
  step.value = 0;
  step.values = 1;
  step.explored = static_cast<std::uint32_t>(explored_.size());
  if (options_.strategy == Strategy::kExhaustive) InheritSleep(step);
  return step;
}

int Search::Choose(const Candidates& candidates, int running, const Operation* const* pending) {
  if (depth_ == split_ && BelongsToAnother()) return kRedundant;
  if (steps_.size() <= depth_) steps_.emplace_back();
  Step& step = steps_[depth_];
  const ThreadSet enabled = candidates.enabled;
  int chosen;
  if (depth_ < fixed_) {
    chosen = step.chosen;
    const bool last = depth_ + 1 == fixed_;
    const Operation& now = *pending[chosen];
    if (step.values != 1 || !(enabled >> chosen & 1) || enabled != step.enabled ||
        (!last && (now.address != step.operation.address || now.kind != step.operation.kind))) {
      diverged_ = true;
      return kRedundant;
    }
  } else {
    NewStep(enabled, running);
    step.spinning = candidates.spinning;
    step.gave_way = running < kMaxThreads && !(candidates.preferred >> running & 1);
    switch (options_.strategy) {
      case Strategy::kRandom:
      case Strategy::kPct:
      case Strategy::kPos:
        chosen = ChooseAtRandom(candidates, running, pending);
        break;
      case Strategy::kGuided:
        chosen = ChooseAsGuided(enabled, running);
        break;
      case Strategy::kNear:
        chosen = ChooseNear(candidates, running, pending);
        break;
      default:
        chosen = ChooseNew(step, candidates.preferred);
        break;
    }
    if (chosen < 0) return chosen;
    step.backtrack = depth_ < split_ ? enabled : Only(chosen);
  }
  step.chosen = static_cast<std::int8_t>(chosen);
  step.done |= Only(chosen);
  step.preemptions =
      static_cast<std::int16_t>((depth_ == 0 ? 0 : steps_[depth_ - 1].preemptions) + IsPreemption(step, chosen));
  if (options_.strategy == Strategy::kExhaustive) {
    if (depth_ + 1 < fixed_) {
      clock_[chosen] = step.clock;  // All of it was worked out when this step was last taken.
    } else {
      step.operation = *pending[chosen];
      Explore(chosen, step.operation);
      AddRaces(chosen, step.operation);
      step.clock = clock_[chosen];
    }
  } else {
    step.operation = *pending[chosen];
  }
  ++depth_;
  return chosen;
}

void Search::OfferAtEnd(ThreadSet enabled, int running, const Operation* const* pending) {
  const bool branches = options_.strategy == Strategy::kExhaustive || options_.strategy == Strategy::kFull ||
                        options_.strategy == Strategy::kBounded;
  if (!branches) return;
  if (steps_.size() <= depth_) steps_.emplace_back();
  Step& step = NewStep(enabled, running);
  step.gave_way = true;
  step.backtrack = enabled;
  step.preemptions = depth_ == 0 ? std::int16_t{0} : steps_[depth_ - 1].preemptions;
  step.operation = *pending[Lowest(enabled)];
  offered_ = true;
}

bool Search::Repeat(const Operation& operation) {
  const Step& step = steps_[depth_];
  if (operation.address != step.operation.address || operation.kind != step.operation.kind) return false;
  if (options_.strategy == Strategy::kExhaustive) clock_[step.chosen] = step.clock;
  ++depth_;
  return true;
}

int Search::ChooseValue(int thread, int count) {
  if (depth_ == split_ && BelongsToAnother()) return kRedundant;
  if (steps_.size() <= depth_) steps_.emplace_back();
  Step& step = steps_[depth_];
  if (depth_ < fixed_) {
    if (step.values != count || step.chosen != thread) {
      diverged_ = true;
      return kRedundant;
    }
  } else {
    NewStep(Only(thread), thread);
    step.backtrack = step.done = Only(thread);
    step.chosen = static_cast<std::int8_t>(thread);
    step.preemptions = depth_ == 0 ? std::int16_t{0} : steps_[depth_ - 1].preemptions;
    step.operation = {};
    step.operation.kind = Kind::kChoice;
    Explore(thread, step.operation);
    step.values = static_cast<std::int8_t>(count);
    step.value = static_cast<std::int8_t>(FirstValue(thread, count));
    if (step.value >= count) {
      diverged_ = true;
      return kRedundant;
    }
  }
  clock_[thread].at[thread]++;
  step.clock = clock_[thread];
  ++depth_;
  return step.value;
}

int Search::FirstValue(int thread, int count) {
  switch (options_.strategy) {
    case Strategy::kRandom:
    case Strategy::kPct:
    case Strategy::kPos:
      return static_cast<int>(Random() % static_cast<std::uint64_t>(count));
    case Strategy::kReplay:
      return depth_ < options_.schedule.size() ? options_.schedule[depth_] : 0;
    case Strategy::kNear:
      if (turn_ >= turns_kept_) return static_cast<int>(Random() % static_cast<std::uint64_t>(count));
      [[fallthrough]];
    case Strategy::kGuided: {
      const Vector<std::uint8_t>& values = options_.guide.values[thread];
      const std::size_t choice = choices_[thread]++;
      return choice < values.size() && values[choice] < count ? values[choice] : 0;
    }
    default:
      return 0;
  }
}

int Search::ChooseNew(const Step& step, ThreadSet preferred) {
  const ThreadSet candidates = step.enabled & ~step.sleep;
  if (candidates == 0) return kRedundant;
  if (options_.strategy == Strategy::kReplay && depth_ < options_.schedule.size()) {
    const int thread = options_.schedule[depth_];
    if (step.enabled >> thread & 1) return thread;
    diverged_ = true;
    return kRedundant;
  }
  const ThreadSet fair = candidates & preferred;
  if (fair == 0 && (preferred & step.sleep) != 0) {
    // Only threads that should give way are left, to others whose part is explored from here on: until something
    // happens that depends on these, this goes on for a while, but not for ever.
    if (++alone_ > kMostAlone) return kUnfair;
  } else {
    alone_ = 0;
  }
  const ThreadSet first = fair != 0 ? fair : candidates & ~step.spinning;
  if (first == 0) return kRedundant;
  return step.running < kMaxThreads && (first >> step.running & 1) ? step.running : Lowest(first);
}

// A thread whose operation was explored from an earlier state sleeps until something that conflicts with it happens.
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

// Finds the earlier steps that `operation` races with: that conflict with it, are not ordered before it by what else
// happened, and could have come later. For each, has the other order explored, unless it will be anyway.
void Search::AddRaces(int thread, const Operation& operation) {
  VectorClock& clock = clock_[thread];
  VectorClock now = clock;
  VectorClock seen = clock;
  if ((operation.reads | operation.changes) != 0 || operation.meets_all) {
    for (std::size_t i = depth_; i-- > 0;) {
      const Step& earlier = steps_[i];
      if (earlier.chosen == thread) {
        if (Covers(earlier.operation, operation)) break;  // What came before conflicted with that one already.
        continue;
      }
      if (!Conflict(earlier.operation, operation)) continue;
      now.Join(earlier.clock);
      if (!Reversible(earlier.operation, operation)) continue;
      const bool is_race = !seen.Covers(earlier.chosen, earlier.clock.at[earlier.chosen]);
      if (is_race && !Reverse(i, thread, operation, now)) continue;
      if (DependsOnOtherReaders(earlier.operation, operation)) continue;  // The others may be in a race with it, too.
      seen.Join(earlier.clock);
      if (Covers(earlier.operation, operation)) break;
    }
  }
  now.at[thread]++;
  clock = now;
}

// After step `earlier`, take those later steps that do not depend on it, then `operation`: any thread that can be the
// first of these (an initial) leads to the reversal of the race. False if none was possible before that step: the
// operation had to wait for something that came earlier still.
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
  if (spins) return true;  // Told as left out when the loop was found to be endless.
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

int Search::ChooseAsGuided(ThreadSet enabled, int running) {
  const Vector<std::uint8_t>& turns = options_.guide.turns;
  while (turn_ < turns.size()) {
    const int thread = turns[turn_++];
    if (enabled >> thread & 1) return thread;
  }
  return running < kMaxThreads && (enabled >> running & 1) ? running : Lowest(enabled);
}

// The accesses that have become steps since are no turns of the guide's: they come when they come.
int Search::ChooseNear(const Candidates& candidates, int running, const Operation* const* pending) {
  const Guide& guide = options_.guide;
  while (turn_ < turns_kept_) {
    const int thread = guide.turns[turn_];
    if (candidates.enabled >> thread & 1) {
      const Operation& next = *pending[thread];
      const bool is_new =
          (next.kind == Kind::kRead || next.kind == Kind::kWrite) && next.address != guide.addresses[turn_];
      turn_ += !is_new;
      return thread;
    }
    ++turn_;
  }
  return ChooseAtRandom(candidates, running, pending);
}

int Search::ChooseAtRandom(const Candidates& candidates, int running, const Operation* const* pending) {
  const ThreadSet fair = candidates.enabled & candidates.preferred;
  const ThreadSet from = fair != 0 ? fair : candidates.enabled;
  if (options_.strategy == Strategy::kRandom || options_.strategy == Strategy::kNear) {
    ThreadSet rest = from;
    int skip = static_cast<int>(Random() % static_cast<std::uint64_t>(std::popcount(rest)));
    while (skip-- > 0) rest &= rest - 1;
    return Lowest(rest);
  }
  longest_ = std::max<std::uint64_t>(longest_, depth_ + 1);
  if (options_.strategy == Strategy::kPos) {
    for (std::uint64_t& priority : priority_) priority = Random();
  } else if (options_.strategy == Strategy::kPct) {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i] == depth_ && running < kMaxThreads) priority_[running] = i;  // Below everyone's first priority.
    }
  }
  int best = Lowest(from);
  for (ThreadSet rest = from; rest != 0; rest &= rest - 1) {
    if (priority_[Lowest(rest)] > priority_[best]) best = Lowest(rest);
  }
  if (options_.strategy == Strategy::kPos) {
    const Operation& taken = *pending[best];
    for (ThreadSet rest = candidates.enabled; rest != 0; rest &= rest - 1) {
      const int thread = Lowest(rest);
      if (thread == best || Conflict(*pending[thread], taken)) priority_[thread] = Random();
    }
  }
  return best;
}

bool Search::Advance() {
  switch (options_.strategy) {
    case Strategy::kReplay:
    case Strategy::kGuided:
      return false;
    case Strategy::kRandom:
    case Strategy::kPct:
    case Strategy::kPos:
    case Strategy::kNear:
      return true;
    default:
      break;
  }
  for (std::size_t length = depth_ + offered_; length > 0; --length) {
    Step& step = steps_[length - 1];
    if (step.value + 1 < step.values) {
      ++step.value;
      Fix(length);
      return true;
    }
    ThreadSet left =
        (options_.strategy == Strategy::kExhaustive ? step.backtrack & ~step.sleep : step.enabled) & ~step.done;
    if (options_.strategy == Strategy::kBounded) {
      const int before = length == 1 ? 0 : steps_[length - 2].preemptions;
      for (ThreadSet rest = left; rest != 0; rest &= rest - 1) {
        if (before + IsPreemption(step, Lowest(rest)) > options_.preemptions) left &= ~Only(Lowest(rest));
      }
    }
    if (left == 0) continue;
    step.chosen = static_cast<std::int8_t>(Lowest(left));
    Fix(length);
    return true;
  }
  return false;
}

// The next execution repeats so many steps.
void Search::Fix(std::size_t length) {
  fixed_ = length;
  explored_kept_ = length < depth_ + offered_ ? steps_[length].explored : explored_.size();
  if (fixed_ <= split_) dealt_ = false;
}

Vector<std::uint8_t> Search::Schedule() const {
  Vector<std::uint8_t> schedule;
  for (std::size_t i = 0; i < depth_; ++i) {
    const Step& step = steps_[i];
    schedule.push_back(static_cast<std::uint8_t>(step.values > 1 ? step.value : step.chosen));
  }
  return schedule;
}

Guide Search::AsGuide() const {
  Guide guide;
  for (std::size_t i = 0; i < depth_; ++i) {
    const Step& step = steps_[i];
    if (step.values > 1) {
      guide.values[step.chosen].push_back(static_cast<std::uint8_t>(step.value));
    } else {
      guide.turns.push_back(static_cast<std::uint8_t>(step.chosen));
      guide.addresses.push_back(step.operation.address);
    }
  }
  return guide;
}

std::uint64_t Search::Random() {  // xorshift64
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return random_;
}

}  // namespace racelab::interleave
