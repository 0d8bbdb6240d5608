#include "sanitizers/interleave/explorer.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/clock.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fault.h"
#include "sanitizers/interleave/interceptors/real.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/minimise.h"
#include "sanitizers/interleave/output.h"
#include "sanitizers/interleave/snapshot.h"

extern "C" void* __libc_stack_end;

namespace racelab::interleave {

void PrepareKeys();  // interceptors/thread.cc
void BeginKeys();
void KeepKeys();
bool LibraryIsWanted();  // interceptors/library.cc
void LoadWantedLibrary();

namespace {

// After a data race: how long to look for what it leads to.
constexpr std::uint64_t kExecutionsForConsequence = 100'000;
constexpr double kSecondsForConsequence = 1;

// An execution that is so long that its thread is interrupted again and again is run the slow way.
constexpr int kForgetfulAttempts = 3;

constexpr std::size_t kMostFailures = 20;

// The share of the time that the exhaustive search gets. If it has not come to its end by then, the rest is for the
// interleavings with few preemptions: of these, all can be run (Musuvathi, Qadeer: "Iterative Context Bounding for
// Systematic Testing of Multithreaded Programs", PLDI 2007).
constexpr double kShareOfExhaustive = 0.6;

class Explorer {
 public:
  // `frames` is where the frames of the callers begin: what an execution changes there is set back too.
  Explorer(void (*body)(void*), void* argument, char* frames, Exploration& result)
      : body_(body), argument_(argument), frames_(frames), result_(result) {}

  void Run() {
    Begin();
    const double start = Now();
    Search search;
    SearchAll(search);
    for (FoundFailure* found : result_.failures) Show(*found);
    result_.seconds = Now() - start;
    Keep(search);
    End();
  }

 private:
  void Begin() {
    PrepareThreads();
    PrepareKeys();
    UsePromoted({});
    execution.max_steps = options.steps;
    execution.collapsed = execution.skipped_timeouts = false;
    execution.recording = nullptr;
    execution.kept = false;
    SaveMainThreadLocals();
    heap_ = arena.state;
    if (auto* end = static_cast<char*>(__libc_stack_end); !options.whole && end > frames_)
      saved_frames_.assign(frames_, end);
    if (!options.show_output) HoldBackOutput();
    CatchFaults();
    BeginKernel();
    TakeSnapshot(arena.begin, arena.state.next);
  }

  void End() {
    DropSnapshot();
    EndKernel();
    StopCatchingFaults();
  }

  void SetBack() {
    RestoreSnapshot();
    arena.state = heap_;
    RestoreThreadLocals(0);
    SetBackKernel();
    BeginKeys();
    if (!saved_frames_.empty()) memcpy(frames_, saved_frames_.data(), saved_frames_.size());
  }

  // Executions begin with it from now on.
  void LoadLibrary() {
    SetBack();
    DropSnapshot();
    LoadWantedLibrary();
    PrepareKeys();
    SaveMainThreadLocals();
    heap_ = arena.state;
    TakeSnapshot(arena.begin, arena.state.next);
  }

  void RunOnce(Search& search) {
    const PointerChange before = pointer_change;
    for (int attempt = 0;; ++attempt) {
      SetBack();
      if (execution.recording != nullptr) *execution.recording = {};
      execution.Run(search, body_, argument_);
      if (!execution.lost) break;
      if (LibraryIsWanted()) {
        LoadLibrary();
        --attempt;
      }
      if (attempt == kForgetfulAttempts) pointer_change = PointerChange::kSystemCall;
    }
    pointer_change = before;
  }

  // Explores, and notes failures. A data race makes its addresses scheduling points and begins anew: only then can the
  // search show what comes of it.
  void SearchAll(Search& search) {
    if (options.search.strategy == Strategy::kReplay) FindRaces(search);
    const bool exhaustive = options.search.strategy == Strategy::kExhaustive;
    const double start = Now();
    Exhaust(search, options.seconds > 0 ? start + options.seconds * (exhaustive ? kShareOfExhaustive : 1) : 0);
    if (exhaustive && !result_.complete && result_.failures.empty() && options.seconds > 0)
      Cover(search, start + options.seconds);
    result_.collapsed = execution.collapsed;
    result_.skipped_timeouts = execution.skipped_timeouts;
  }

