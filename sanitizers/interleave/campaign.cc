#include "sanitizers/interleave/campaign.h"

#include <stdio.h>
#include <string.h>

#include <algorithm>
#include <new>

#include "sanitizers/interleave/clock.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/memory_name.h"
#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

// The exhaustive search's turns double, because it can finish most programs. The other searches get small shares of
// each turn, until the exhaustive search has run for so long that it is unlikely to finish. Long executions end a turn
// early.
constexpr std::uint64_t kFirstTurn = 20'000;
constexpr std::uint64_t kSmallPart = 128, kLargePart = 3;
constexpr std::uint64_t kStepsEach = 200;
constexpr std::uint64_t kLongExecutions = 400'000, kLongSteps = 12'000'000;
constexpr std::uint64_t kTurn = 2'000;  // Once a failure has been found.

// The number of further executions after a failure that may hide a more telling one. Published techniques are compared
// by the bugs that they find in 100,000 executions (Thomson, Donaldson, Betts: "Concurrency Testing Using Controlled
// Schedulers: An Empirical Study", TOPC 2016).
constexpr std::uint64_t kExecutionsForConsequence = 100'000;
constexpr std::uint64_t kExecutionsForAnything = 1'000;  // If nothing but an unsupported call has been found.

constexpr double kSecondsBetweenChecks = 0.005;
constexpr std::uint64_t kStepsBetweenChecks = 50'000;
constexpr std::size_t kMostFailures = 1000;
constexpr std::uint64_t kExecutionsWithFreshBlocks = 50;
constexpr std::uint64_t kStepsWithFreshBlocks = 100'000;
constexpr std::uint64_t kPartWithFreshBlocks = 8, kMostWithFreshBlocks = 5'000;  // At the end of the search.
constexpr std::uint64_t kLooksForStalePointers = 2'000;                          // Per exploration: they are slow.
constexpr int kMostLooksForLivelock = 3;
constexpr double kShareOfSearch = 0.9;  // Of the time until the report must be written.
constexpr double kGrace = 0.05;         // How much later a running execution may still finish.

// How telling a failure is: failures that the program itself reports come before their possible causes.
int Rank(FailureKind kind) {
  switch (kind) {
    case FailureKind::kExpectation:
    case FailureKind::kAbort:
    case FailureKind::kUncaughtException:
    case FailureKind::kCrash:
      return 0;
    case FailureKind::kDataRace:
      return 2;
    case FailureKind::kThreadLeak:
      return 3;
    case FailureKind::kExit:
      return 4;
    case FailureKind::kUnsupported:
    case FailureKind::kCutOff:
    case FailureKind::kPaused:
    case FailureKind::kNotDeterministic:
      return 5;
    default:
      return 1;
  }
}

// By all explorations of this process.
double g_seconds_taken = 0;

// Among failures of equal rank, the first one found comes first. (The standard library's algorithm would allocate.)
void SortByRank(Vector<FoundFailure*>& failures) {
  for (std::size_t i = 1; i < failures.size(); ++i) {
    for (std::size_t k = i; k > 0 && Rank(failures[k]->failure.kind) < Rank(failures[k - 1]->failure.kind); --k)
      std::swap(failures[k], failures[k - 1]);
  }
}

}  // namespace

void UsePromoted(const Vector<std::uintptr_t>& promoted) {
  execution.promoted.Forget();
  for (const std::uintptr_t memory : promoted) {
    bool& in_race = execution.promoted[memory & ~std::uintptr_t{1}];
    in_race |= memory % 2 == 0;  // Otherwise ExpectedAt().
  }
  execution.only_fresh_blocks = execution.promoted.Find(kOnlyFreshBlocks) != nullptr;
  UseLibraryCalls(execution.promoted.Find(kLibraryCalls) != nullptr);
}

