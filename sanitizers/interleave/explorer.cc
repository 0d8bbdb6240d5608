#include "sanitizers/interleave/explorer.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <new>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/campaign.h"
#include "sanitizers/interleave/clock.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/fault.h"
#include "sanitizers/interleave/interceptors/real.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/known_races.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/memory_name.h"
#include "sanitizers/interleave/minimise.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/output.h"
#include "sanitizers/interleave/snapshot.h"

extern "C" void* __libc_stack_end;

namespace racelab::interleave {

void PrepareKeys();  // interceptors/thread.cc
void BeginKeys();
void KeepKeys();
void PrepareThreadNames();  // interceptors/thread_name.cc
bool LibraryIsWanted();     // interceptors/library.cc
void LoadWantedLibrary();

namespace {

// The number of attempts with the forgetful instruction (fibre.h). An execution that is interrupted in each of them is
// run with system calls.
constexpr int kForgetfulAttempts = 3;

// The most telling failures are shown with all their steps, the others only by their schedules.
constexpr std::size_t kMostRecorded = 20;
// For all failures together. The time limit matters only for executions whose steps take unusually long.
constexpr std::uint64_t kStepsToMinimise = 3'000'000;
constexpr double kSecondsToMinimise = 15;

class Explorer {
 public:
  // `frames` is where the callers' frames begin: what an execution changes there is restored, too.
  Explorer(void (*body)(void*), void* argument, char* frames, Exploration& result)
      : body_(body), argument_(argument), frames_(frames), result_(result) {}

  void Run() {
    Begin();
    const double start = Now();
    Campaign campaign({[](void* self, Search& search) { static_cast<Explorer*>(self)->RunOnce(search); }, this},
                      result_);
    campaign.Run();
    effort_.deadline = Now() + kSecondsToMinimise;
    if (options.deadline > 0) effort_.deadline = std::min(effort_.deadline, options.deadline);
    for (std::size_t i = 0; i < std::min(result_.failures.size(), kMostRecorded); ++i) Show(*result_.failures[i]);
    if (result_.failures.empty() && result_.difference != nullptr) Show(*result_.difference);
    result_.seconds = Now() - start;
    Keep(campaign);
    End();
  }

 private:
  void Begin() {
    PrepareThreads();
    MakeApartStorage();
    PrepareKeys();
    PrepareThreadNames();
    FindKnownRaces();
    FindLibraries();
    UsePromoted({});
    execution.max_steps = options.steps;
    execution.left_out = {};
    execution.compare_exchanges.clear();
    execution.fences = false;
    execution.shared_with_libraries = 0;
    mutations.BeginExploration();
    execution.looks_at_accesses_from = mutations.watches_accesses ? 0 : Execution::kQuietBeforeGivingWay;
    execution.recording = nullptr;
    execution.kept = false;
    SaveMainThreadLocals();
    heap_ = arena.state;
    if (auto* end = static_cast<char*>(__libc_stack_end); !options.whole && end > frames_)
      saved_frames_.assign(frames_, end);
    if (!options.show_output) HoldBackOutput();
    BeginKernel();  // It reads which handlers are installed.
    CatchFaults();
    TakeSnapshot(arena.begin, arena.state.next);
  }

  void End() {
    DropSnapshot();
    EndKernel();
    StopCatchingFaults();
  }

  void SetBack() {
    UnlockMemory();
    RestoreSnapshot();
    arena.state = heap_;
    RestoreThreadLocals(0);
    SetBackKernel();
    BeginKeys();
    if (!saved_frames_.empty()) memcpy(frames_, saved_frames_.data(), saved_frames_.size());
  }

  // From now on, all executions begin with the library loaded.
  void LoadLibrary() {
    SetBack();
    DropSnapshot();
    LoadWantedLibrary();
    MakeApartStorage();
    PrepareKeys();
    SaveMainThreadLocals();
    heap_ = arena.state;
    TakeSnapshot(arena.begin, arena.state.next);
  }

