#ifndef RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <unwind.h>

#include <cstdint>

#include "sanitizers/interleave/failure.h"
#include "sanitizers/interleave/fibre.h"
#include "sanitizers/interleave/happens_before.h"
#include "sanitizers/interleave/model/expected_races.h"
#include "sanitizers/interleave/model/primitives.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/search.h"
#include "sanitizers/interleave/spin_watch.h"
#include "sanitizers/interleave/system_memory.h"
#include "sanitizers/interleave/thread.h"

namespace racelab::interleave {

inline constexpr int kMostValues = kMaxThreads;  // Values of one choice, which is one digit of the schedule.

// The running execution: its threads, what they wait for, and whose turn it is. The running thread calls the functions
// below from the interceptors, the functions that replace the sanitizer's and the C library's.
class Execution : public Primitives {
 public:
  // True while code of the program runs under control. While it is true, the caller of an interceptor is the thread in
  // slot `current`.
  bool live = false;
  int current = 0;

  // Runs `body(argument)` as thread 0, and everything that it starts, to the end. After that, `failure` and `end` hold
  // the result.
  void Run(Search& search, void (*body)(void*), void* argument);

  // Called before the running thread does `operation`: lets the search choose the next thread. Returns when it is this
  // thread's turn and the operation is possible (the mutex is free, the thread to join has ended).
  void Step(const Operation& operation) {
    if (me().announcing > 0) return;  // A condition is being evaluated within the announced step, under its mutex.
    me().pending = operation;         // Inline: the operation is built in place.
    DoPending();
  }

  // The running thread, which the caller has put into a queue, sleeps until Wake() is called, virtual time reaches
  // `wakes_at` or, if `may_wake_up`, it wakes without cause. `timeout` is its operation when the time is up; its pc and
  // address also tell the report where, and on which object, the thread sleeps.
  enum class WokenBy { kThread, kTime, kNothing };
  WokenBy Sleep(std::int64_t wakes_at, const Operation& timeout, bool may_wake_up = false);
  // Wakes a thread that sleeps in the queue at this address.
  void Wake(int thread, std::uintptr_t queue);
  // Whether the thread is in Sleep().
  bool Sleeps(int thread) const {
    return states.Is(ThreadState::kWaiting, thread) || ((in_handler & asleep_in_handler) >> thread & 1);
  }

  // The running thread, whose wait was interrupted by a signal handler, continues to wait, in `state`, for `pending`.
  void WaitOn(ThreadState state);

  // The running thread, at `pc`, yields to other threads; after many yields in a row, another thread must run.
  void Yield(const void* pc);
  // The running thread takes `operation`, which is possible, as a step at which it gives way to all threads that can go
  // on.
  void GiveWay(const Operation& operation);

  // Returns one of 0 ... count - 1 to the running thread; the search tries each. `shown`: it is a step of its own.
  int Choose(int count, const void* pc, bool shown = true);

  // Whether plain accesses to any of these bytes are steps.
  bool IsPromoted(std::uintptr_t address, std::size_t size) {
    for (std::uintptr_t granule = address & ~std::uintptr_t{7}; granule < address + size; granule += 8) {
      if (promoted.Find(granule) != nullptr) return true;
    }
    return false;
  }