void Campaign::Run() {
  const double start = Now();
  last_check_ = start;
  limit_ = options.seconds > 0 ? start + options.SecondsAfter(g_seconds_taken) : 0;
  if (options.deadline > 0) {
    const double limit = start + (options.deadline - start) * kShareOfSearch;
    limit_ = limit_ == 0 ? limit : std::min(limit_, limit);
  }
  // An execution that is running when the search's time is up may continue as long as the report can still be written
  // in time.
  const double last = options.deadline > 0 ? start + (options.deadline - start) * kShareOfSearch : limit_;
  execution.cut_off_at = last == 0 ? 0 : last + (last - start) * kGrace;
  most_runs_ = options.executions;
  AddMember(options.search);
  const bool exhaustive = options.search.strategy == Strategy::kExhaustive;
  if (exhaustive) {
    SearchOptions other = options.search;
    other.seed += other.shard;
    other.strategy = Strategy::kBounded;
    other.preemptions = 0;
    AddMember(other);
    other.strategy = Strategy::kPos;
    AddMember(other);
    other.strategy = Strategy::kPct;
    AddMember(other);
    other.strategy = Strategy::kRandom;
    AddMember(other);
  }
  const char* names = options.search.promoted;
  if (!ParseMemoryNames(names, names + strlen(names), promoted_)) Fatal("'%s' names no memory of this program", names);
  UsePromoted(promoted_);
  const bool searches = options.search.strategy != Strategy::kReplay;
  execution.looks_for_stale_pointers = searches ? kLooksForStalePointers : 0;
  execution.looks_for_livelock_from = searches ? Execution::kNoStep : kFirstStepOfLivelock;
  execution.reuses_freed_blocks = false;
  BeginAll();
  std::uint64_t turn = kFirstTurn;  // Of the exhaustive search.
  for (std::size_t i = 0;; i = (i + 1) % members_.size()) {
    const bool takes_long = runs_ > kLongExecutions || result_.steps > kLongSteps;
    const std::uint64_t executions = !result_.failures.empty() ? kTurn
                                     : i == 0                  ? turn
                                                               : turn / (takes_long ? kLargePart : kSmallPart);
    if (RunTurn(*members_[i], executions) == Next::kStop) break;
    if (i + 1 == members_.size() && result_.failures.empty() && !takes_long) turn *= 2;
  }
  for (Member* member : members_) {
    if (member->options.strategy == Strategy::kBounded)
      result_.preemptions_covered = result_.searches[member->done].preemptions;
  }
  execution.looks_for_stale_pointers = 0;
  g_seconds_taken += Now() - start;
  NoteIfNothingWasRun();
  NoteIfScheduleDoesNotFit();
  SortByRank(result_.failures);
  result_.left_out = execution.left_out;
  result_.fences = execution.fences;
  result_.compare_exchanges = execution.compare_exchanges;
}

Campaign::Member& Campaign::AddMember(const SearchOptions& options) {
  auto* member = new (AllocateRuntimeMemory(sizeof(Member))) Member;
  member->options = options;
  member->done = result_.searches.size();
  result_.searches.push_back({options.strategy, 0, -1, options.seed});
  members_.push_back(member);
  return *member;
}

// Discards all explored executions, because other accesses were steps in them.
void Campaign::BeginAll() {
  for (Member* member : members_) {
    if (member->options.strategy == Strategy::kBounded && members_.size() > 1) member->options.preemptions = 0;
    member->search.Begin(member->options);
    SearchDone& done = result_.searches[member->done];
    done.executions = 0;
    done.preemptions = -1;
  }
  result_.executions = result_.sleep_set_blocked = 0;
  result_.outcomes.clear();
}

Campaign::Next Campaign::RunTurn(Member& member, std::uint64_t executions) {
  const std::uint64_t last_step = result_.steps + executions * kStepsEach;
  for (std::uint64_t i = 0; i < executions && result_.steps < last_step; ++i) {
    if (const Next next = RunOnce(member); next != Next::kGoOn) return next;
  }
  return Next::kTurnOver;
}

