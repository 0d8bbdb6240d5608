#include "sanitizers/interleave/search.h"

#include <algorithm>
#include <bit>

namespace racelab::interleave {
namespace {

// The number of steps of a thread that should have given way to threads whose part is already explored.
constexpr std::uint64_t kMostAlone = 2000;
// Distances from a data race: from the last 2 steps to the last 256.
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
  random_at_begin_ = options.seed * 0x9E3779B97F4A7C15u + 1;
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
  random_ = random_at_begin_;
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
    // The number of changes that a bug needs is unknown, so it is drawn from 1 to twice the requested number minus one.
    const int most = std::max(2 * options_.priority_changes - 1, 1);
    const int changes = 1 + static_cast<int>(Random() % static_cast<std::uint64_t>(most));
    for (int i = 0; i < changes; ++i) changes_.push_back(Random() % longest_);
  }
}

// At the end of the shared steps: the first execution of each branch assigns the branch to a process.
bool Search::BelongsToAnother() {
  if (split_ == 0) return false;
  if (!dealt_) mine_ = branches_++ % options_.shards == options_.shard;
  dealt_ = true;
  return !mine_;
}

bool Search::IsMine() {
  BelongsToAnother();  // An execution that ended before it reached its branch.
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
  if (depth_ == split_ && BelongsToAnother()) return kSleepSetBlocked;
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
      return kSleepSetBlocked;
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
      clock_[chosen] = step.clock;  // It was computed when this step was first taken.
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
  if (depth_ == split_ && BelongsToAnother()) return kSleepSetBlocked;
  if (steps_.size() <= depth_) steps_.emplace_back();
  Step& step = steps_[depth_];
  if (depth_ < fixed_) {
    if (step.values != count || step.chosen != thread) {
      diverged_ = true;
      return kSleepSetBlocked;
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
      return kSleepSetBlocked;
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
  if (candidates == 0) return kSleepSetBlocked;
  if (options_.strategy == Strategy::kReplay && depth_ < options_.schedule.size()) {
    const int thread = options_.schedule[depth_];
    if (step.enabled >> thread & 1) return thread;
    diverged_ = true;
    return kSleepSetBlocked;
  }
  if (options_.pause && std::popcount(candidates) > 1) return kPaused;
  const ThreadSet fair = candidates & preferred;
  if (fair == 0 && (preferred & step.sleep) != 0) {
    // All remaining threads should give way to threads whose part is already explored. They may continue until a step
    // depends on those threads, but not forever.
    if (++alone_ > kMostAlone) return kUnfair;
  } else {
    alone_ = 0;
  }
  const ThreadSet first = fair != 0 ? fair : candidates & ~step.spinning;
  if (first == 0) return kSleepSetBlocked;
  return step.running < kMaxThreads && (first >> step.running & 1) ? step.running : Lowest(first);
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
      random_at_begin_ = random_;
      longest_ = std::max<std::uint64_t>(longest_, depth_);
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

// The next execution repeats this many steps.
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

}  // namespace racelab::interleave