  void Exhaust(Search& search, double limit) {
    search.Begin(options.search);
    std::uint64_t runs = 0, most_runs = options.executions;
    for (;;) {
      RunOnce(search);
      ++runs;
      result_.steps += execution.steps();
      result_.most_threads = std::max<std::uint64_t>(result_.most_threads, execution.count());
      const bool mine = search.IsMine();
      if (!mine) {
        // Another process counts it.
      } else if (execution.redundant) {
        ++result_.redundant;
      } else {
        ++result_.executions;
        if (options.outcomes && execution.failure.kind == FailureKind::kNone) CountOutcome(execution.exit_code);
      }
      const Failure& failure = execution.failure;
      if (failure.kind == FailureKind::kDataRace) {
        const bool first = result_.failures.empty();
        Note(search);
        Promote(failure);
        if (options.search.strategy == Strategy::kReplay) break;
        if (first && !options.all) {
          most_runs = std::min(most_runs == 0 ? UINT64_MAX : most_runs, runs + kExecutionsForConsequence);
          limit = std::min(limit == 0 ? 1e300 : limit, Now() + kSecondsForConsequence);
        }
        result_.executions = result_.redundant = 0;
        result_.outcomes.clear();
        search.Begin(options.search);
        continue;
      }
      if (failure.kind != FailureKind::kNone && mine) {
        ++result_.failing;
        Note(search);
        if (!options.all || failure.kind == FailureKind::kNotDeterministic) break;
      }
      if (most_runs != 0 && runs >= most_runs) break;
      if (limit != 0 && runs % 64 == 0 && Now() > limit) break;
      if (!search.Advance()) {
        result_.complete = true;
        break;
      }
    }
  }

  // All interleavings without a preemption, all with at most one, and so on while there is time.
  void Cover(Search& search, double limit) {
    SearchOptions bounded = options.search;
    bounded.strategy = Strategy::kBounded;
    for (bounded.preemptions = 0;; ++bounded.preemptions) {
      search.Begin(bounded);
      do {
        RunOnce(search);
        const bool mine = search.IsMine();
        if (execution.failure.kind != FailureKind::kNone && mine) {
          ++result_.failing;
          Note(search);
          return;
        }
        if (Now() > limit) return;
      } while (search.Advance());
      result_.preemptions_covered = bounded.preemptions;
    }
  }

  // Before a replay: as many races as had been found when the schedule was, in the order of the exhaustive search.
  void FindRaces(Search& search) {
    search.Begin({});
    while (promoted_.size() < options.search.races) {
      RunOnce(search);
      if (execution.failure.kind == FailureKind::kDataRace) {
        Promote(execution.failure);
        search.Begin({});
      } else if (!search.Advance()) {
        return;
      }
    }
  }

  void CountOutcome(int exit_code) {
    for (Outcome& outcome : result_.outcomes) {
      if (outcome.exit_code != exit_code) continue;
      ++outcome.executions;
      return;
    }
    result_.outcomes.push_back({exit_code, 1});
  }

  static bool Same(const Failure& a, const Failure& b) {
    return a.kind == b.kind && strcmp(a.message, b.message) == 0 &&
           (a.kind != FailureKind::kDataRace || (a.race.earlier.pc == b.race.earlier.pc && a.later.pc == b.later.pc));
  }

  void Note(const Search& search) {
    for (FoundFailure* found : result_.failures) {
      if (!Same(found->failure, execution.failure)) continue;
      ++found->occurrences;
      return;
    }
    if (result_.failures.size() == kMostFailures) return;
    auto* found = new (AllocateRuntimeMemory(sizeof(FoundFailure))) FoundFailure;
    found->failure = execution.failure;
    found->executions = result_.executions;
    found->promoted = promoted_;
    found->schedule = search.Schedule();
    result_.failures.push_back(found);
  }