Campaign::Next Campaign::RunOnce(Member& member) {
  last_ = &member.search;
  run_(member.search);
  if (execution.end == ExecutionEnd::kOutgrown) {
    VectorClock::Widen();
    BeginAll();
    return Next::kGoOn;  // This member keeps its turn: the executions may suffice for one search only.
  }
  if (execution.end == ExecutionEnd::kWantsSteps) {
    promoted_.push_back(execution.wanted_steps);
    UsePromoted(promoted_);
    BeginAll();
    return Next::kGoOn;
  }
  // Processes that share a search must agree on which accesses are steps.
  if (member.options.shards > 1 && LibrariesMayWait() && SearchLibraryCalls()) return Next::kTurnOver;
  ++runs_;
  result_.steps += execution.steps();
  result_.most_threads = std::max<std::uint64_t>(result_.most_threads, execution.count());
  const bool mine = member.search.IsMine();
  const bool exhaustive = &member == members_[0];
  if (mine && execution.end == ExecutionEnd::kSleepSetBlocked) {
    ++result_.sleep_set_blocked;
  } else if (mine && execution.end == ExecutionEnd::kOfItself) {
    ++result_.searches[member.done].executions;
    result_.executions += exhaustive;
    // A thread that continues after the end may fail too late to change the exit code.
    if (exhaustive && options.outcomes &&
        (execution.failure.kind == FailureKind::kNone || execution.process_has_ended()))
      CountOutcome(execution.exit_code);
  }
  if (mutations.applied()) NoteMutation(member.search);
  if (execution.failure.kind != FailureKind::kNone && (mine || execution.failure.kind == FailureKind::kDataRace)) {
    if (const Next next = AfterFailure(member.search); next != Next::kGoOn) return next;
  }
  const bool is_endless = execution.end == ExecutionEnd::kBounded && execution.steps() > execution.max_steps;
  if (is_endless && looks_for_livelock_++ < kMostLooksForLivelock && !IsTimeUp()) {
    if (const Next next = LookForLivelock(member.search); next != Next::kGoOn) return next;
    last_ = &member.search;
  }
  if (execution.reuses_freed_blocks && !looked_behind_reuse_) {
    looked_behind_reuse_ = true;
    if (const Next next = LookBehindReuse(kExecutionsWithFreshBlocks, kStepsWithFreshBlocks); next != Next::kGoOn)
      return next;
    last_ = &member.search;
  }
  if (most_runs_ != 0 && runs_ >= most_runs_) return Next::kStop;
  if (IsTimeUp()) return Next::kStop;
  return Advance(member);
}

Campaign::Next Campaign::AfterFailure(const Search& search) {
  const FailureKind kind = execution.failure.kind;
  const bool first = result_.failures.empty();
  ++result_.failing;
  Note(search);
  if (options.search.strategy == Strategy::kReplay || kind == FailureKind::kNotDeterministic ||
      kind == FailureKind::kCutOff)
    return Next::kStop;
  if (options.first && !CannotTell(kind)) return Next::kStop;
  if (!options.all) {
    if (!IsWeak(kind) && !CannotTell(kind)) return Next::kStop;
    if (first) {
      const std::uint64_t most = runs_ + (CannotTell(kind) ? kExecutionsForAnything : kExecutionsForConsequence);
      most_runs_ = most_runs_ == 0 ? most : std::min(most_runs_, most);
    }
  }
  if (kind != FailureKind::kDataRace) return Next::kGoOn;
  SearchNear(search);
  Promote(execution.failure.race);
  return most_runs_ != 0 && runs_ >= most_runs_ ? Next::kStop : Next::kTurnOver;
}

// Prepares the member's next execution.
Campaign::Next Campaign::Advance(Member& member) {
  if (member.search.Advance()) return Next::kGoOn;
  SearchDone& done = result_.searches[member.done];
  if (&member != members_[0] && member.options.strategy == Strategy::kBounded) {
    done.preemptions = member.options.preemptions++;
    member.search.Begin(member.options);
    return Next::kGoOn;
  }
  if (&member == members_[0] && LibrariesMayWait() && SearchLibraryCalls()) return Next::kTurnOver;
  if (execution.reuses_freed_blocks && result_.failures.empty())
    LookBehindReuse(std::min(runs_ / kPartWithFreshBlocks, kMostWithFreshBlocks), result_.steps / kPartWithFreshBlocks);
  result_.complete = true;
  return Next::kStop;
}