  // A plain access.
  void Plain(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  // A system call that has no effect on other threads.
  void QuietCall(const void* pc);
  // An atomic access, after Step(), for detecting races with plain accesses. `changed`: the value in memory has
  // changed.
  void Atomic(std::uintptr_t address, std::size_t size, bool write, bool changed, const void* pc);
  // The use of a lock or a condition variable, for detecting races with the end of its lifetime.
  void Touch(std::uintptr_t address, const void* pc) { Atomic(address, 1, false, false, pc); }

  // The block at `address` is being freed, and an access to it does not happen before the free.
  [[noreturn]] void ReportFree(const HappensBefore::Race& race, std::uintptr_t address, const void* pc);

  // Data races on this memory are intended.
  void NoteCompareExchange(const void* pc);
  void ExpectRaces(std::uintptr_t address, std::size_t size);

  // A compare-exchange expects this value, which may be a stale pointer.
  void Expects(std::uintptr_t pointer);

  // Creates a thread, and returns its slot.
  int Create(void* (*function)(void*), void* argument);
  bool Join(int thread, const void* pc);  // False if the running thread was cancelled instead.
  [[noreturn]] void ExitThread(void* result);
  int ThreadOf(pthread_t handle) const;  // -1 if none
  // Whether the thread has finished and can be joined; not true of the thread that ends the process.
  bool HasFinished(int slot) const { return states.Is(ThreadState::kFinished, slot) && !threads[slot].exited; }

  [[noreturn, gnu::format(printf, 3, 4)]] void Fail(FailureKind kind, const char* format, ...);
  // Like Fail(), at a known place: failures at two places in one function count as different failures.
  [[noreturn, gnu::format(printf, 4, 5)]] void FailAt(FailureKind kind, const void* pc, const char* format, ...);
  [[noreturn]] void End();
  // This execution proves nothing; it is run again.
  [[noreturn]] void RunAgain() { Break(ExecutionEnd::kLost); }
  // Call this before relying on anything that the running thread did: it may have lost its storage (`PointerChange`).
  void EndIfStorageIsLost();
  // The time is up.
  [[noreturn]] void CutOff() { Break(ExecutionEnd::kBounded); }
  // exit() has run its handlers or, if `at_once`, _exit() was called: the process ends as soon as the other threads
  // have gone as far as they can without the running thread.
  [[noreturn]] void Exit(int code, const void* pc, bool at_once);

  void Hold(std::uintptr_t mutex) { me().held.push_back(mutex); }
  void LetGo(std::uintptr_t mutex);
  // Records the value that the thread's last operation left in memory. Call this before anything else changes the
  // memory.
  void NoteValueAfter(int thread);
  int TimesHeld(std::uintptr_t mutex);

  Thread& me() { return *running_; }
  // How many threads have been created.
  int count() const { return count_; }
  // Slots from this one on have never been used.
  int slots() const { return slots_; }
  std::uint64_t runs() const { return runs_; }  // Executions so far.
  std::uint64_t steps() const { return steps_; }
  // Grows with every step of every execution. (steps() alone could be equal at two checks, because executions may be
  // short.)
  std::uint64_t progress() const { return progress_; }
  bool concurrent() const { return unjoined_ > 0; }
  bool process_has_ended() const { return ending_; }
  // How often the value at the address has changed.
  std::uint32_t ChangesOf(std::uintptr_t address);
  // The value at the address has changed, or may have.
  void NoteChange(std::uintptr_t address) {
    Changes& changes = changes_[address];
    ++changes.count;
    changes.latest = ++moment_;
  }

  // Adds the calling thread's stack to the recording.
  std::int32_t RecordStack(int thread, const void* pc);
  // Like RecordStack(), followed by the locks that the thread holds.
  std::int32_t RecordAccess(const void* pc);
  void Record(int thread, const Operation& operation, bool is_step);
  void RecordNote(const char* text);
  // The load that the running thread is doing returns `value`, which is not the latest.
  void RecordOlderValue(std::uint64_t value);
  // Records how the running thread, which is about to do `operation`, reaches its object.
  void RecordSurroundings(const Operation& operation);

  Thread threads[kMaxThreads];  // By slot.
  ThreadStates states;          // Of the threads that have been created.
  // Threads that run the handler of a signal instead of waiting; those of them that sleep in a queue; those whose sleep
  // is over. And threads that have run one, and continue to wait.
  ThreadSet in_handler = 0, asleep_in_handler = 0, woken_in_handler = 0, waits_after_handler = 0;
  // How many more freed blocks are checked (model/block_reuse.h), and the memory that was found to need steps.
  std::uint64_t looks_for_stale_pointers = 0;
  bool reuses_freed_blocks = false;  // Some execution got a block that it had freed before.
  bool only_fresh_blocks = false;    // No execution may get such a block.
  std::uintptr_t wanted_steps = 0;
  ExpectedRaces expected_races;
  // Granules whose plain accesses are steps, and block sizes whose allocations are steps; kept between executions. The
  // value is false for those that are steps only because of `expected_races`.
  AddressMap<bool> promoted;
  bool library_calls_are_steps = false;  // See library_calls.h. If so, the value of each atomic after its last access,
  AddressMap<std::uint64_t> seen_values;
  int shared_with_libraries = 0;  // and how many of `promoted` were found to be written by libraries as well.
  HappensBefore happens_before;
  std::int64_t now = 0, begins_at = 0;             // Virtual time in nanoseconds; what has passed before main().
  std::int64_t computed = 0, computed_before = 0;  // How much of that was computing: only by reading clocks.
  char name_of_process[16] = "";                   // And of T0.
  bool punctual = false;       // A sleep ends only when its time has come and no thread can go on otherwise.
  int creations_may_fail = 0;  // > 0: each creation of a thread is tried both ways.

  Failure failure;
  ExecutionEnd end = ExecutionEnd::kOfItself;
  LeftOut left_out;  // Of all executions so far.
  Vector<const void*>
      compare_exchanges;  // Places of those that may be weak, as far as LeftOut::weak_failures is false.
  bool fences = false;    // Whether any execution so far had a fence.
  int exit_code = 0;
  Recording* recording = nullptr;
  Vector<Destructor> at_exit;
  Vector<void (*)(void*)> at_quick_exit;
  std::uint64_t max_steps = 0;
  // The step from which the execution checks for threads that run forever without progress (livelock.cc). The check is
  // slow, so it is made only for executions that are known to be endless.
  static constexpr std::uint64_t kNoStep = ~std::uint64_t{0};
  std::uint64_t looks_for_livelock_from = kNoStep;
  // The step at which the replayed execution was recognised as a livelock. A replay cannot recognise it again, because
  // recording leaves traces on the stacks that are compared. 0: none.
  std::uint64_t known_livelock_at = 0;
  // The number of plain accesses in a row from which each further one is examined: because there are so many, or
  // because mutants change some of them.
  static constexpr std::uint64_t kQuietBeforeGivingWay = 20'000;
  std::uint64_t looks_at_accesses_from = kQuietBeforeGivingWay;
  double cut_off_at = 0;  // The real time at which an unfinished execution is given up; 0: never.
  bool kept = false;      // The effects of this execution are not undone.

 private:
  friend void BeginThread();
  int FreeSlot();
  Thread& Arrive();
  void DoPending();
  // Rare cases are not inlined, to keep the code of every step short.
  [[gnu::noinline]] bool IsStepOfSpin(Thread& thread, SpinWatch::Look look);
  [[gnu::noinline]] void StopWaiting(Thread& thread);
  [[gnu::noinline]] void GoOnSpinning(Thread& thread);
  [[gnu::noinline]] void Trace(const Thread& thread) const;
  void Schedule();
  int Next();
  int Repeat();
  int ChooseAmong(const Search::Candidates& candidates);
  void Take(int thread);
  bool Possible(const Thread& thread);
  Search::Candidates Enabled();
  ThreadSet Wakeable() const;
  std::uint32_t HandOversOf(std::uintptr_t lock);
  bool HasChangedSince(std::uintptr_t what, std::uint32_t since);
  bool HasChanged(const Thread& thread);
  void LookForStalePointers();
  void PromoteBlocks(int size_class);
  void MeetLibraries(Operation& operation);
  void LookForUnseenStore(const Operation& operation);
  int Stuck();
  void LookForLivelock();
  [[noreturn]] void FailAsLivelock();
  void CompareState(std::uintptr_t stack_pointer);
  std::uint64_t DigestOfState(std::uintptr_t stack_pointer);
  bool PassTime();
  void EndProcess();
  void EndMemory();
  Access EndOf(int slot) const;
  void ExpectNothingIgnored();  // For the running thread, which is ending.
  bool LeaveToNextOwner(std::uintptr_t mutex);
  void RecordBlocked(ThreadSet can_go_on);
  void RecordChoice(int value, const void* pc);
  Event EventWithoutMutexes(Kind kind);
  void Finish();
  void NotePending();
  [[noreturn, gnu::format(printf, 4, 0)]] void FailWith(FailureKind kind, const void* pc, const char* format,
                                                        va_list arguments);
  std::int32_t SurroundingsOf(int thread, const Operation& operation) const;
  void LetOthersGoOn(const void* pc);
  void LookAtAccess(std::uintptr_t address, bool write, const void* pc);
  void NotePlain(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  void PlainStep(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  [[noreturn]] void ReportRace(const HappensBefore::Race& race, std::uintptr_t address, const Access& later);
  void VisitThread(std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc);
  void ReportUseAfterEnd(std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc);
  [[noreturn]] void Break(ExecutionEnd how);

  void Become(int thread) {
    current = thread;
    running_ = &threads[thread];
  }

  struct Changes {
    std::uint32_t count = 0, latest = 0;  // The number of changes, and the moment of the latest.
  };

  struct Livelock {
    std::uint64_t looks = 0, next = 1;  // How many looks there were, and at which one the state is recorded again.
    std::uint64_t noted = 0;
    ThreadSet able = 0, stepped = 0;  // Since then: the threads that could go on, and those that did.
    std::uint64_t choices = 0, bytes = 0;
  };

  AddressMap<Changes> changes_;  // Of the value at an address.
  std::uint32_t moment_ = 0;     // The number of all changes so far.
  Fibre controller_;
  Livelock livelock_;
  std::uint64_t choices_ = 0;      // By Choose() and by waking up without cause.
  ThreadSet tired_ = 0;            // Have yielded or run for long: chosen last until all others have had a turn.
  std::uint64_t streak_ = 0;       // The number of steps that the last thread has taken in a row.
  std::uint64_t turns_ = 0;        // How often a step was taken by another thread than the step before.
  Thread* running_ = &threads[0];  // threads[current]
  Search* search_ = nullptr;
  const Operation* pending_[kMaxThreads];  // Of each of `threads`.
  int count_ = 0, slots_ = 0;
  Vector<std::uint8_t> slots_given_;  // In the order of creation; also those of the last execution.
  int unjoined_ = 0;
  bool ends_at_once_ = false;
  bool ending_ = false;  // A thread has ended the process; the others may still take steps before it is gone.
  std::uint64_t runs_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t progress_ = 0;
  int last_ = kMaxThreads;  // The thread that took the last step.
  void (*body_)(void*) = nullptr;
  void* argument_ = nullptr;
  std::int32_t open_event_[kMaxThreads];    // The event whose value after the operation is still to be recorded.
  std::int32_t surroundings_[kMaxThreads];  // Of each thread's next operation; -1 if they are not recorded.
};

extern Execution execution;

// Thread-local storage of the threads: parks the real threads on first use, and saves the storage that must be reset.
void PrepareThreads();
void MakeApartStorage();  // Of libraries that have been loaded since.
void RestoreThreadLocals(int thread);
MemoryRange ThreadLocals(int thread);
// The slot's next threads have the memory that they have now; their stack is one of this runtime's if `has_stack`.
void PlaceMemory(int thread, bool has_stack);
void SaveMainThreadLocals();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_
