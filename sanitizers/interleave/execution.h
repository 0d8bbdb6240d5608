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
#include "sanitizers/interleave/model/lock.h"
#include "sanitizers/interleave/model/object_index.h"
#include "sanitizers/interleave/model/wait_queue.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/search.h"
#include "sanitizers/interleave/spin_watch.h"
#include "sanitizers/interleave/thread.h"

namespace racelab::interleave {

inline constexpr int kMostValues = kMaxThreads;  // Of a choice: a digit of the schedule.

struct Condition {
  bool known = false;  // To Execution::objects.
  WaitQueue waiting;
  bool monotonic = false;  // The clock of its time limits.
};

struct Barrier {
  bool known = false;
  unsigned count = 0, arrived = 0;
  WaitQueue waiting;
};

// The execution that is running: its threads, what they wait for, and whose turn it is. The functions below are called
// by the running thread, from the interceptors: the functions that stand in for the sanitizer's and the C library's.
class Execution {
 public:
  // True while code of the program runs under control: an interceptor that is called then is called by the thread in
  // slot `current`.
  bool live = false;
  int current = 0;

  // Runs `body(argument)` as thread 0, with all that it starts, to the end. Afterwards `failure` and `end` tell how it
  // went.
  void Run(Search& search, void (*body)(void*), void* argument);

  // Before the running thread does `operation`: lets the search choose who is next; returns when it is this thread's
  // turn and the operation is possible (the mutex is free, the thread to join has ended).
  void Step(const Operation& operation) {
    if (me().announcing > 0) return;  // A condition is being evaluated within the announced step, under its mutex.
    me().pending = operation;         // Inline: the operation is put together where it belongs.
    DoPending();
  }

  // The running thread sleeps, in a queue that the caller has put it into, until Wake() or until virtual time reaches
  // `wakes_at`, or, if it `may_wake_up` so, without cause. `timeout` is what it then does, `pc` and address of which
  // also tell a report where and on what it sleeps.
  enum class WokenBy { kThread, kTime, kNothing };
  WokenBy Sleep(std::int64_t wakes_at, const Operation& timeout, bool may_wake_up = false);
  // From the queue at this address.
  void Wake(int thread, std::uintptr_t queue);
  // Whether the thread is in Sleep().
  bool Sleeps(int thread) const {
    return states.Is(ThreadState::kWaiting, thread) || ((in_handler & asleep_in_handler) >> thread & 1);
  }

  // The running thread, whose waiting a signal's handler has interrupted, waits on, in `state`, for `pending`.
  void WaitOn(ThreadState state);

  // The running thread, at `pc`, offers others the processor; many times in a row, it insists.
  void Yield(const void* pc);
  // It gives way to all who can go on, as `operation`, which is possible.
  void GiveWay(const Operation& operation);

  // One of 0 ... count - 1, for the running thread; the search tries each.
  int Choose(int count, const void* pc);

  // Whether plain accesses to some of these bytes are steps.
  bool IsPromoted(std::uintptr_t address, std::size_t size) {
    for (std::uintptr_t eight = address & ~std::uintptr_t{7}; eight < address + size; eight += 8) {
      if (promoted.Find(eight) != nullptr) return true;
    }
    return false;
  }