void Campaign::Note(const Search& search) {
  for (FoundFailure* found : result_.failures) {
    if (!SameFailure(found->failure, execution.failure)) continue;
    ++found->occurrences;
    return;
  }
  if (result_.failures.size() == kMostFailures) return;
  auto* found = new (AllocateRuntimeMemory(sizeof(FoundFailure))) FoundFailure;
  found->failure = execution.failure;
  found->executions = runs_;
  found->promoted = promoted_;
  found->schedule = search.Schedule();
  found->threads = execution.count();
  result_.failures.push_back(found);
}

void Campaign::NoteMutation(const Search& search) {
  ++result_.mutated;
  if (!mutations.differs() || execution.end != ExecutionEnd::kOfItself) return;
  FoundFailure*& shortest = result_.difference;
  if (shortest == nullptr) shortest = new (AllocateRuntimeMemory(sizeof(FoundFailure))) FoundFailure;
  ++shortest->occurrences;
  const Vector<std::uint8_t> schedule = search.Schedule();
  if (!shortest->schedule.empty() && shortest->schedule.size() <= schedule.size()) return;
  shortest->executions = runs_;
  shortest->promoted = promoted_;
  shortest->schedule = schedule;
  shortest->threads = execution.count();
}

// Reports a schedule that is longer than the execution, because it belongs to another program. (A test may have several
// scenarios, only one of which the schedule fits.)
void Campaign::NoteIfScheduleDoesNotFit() {
  const bool replays = options.whole && options.search.strategy == Strategy::kReplay;
  if (!replays || !result_.failures.empty() || !members_[0]->search.HasStepsLeft()) return;
  execution.failure.kind = FailureKind::kNotDeterministic;
  snprintf(execution.failure.message, sizeof execution.failure.message,
           "the program ended before the end of the schedule");
  Note(members_[0]->search);
}

// Reports if no execution was run, because then nothing has been verified.
void Campaign::NoteIfNothingWasRun() {
  if (!result_.failures.empty() || result_.executions > 0) return;
  if (members_[0]->options.shards > 1) return;  // The other processes may have run something.
  execution.failure.kind = FailureKind::kCutOff;
  if (execution.left_out.cut_at_steps > 0) {
    snprintf(execution.failure.message, sizeof execution.failure.message, "no execution ended within %llu steps",
             static_cast<unsigned long long>(execution.max_steps));
  } else {
    snprintf(execution.failure.message, sizeof execution.failure.message, "no execution ended in the available time");
  }
  Note(members_[0]->search);
}

void Campaign::Promote(const HappensBefore::Race& race) {
  for (std::size_t i = 0; i < race.granules; ++i) promoted_.push_back(race.address + 8 * i);
  UsePromoted(promoted_);
  BeginAll();
}

void Campaign::CountOutcome(int exit_code) {
  for (Outcome& outcome : result_.outcomes) {
    if (outcome.exit_code != exit_code) continue;
    ++outcome.executions;
    return;
  }
  result_.outcomes.push_back({exit_code, 1});
}

// Reads the clock about every 5 ms: reading it takes as long as a short execution.
bool Campaign::IsTimeUp() {
  const bool is_long = result_.steps - steps_at_check_ > kStepsBetweenChecks;  // Executions may become longer.
  if (limit_ == 0 || (runs_ < next_check_ && !is_long)) return false;
  steps_at_check_ = result_.steps;
  const double now = Now();
  const double each = (now - last_check_) / static_cast<double>(runs_ - runs_at_check_);
  last_check_ = now;
  runs_at_check_ = runs_;
  next_check_ = runs_ + static_cast<std::uint64_t>(std::clamp(kSecondsBetweenChecks / each, 1.0, 64.0));
  return now > limit_;
}

}  // namespace racelab::interleave