  void RunOnce(Search& search) {
    const PointerChange before = pointer_change;
    for (int attempt = 0;; ++attempt) {
      const LeftOut left_out = execution.left_out;
      SetBack();
      if (execution.recording != nullptr) *execution.recording = {};
      execution.Run(search, body_, argument_);
      if (execution.end != ExecutionEnd::kLost) break;
      RestoreLoader();
      execution.left_out = left_out;
      if (LibraryIsWanted()) {
        LoadLibrary();
        --attempt;
      }
      if (attempt == kForgetfulAttempts) pointer_change = PointerChange::kSystemCall;
    }
    pointer_change = before;
    // The user wants to see the execution even if it holds.
    if (options.search.pause && execution.failure.kind == FailureKind::kNone &&
        execution.end == ExecutionEnd::kOfItself)
      execution.failure.kind = FailureKind::kPaused;
  }

  // Finds the failure again with as few preemptions as possible, and records that execution.
  void Show(FoundFailure& found) {
    if (found.failure.kind == FailureKind::kNotDeterministic || found.failure.kind == FailureKind::kCutOff) return;
    // The schedule of a race counts steps as they were before the race's address was promoted.
    UsePromoted(found.promoted);
    if (options.minimise && found.failure.kind != FailureKind::kDataRace && found.failure.kind != FailureKind::kNone &&
        options.search.strategy != Strategy::kReplay && !effort_.IsSpent()) {
      Minimise(found, {[](void* self, Search& search) { static_cast<Explorer*>(self)->RunOnce(search); }, this},
               effort_);
    }
    Search search;
    SearchOptions replay;
    replay.strategy = Strategy::kReplay;
    replay.schedule = found.schedule;
    replay.pause = found.failure.kind == FailureKind::kPaused;
    search.Begin(replay);
    execution.recording = &found.recording;
    execution.known_livelock_at = found.failure.livelock_at;
    RunOnce(search);
    execution.known_livelock_at = 0;
    execution.recording = nullptr;
    if (execution.failure.kind != found.failure.kind) {
      // A mutant may read uninitialised memory. One failure is enough: the tests have noticed the mutant.
      if (options.mutator == Mutator::kNone) found.failure.kind = FailureKind::kNotDeterministic;
    } else {
      found.failure = execution.failure;
      found.threads = execution.count();
    }
    found.recorded = true;
    found.schedule = search.Schedule();
    found.preemptions = search.Preemptions();
  }

  // Runs an execution whose effects stay: the first that ends with a failed expectation, which the report also shows;
  // if there is none, the last one that was explored.
  void Keep(const Campaign& campaign) {
    if (options.whole) {  // No later code could see the effects.
      SetBack();
      return ReleaseOutput();
    }
    const FoundFailure* shown = nullptr;
    for (const FoundFailure* found : result_.failures) {
      if (shown == nullptr && found->failure.kind == FailureKind::kExpectation) shown = found;
    }
    UsePromoted(shown != nullptr ? shown->promoted : campaign.promoted());
    if (shown == nullptr && !result_.failures.empty()) {  // It has no regular end: its effects are discarded.
      SetBack();
      ReleaseOutput();
      return;
    }
    SearchOptions replay;
    replay.strategy = Strategy::kReplay;
    if (shown != nullptr) {
      replay.schedule = shown->schedule;
    } else if (execution.end == ExecutionEnd::kOfItself) {
      replay.schedule = campaign.last().Schedule();
    }
    Search search;
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
  Effort effort_ = {kStepsToMinimise};  // to minimise all failures
};

}  // namespace

Vector<char> FormatSchedule(const FoundFailure& found) {
  Vector<char> text;
  AppendMemoryNames(found.promoted, text);
  if (!text.empty()) text.push_back(':');
  for (const std::uint8_t digit : found.schedule) text.push_back(kDigits[digit]);
  text.push_back('\0');
  return text;
}

void FailExpectation(const char* message) { execution.Fail(FailureKind::kExpectation, "%s", message); }

[[gnu::noinline]] Exploration& Explore(const char* name, void (*body)(void*), void* argument) {
  auto* exploration = new (AllocateRuntimeMemory(sizeof(Exploration))) Exploration;
  exploration->name = name;
  auto* callers = static_cast<char*>(__builtin_frame_address(0)) + 2 * sizeof(void*);
  Explorer(body, argument, callers, *exploration).Run();  // Its frame lies below the frames that are restored.
  return *exploration;
}

}  // namespace racelab::interleave
