#ifndef RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_

#include <pthread.h>
#include <signal.h>
#include <unwind.h>

#include <cstdint>

#include "sanitizers/interleave/failure.h"
#include "sanitizers/interleave/fibre.h"
#include "sanitizers/interleave/happens_before.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/search.h"
#include "sanitizers/interleave/spin_watch.h"

namespace racelab::interleave {

struct Destructor {
  void (*function)(void*);
  void* object;
};

enum class ThreadState : std::uint8_t {
  kOnItsWay,  // in code that no other thread can see, towards its next operation
  kReady,     // about to do `pending`
  kWaiting,   // in a queue until another thread wakes it or, at the latest, its time is up
  kFinished,
};

// The state of each thread, in one word: for each state, the threads that are in it.
class ThreadStates {
 public:
  void Forget() { in_state_ = 0; }
  void Enter(int thread, ThreadState state) {
    in_state_ = (in_state_ & ~(kOfFirst << thread)) | std::uint64_t{1} << (Place(state) + thread);
  }
  ThreadSet In(ThreadState state) const { return static_cast<ThreadSet>(in_state_ >> Place(state)); }
  bool Is(ThreadState state, int thread) const { return In(state) >> thread & 1; }

 private:
  static constexpr int Place(ThreadState state) { return static_cast<int>(state) * kMaxThreads; }
  static constexpr std::uint64_t kOfFirst = 0x0001'0001'0001'0001;  // What the first thread may be in.
  std::uint64_t in_state_ = 0;
};
static_assert(4 * kMaxThreads == 64);

inline constexpr int kMostValues = 16;  // Of a choice: a digit of the schedule.
inline constexpr std::int64_t kNever = INT64_MAX;
inline constexpr int kMaxKeys = 256;
inline constexpr int kMaxHeld = 16;
inline constexpr int kMaxStack = 256;

struct Thread {
  Fibre fibre;
  pthread_t handle = 0;  // Of the parked thread whose storage this one uses.
  Operation pending;
  std::int64_t wakes_at = kNever;  // of a sleep
  bool timed_out = false;
  bool joined = false, detached = false;
  int ignoring = 0;    // > 0 within a library that announces its operations itself
  int announcing = 0;  // > 0: in an announced lock or unlock, that began at this depth of the call stack
  bool announces_lock = false;
  std::uintptr_t announced = 0;  // its mutex
  int yields = 0;                // in a row, at one place, within one turn
  const void* yields_at = nullptr;
  std::uint64_t yields_in = 0;  // that turn
  int early_timeouts = 0;
  SpinWatch spin;
  bool spinning = false;  // not possible until something that it reads has changed
  void* (*function)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  _Unwind_Exception unwinding = {};  // What pthread_exit() throws.
  Vector<Destructor> destructors;
  void* specific[kMaxKeys] = {};
  sigset_t blocked_signals = {};
  std::uintptr_t held[kMaxHeld] = {};
  int held_count = 0;
  const void* stack[kMaxStack] = {};  // Return addresses of the instrumented functions that are running.
  int stack_depth = 0;
  std::uint64_t quiet_accesses = 0;  // Plain accesses since its last operation.
};

struct Mutex {
  std::int8_t owner = -1;
  std::uint8_t depth = 0;  // of a recursive one
  ThreadSet readers = 0;
};

struct WaitQueue {
  std::uint8_t count = 0;
  std::uint8_t threads[kMaxThreads] = {};

  void Add(int thread) { threads[count++] = static_cast<std::uint8_t>(thread); }
  bool Remove(int thread);
  int TakeFirst();
};

struct Barrier {
  unsigned count = 0, arrived = 0;
  WaitQueue waiting;
};

// The execution that is running: its threads, what they wait for, and whose turn it is. The functions below are called
// by the running thread, from the interceptors: the functions that stand in for the sanitizer's and the C library's.
class Execution {
 public:
  // True while code of the program runs under control: an interceptor that is called then is called by thread
  // `current`.
  bool live = false;
  int current = 0;

  // Runs `body(argument)` as thread 0, with all that it starts, to the end. Afterwards `failure` and `redundant` tell
  // how it went.
  void Run(Search& search, void (*body)(void*), void* argument);

  // Before the running thread does `operation`: lets the search choose who is next; returns when it is this thread's
  // turn and the operation is possible (the mutex is free, the thread to join has ended).
  void Step(const Operation& operation) {
    if (me().announcing > 0) return;  // A condition is being evaluated within the announced step, under its mutex.
    me().pending = operation;         // Inline: the operation is put together where it belongs.
    DoPending();
  }

  // The running thread sleeps, in a queue that the caller has put it into, until Wake() or until virtual time reaches
  // `wakes_at`. `timeout` is what it then does, `pc` and address of which also tell a report where and on what it
  // sleeps. False: it timed out, and is still in the queue.
  bool Sleep(std::int64_t wakes_at, const Operation& timeout);
  void Wake(int thread);
  // Whether the thread is in Sleep().
  bool Sleeps(int thread) const {
    return states.Is(ThreadState::kWaiting, thread) || ((in_handler & asleep_in_handler) >> thread & 1);
  }