  void Promote(const Failure& failure) {
    promoted_.push_back(failure.race.address);
    UsePromoted(promoted_);
  }

  static void UsePromoted(const Vector<std::uintptr_t>& addresses) {
    execution.promoted.Forget();
    for (const std::uintptr_t address : addresses) execution.promoted[address] = true;
  }

  // Finds the failure again with as few preemptions as can be, and records that execution.
  void Show(FoundFailure& found) {
    if (found.failure.kind == FailureKind::kNotDeterministic) return;
    // A race was found while its address was no scheduling point yet, and its schedule counts steps as they were then.
    UsePromoted(found.promoted);
    if (options.minimise && found.failure.kind != FailureKind::kDataRace &&
        options.search.strategy != Strategy::kReplay) {
      Minimise(found, {[](void* self, Search& search) { static_cast<Explorer*>(self)->RunOnce(search); }, this});
    }
    Search search;
    SearchOptions replay;
    replay.strategy = Strategy::kReplay;
    replay.schedule = found.schedule;
    search.Begin(replay);
    execution.recording = &found.recording;
    RunOnce(search);
    execution.recording = nullptr;
    if (execution.failure.kind != found.failure.kind) {
      found.failure.kind = FailureKind::kNotDeterministic;
    } else {
      found.failure = execution.failure;
      found.threads = execution.count();
    }
    found.schedule = search.Schedule();
  }

  // Runs an execution whose effects stay: the first failure's, if it reaches its end with a failed expectation, else
  // the last one's.
  void Keep(Search& search) {
    const FoundFailure* shown = nullptr;
    for (const FoundFailure* found : result_.failures) {
      if (found->failure.kind == FailureKind::kExpectation) shown = found;
    }
    UsePromoted(promoted_);
    if (shown == nullptr && !result_.failures.empty()) {  // It has no end. What the program did is not to be believed.
      SetBack();
      ReleaseOutput();
      return;
    }
    SearchOptions replay;
    replay.strategy = Strategy::kReplay;
    if (shown != nullptr) {
      replay.schedule = shown->schedule;
    } else if (!execution.redundant) {
      replay.schedule = search.Schedule();
    }
    search.Begin(replay);
    SetBack();
    ReleaseOutput();
    execution.kept = true;  // It cannot be run again.
    const PointerChange before = pointer_change;
    if (before == PointerChange::kForgetfulInstruction) pointer_change = PointerChange::kSystemCall;
    execution.Run(search, body_, argument_);
    pointer_change = before;
    execution.kept = false;
    KeepKeys();
  }

  void (*body_)(void*);
  void* argument_;
  char* frames_;
  Exploration& result_;
  Arena::State heap_;
  Vector<char> saved_frames_;
  Vector<std::uintptr_t> promoted_;
};

}  // namespace

void FormatSchedule(const FoundFailure& found, char* text, std::size_t size) {
  std::size_t length = 0;
  text[0] = '\0';
  if (!found.promoted.empty()) {
    length = std::min<std::size_t>(size - 1, snprintf(text, size, "%zu:", found.promoted.size()));
  }
  for (std::size_t i = 0; i < found.schedule.size() && length + 1 < size; ++i)
    text[length++] = "0123456789abcdef"[found.schedule[i]];
  text[length] = '\0';
}

void FailExpectation(const char* message) { execution.Fail(FailureKind::kExpectation, "%s", message); }

[[gnu::noinline]] Exploration& Explore(const char* name, void (*body)(void*), void* argument) {
  auto* exploration = new (AllocateRuntimeMemory(sizeof(Exploration))) Exploration;
  exploration->name = name;
  auto* callers = static_cast<char*>(__builtin_frame_address(0)) + 2 * sizeof(void*);
  Explorer(body, argument, callers, *exploration).Run();  // Below the frames that are set back.
  return *exploration;
}

}  // namespace racelab::interleave