  // A plain access.
  void Plain(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  // A call of the kernel that no other thread can tell.
  void QuietCall(const void* pc);
  // An atomic access, after Step(): for the race with plain ones. `changed`: memory holds another value than before.
  void Atomic(std::uintptr_t address, std::size_t size, bool write, bool changed, const void* pc);
  // The use of a lock or a condition variable, which must be alive: for the race with what ends its life.
  void Touch(std::uintptr_t address, const void* pc) { Atomic(address, 1, false, false, pc); }

  // The block at `address`, which is being freed, has an access that is not ordered before.
  [[noreturn]] void ReportFree(const HappensBefore::Race& race, std::uintptr_t address, const void* pc);

  // Notes the address of a lock, a condition variable or a barrier.
  template <typename Object>
  void Know(Object& object, std::uintptr_t address) {
    if (!object.known) objects.Add(address);
    object.known = true;
  }
  // What was known of locks and condition variables in this memory is known no longer: it is another object's.
  void ForgetObjects(std::uintptr_t address, std::size_t size);

  // Data races on this memory are meant.
  void ExpectRaces(std::uintptr_t address, std::size_t size);

  // A compare-exchange expects this value, which may be a stale pointer.
  void Expects(std::uintptr_t pointer);

  // The slot of the new thread.
  int Create(void* (*function)(void*), void* argument);
  bool Join(int thread, const void* pc);  // False if the running thread was cancelled meanwhile.
  [[noreturn]] void ExitThread(void* result);
  int ThreadOf(pthread_t handle) const;  // -1 if none

  [[noreturn, gnu::format(printf, 3, 4)]] void Fail(FailureKind kind, const char* format, ...);
  // As Fail(), at a known place: failures at two places of a function are two.
  [[noreturn, gnu::format(printf, 4, 5)]] void FailAt(FailureKind kind, const void* pc, const char* format, ...);
  [[noreturn]] void End();
  // This execution says nothing; it is run once more.
  [[noreturn]] void RunAgain() { Break(ExecutionEnd::kLost); }
  // The time is up.
  [[noreturn]] void CutOff() { Break(ExecutionEnd::kBounded); }
  // exit() has run its handlers, or, `at_once`, _exit() was called: the process ends, once the other threads have come
  // as far as they can without it.
  [[noreturn]] void Exit(int code, const void* pc, bool at_once);

  void Hold(std::uintptr_t mutex) { me().held.push_back(mutex); }
  void LetGo(std::uintptr_t mutex);
  int TimesHeld(std::uintptr_t mutex);

  Thread& me() { return *running_; }
  // How many threads there have been.
  int count() const { return count_; }
  // Slots from here on have never been used.
  int slots() const { return slots_; }
  std::uint64_t runs() const { return runs_; }  // Executions so far.
  std::uint64_t steps() const { return steps_; }
  // Grows with every step of every execution. (The steps of one may be few: looked at now and then they seem to stand
  // still.)
  std::uint64_t progress() const { return progress_; }
  bool concurrent() const { return unjoined_ > 0; }
  bool process_has_ended() const { return ending_; }
  std::uint32_t VersionOf(std::uintptr_t address);

  // Puts the calling thread's stack into the recording.
  std::int32_t RecordStack(int thread, const void* pc);
  void Record(int thread, const Operation& operation, bool is_step);
  void RecordNote(const char* text);
  // How the running thread, which is about to do `operation`, gets at its object.
  void RecordSurroundings(const Operation& operation);

  Thread threads[kMaxThreads];  // By slot.
  ThreadStates states;          // Of those that have been created.
  // Who runs a signal's handler instead of waiting; who of them sleeps in a queue; for whom that is over.
  ThreadSet in_handler = 0, asleep_in_handler = 0, woken_in_handler = 0;
  Locks locks;
  ObjectIndex objects;  // The addresses of locks, condition variables and barriers.
  AddressMap<Condition> conditions;
  AddressMap<WaitQueue> futexes;
  AddressMap<Barrier> barriers;
  AddressMap<std::uint32_t> versions;  // How often the value at an address has changed.
  // How many blocks that are freed are still looked at (model/block_reuse.h), and what was found to have to be steps.
  std::uint64_t looks_for_stale_pointers = 0;
  std::uintptr_t wanted_steps = 0;
  ExpectedRaces expected_races;
  // Granules whose plain accesses are steps, and sizes of blocks whose allocation is; kept between executions. False:
  // only because of `expected_races`.
  AddressMap<bool> promoted;
  bool library_calls_are_steps = false;  // See library_calls.h. If so, what atomics held after each access;
  AddressMap<std::uint64_t> seen_values;
  int shared_with_libraries = 0;  // and how many of `promoted` were found to be written by libraries as well.
  HappensBefore happens_before;
  std::int64_t now = 0;        // Virtual time in nanoseconds since the start.
  bool punctual = false;       // A sleep ends when its time has come and no thread can go on otherwise, not earlier.
  int creations_may_fail = 0;  // > 0: each creation of a thread is tried both ways.

  Failure failure;
  ExecutionEnd end = ExecutionEnd::kOfItself;
  LeftOut left_out;  // Of all executions so far.
  int exit_code = 0;
  Recording* recording = nullptr;
  Vector<Destructor> at_exit;
  Vector<void (*)(void*)> at_quick_exit;
  std::uint64_t max_steps = 0;
  // From this step on it is looked for that threads go on for ever without getting any further (livelock.cc). It takes
  // time: done for executions that are known to be endless.
  static constexpr std::uint64_t kNoStep = ~std::uint64_t{0};
  std::uint64_t looks_for_livelock_from = kNoStep;
  double cut_off_at = 0;  // When an execution that is still running is given up, in real time; 0: never.
  bool kept = false;      // What this execution does stays done.

 private:
  friend void BeginThread();
  int FreeSlot();
  Thread& Arrive();
  void DoPending();
  void Schedule();
  void EndIfStorageIsLost();
  int Next();
  int Repeat();
  int ChooseAmong(Search::Candidates candidates);
  void Take(int thread);
  bool Possible(Thread& thread);
  Search::Candidates Enabled();
  ThreadSet Wakeable() const;
  bool HasChanged(const Thread& thread);
  void RunPatiently(Thread& thread);
  void LookForStalePointers();
  void PromoteBlocks(int size_class);
  void MeetLibraries(Operation& operation);
  void LookForUnseenStore(const Operation& operation);
  int Stuck();
  void LookForLivelock();
  void CompareState(std::uintptr_t stack_pointer);
  std::uint64_t DigestOfState(std::uintptr_t stack_pointer);
  bool PassTime();
  void EndProcess();
  void ExpectNothingIgnored();  // Of what the running thread does, which ends.
  bool LeaveToNextOwner(std::uintptr_t mutex);
  void RecordBlocked();
  void RecordChoice(int value, const void* pc);
  Event EventWithoutMutexes(Kind kind);
  void Finish();
  void Resolve(Operation& operation);
  void NoteValueAfter(int thread);
  void NotePending();
  [[noreturn, gnu::format(printf, 4, 0)]] void FailWith(FailureKind kind, const void* pc, const char* format,
                                                        va_list arguments);
  std::int32_t SurroundingsOf(int thread, const Operation& operation) const;
  void LetOthersGoOn(const void* pc);
  void NotePlain(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  void PlainStep(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  [[noreturn]] void ReportRace(const HappensBefore::Race& race, std::uintptr_t address, const Access& later);
  void ReportUseAfterFree(std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc);
  [[noreturn]] void Break(ExecutionEnd how);

  void Become(int thread) {
    current = thread;
    running_ = &threads[thread];
  }

  struct Livelock {
    std::uint64_t looks = 0, next = 1;  // How many, and at which the state is noted anew.
    std::uint64_t noted = 0;
    ThreadSet able = 0, stepped = 0;  // Since then: who could go on, and who did.
    std::uint64_t choices = 0, bytes = 0;
  };

  Fibre controller_;
  Livelock livelock_;
  std::uint64_t choices_ = 0;      // Made by Choose() and by waking up without cause.
  ThreadSet tired_ = 0;            // They have yielded, or run for long, and come last until all have had their turn.
  std::uint64_t streak_ = 0;       // Steps that the last thread has taken in a row.
  std::uint64_t turns_ = 0;        // How often another thread than before has taken a step.
  Thread* running_ = &threads[0];  // threads[current]
  Search* search_ = nullptr;
  const Operation* pending_[kMaxThreads];  // Of each of `threads`.
  int count_ = 0, slots_ = 0;
  Vector<std::uint8_t> slots_given_;  // To each thread, in the order of creation; of the last execution, too.
  int unjoined_ = 0;
  bool ends_at_once_ = false;
  bool ending_ = false;  // A thread has ended the process, but for the steps that others can take before.
  std::uint64_t runs_ = 0;
  std::uint64_t steps_ = 0;
  std::uint64_t progress_ = 0;
  int last_ = kMaxThreads;  // Who took the last step.
  void (*body_)(void*) = nullptr;
  void* argument_ = nullptr;
  std::int32_t open_event_[kMaxThreads];    // Whose value after the operation is still to be noted.
  std::int32_t surroundings_[kMaxThreads];  // Of what each is about to do; -1 if they are not recorded.
};

extern Execution execution;

// Thread-local storage of the threads: parks the real ones on first use, saves what is to be set back.
void PrepareThreads();
void MakeApartStorage();  // Of libraries that have been loaded since.
void RestoreThreadLocals(int thread);
struct MemoryRange {
  std::uintptr_t begin, end;
};
MemoryRange ThreadLocals(int thread);
void SaveMainThreadLocals();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_