  // The running thread, whose waiting a signal's handler has interrupted, waits on, in `state`, for `pending`.
  void WaitOn(ThreadState state);

  // The running thread, at `pc`, offers others the processor; many times in a row, it insists.
  void Yield(const void* pc);

  // One of 0 ... count - 1, for the running thread; the search tries each.
  int Choose(int count, const void* pc);

  // A plain access.
  void Plain(std::uintptr_t address, std::size_t size, bool write, const void* pc);
  // An atomic access, after Step(): for the race with plain ones. `changed`: memory holds another value than before.
  void Atomic(std::uintptr_t address, std::size_t size, bool write, bool changed, const void* pc);

  // The block at `address`, which is being freed, has an access that is not ordered before.
  [[noreturn]] void ReportFree(const HappensBefore::Race& race, std::uintptr_t address, const void* pc);

  int Create(void* (*function)(void*), void* argument);
  void Join(int thread, const void* pc);
  [[noreturn]] void ExitThread(void* result);
  int ThreadOf(pthread_t handle) const;  // -1 if none

  [[noreturn, gnu::format(printf, 3, 4)]] void Fail(FailureKind kind, const char* format, ...);
  [[noreturn]] void End();
  // Main has ended, or exit() was called.
  [[noreturn]] void Exit(int code);

  void Hold(std::uintptr_t mutex);
  void LetGo(std::uintptr_t mutex);

  Thread& me() { return *running_; }
  int count() const { return count_; }
  std::uint64_t steps() const { return steps_; }
  // Grows with every step of every execution. (The steps of one may be few: looked at now and then they seem to stand
  // still.)
  std::uint64_t progress() const { return progress_; }
  bool concurrent() const { return unjoined_ > 0; }

  // Puts the calling thread's stack into the recording.
  std::int32_t RecordStack(int thread, const void* pc);
  void Record(int thread, const Operation& operation, bool is_step);
  void RecordNote(const char* text);
  // How the running thread, which is about to do `operation`, gets at its object.
  void RecordSurroundings(const Operation& operation);

  Thread threads[kMaxThreads];
  ThreadStates states;  // Of those that have been created.
  // Who runs a signal's handler instead of waiting; who of them sleeps in a queue; for whom that is over.
  ThreadSet in_handler = 0, asleep_in_handler = 0, woken_in_handler = 0;
  AddressMap<Mutex> mutexes;
  AddressMap<WaitQueue> conditions;
  AddressMap<WaitQueue> futexes;
  AddressMap<Barrier> barriers;
  AddressMap<std::uint32_t> versions;  // How often the value at an address has changed.
  AddressMap<bool> promoted;           // Eights of bytes whose plain accesses are steps; kept between executions.
  HappensBefore happens_before;
  std::int64_t now = 0;  // Virtual time in nanoseconds since the start.
  int clock_readings = 0;
  bool punctual = false;       // A sleep ends when its time has come and no thread can go on otherwise, not earlier.
  int creations_may_fail = 0;  // > 0: each creation of a thread is tried both ways.

  Failure failure;
  bool redundant = false;
  bool lost = false;       // Cut short because a thread lost its storage: says nothing; run it again.
  bool collapsed = false;  // Some re-reads of an unchanged value were run as one.
  bool skipped_timeouts = false;
  int exit_code = 0;
  Recording* recording = nullptr;
  Vector<Destructor> at_exit;
  int keys_in_use = 0;
  std::uint64_t max_steps = 20000;
  bool kept = false;  // What this execution does stays done.

 private:
  friend void BeginThread();
  Thread& Arrive();
  void DoPending();
  void Schedule();
  void EndIfStorageIsLost();
  int Next();
  int Repeat();
  int ChooseAmong(ThreadSet enabled);
  void Take(int thread);
  bool Possible(Thread& thread);
  ThreadSet Enabled();
  void Stuck();
  bool PassTime();
  void RecordBlocked();
  void RecordChoice(int value, const void* pc);
  Event EventWithoutMutexes(Kind kind);
  void Finish();
  void Resolve(Operation& operation);
  void NoteValueAfter(int thread);
  std::int32_t SurroundingsOf(int thread, const Operation& operation) const;
  [[noreturn]] void ReportRace(const HappensBefore::Race& race, std::uintptr_t address, const Access& later);

  void Become(int thread) {
    current = thread;
    running_ = &threads[thread];
  }

  Fibre controller_;
  ThreadSet held_back_ = 0;        // They insist on yielding, until another thread has taken a step.
  std::uint64_t turns_ = 0;        // How often another thread than before has taken a step.
  Thread* running_ = &threads[0];  // threads[current]
  Search* search_ = nullptr;
  const Operation* pending_[kMaxThreads];  // Of each of `threads`.
  int count_ = 0;
  int unjoined_ = 0;
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
void RestoreThreadLocals(int thread);
void SaveMainThreadLocals();

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_EXECUTION_H_
