// The choices of the searches that follow a guide or choose at random; these do not record the explored steps.

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/search.h"

namespace racelab::interleave {

int Search::ChooseAsGuided(ThreadSet enabled, int running) {
  const Vector<std::uint8_t>& turns = options_.guide.turns;
  while (turn_ < turns.size()) {
    const int thread = turns[turn_++];
    if (enabled >> thread & 1) return thread;
  }
  return running < kMaxThreads && (enabled >> running & 1) ? running : Lowest(enabled);
}

// The guide has no turns for accesses that were promoted after it was recorded, so they may come at any point.
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
  if (options_.strategy == Strategy::kPct) {
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (changes_[i] == depth_ && running < kMaxThreads) priority_[running] = i;  // Below all initial priorities.
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

std::uint64_t Search::Random() {  // xorshift64
  random_ ^= random_ << 13;
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  return random_;
}

}  // namespace racelab::interleave
