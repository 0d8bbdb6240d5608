// The searches that a campaign makes besides its members: those that the result of one execution prompts.

#include <algorithm>

#include "sanitizers/interleave/campaign.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {

// A data race may be rarely reached, and worse failures may follow it: searches near it for its consequences.
void Campaign::SearchNear(const Search& search) {
  if (members_.size() == 1) return;  // The user asked for one search only.
  SearchOptions near;
  near.strategy = Strategy::kNear;
  near.guide = search.AsGuide();
  near.seed = options.search.seed + options.search.shard;
  if (near_ == nullptr) {
    near_ = &AddMember(near);
  } else {
    near_->options = near;
  }
}

// An execution has reached the limit of steps: runs it once more, to detect whether it would continue forever.
Campaign::Next Campaign::LookForLivelock(const Search& endless) {
  const LeftOut left_out = execution.left_out;
  SearchOptions again;
  again.strategy = Strategy::kReplay;
  again.schedule = endless.Schedule();
  Search replay;
  replay.Begin(again);
  execution.looks_for_livelock_from = kFirstStepOfLivelock;
  run_(replay);
  if (execution.failure.kind == FailureKind::kNoProgress) return AfterFailure(replay);
  execution.looks_for_livelock_from = Execution::kNoStep;
  execution.left_out = left_out;
  return Next::kGoOn;
}

// A reused block hides pointers to its old content, and a program may rely on the reuse. Runs some executions, of at
// most `steps` steps together, in which no block is reused.
Campaign::Next Campaign::LookBehindReuse(std::uint64_t executions, std::uint64_t steps) {
  if (!options.addresses || options.search.strategy != Strategy::kExhaustive || options.search.shard != 0)
    return Next::kGoOn;
  if (most_runs_ != 0) executions = std::min(executions, most_runs_);
  const LeftOut left_out = execution.left_out;
  promoted_.push_back(kOnlyFreshBlocks);
  UsePromoted(promoted_);
  SearchOptions at_random;
  at_random.strategy = Strategy::kPos;
  at_random.seed = options.search.seed;
  Search look;
  look.Begin(at_random);
  Next next = Next::kGoOn;
  for (std::uint64_t i = 0, done = 0; i < executions && done < steps && next == Next::kGoOn; ++i) {
    run_(look);
    done += execution.steps() + 1;
    if (execution.end == ExecutionEnd::kOutgrown || execution.end == ExecutionEnd::kWantsSteps) break;
    const FailureKind kind = execution.failure.kind;
    if (kind != FailureKind::kNone && !IsWeak(kind) && !CannotTell(kind) && kind != FailureKind::kCutOff &&
        kind != FailureKind::kNotDeterministic)
      next = AfterFailure(look);
    if (IsTimeUp() || !look.Advance()) break;
  }
  promoted_.pop_back();
  UsePromoted(promoted_);
  execution.left_out = left_out;
  return next;
}

// Starts the search again with calls of uninstrumented libraries as steps. False if they were steps already, or cannot
// become steps.
bool Campaign::SearchLibraryCalls() {
  const bool exhaustive = options.search.strategy == Strategy::kExhaustive;
  if (execution.library_calls_are_steps || !exhaustive || !result_.failures.empty()) return false;
  promoted_.push_back(kLibraryCalls);
  UsePromoted(promoted_);
  BeginAll();
  return true;
}

}  // namespace racelab::interleave
