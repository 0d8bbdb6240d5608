#ifndef RACELAB_SANITIZERS_INTERLEAVE_THREAD_H_
#define RACELAB_SANITIZERS_INTERLEAVE_THREAD_H_

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <unwind.h>

#include <cstdint>

#include "sanitizers/interleave/fibre.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/spin_watch.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

struct Destructor {
  void (*function)(void*);
  void* object;
};

inline constexpr std::int64_t kNever = INT64_MAX;
inline constexpr int kMaxKeys = PTHREAD_KEYS_MAX;
// Keys from this one on have never been created. Not a member of `execution`, because libraries create some keys before
// it is constructed.
inline int keys_in_use = 0;
inline constexpr int kMaxStack = 256;

enum class ThreadState : std::uint8_t {
  kOnItsWay,  // runs code whose effects no other thread can see, until its next operation
  kReady,     // about to do `pending`
  kWaiting,   // in a queue until another thread wakes it or its time is up
  kFinished,
};

// The state of each thread and, for each state, the threads that are in it.
class ThreadStates {
 public:
  void Forget() { in_[0] = in_[1] = in_[2] = in_[3] = 0; }
  void Enter(int thread, ThreadState state) {
    in_[of_[thread]] &= ~Only(thread);
    of_[thread] = static_cast<std::uint8_t>(state);
    in_[of_[thread]] |= Only(thread);
  }
  // Like Enter(), for a thread whose state is known. Every step does this twice.
  void Move(int thread, ThreadState from, ThreadState to) {
    in_[static_cast<int>(from)] &= ~Only(thread);
    in_[static_cast<int>(to)] |= Only(thread);
    of_[thread] = static_cast<std::uint8_t>(to);
  }
  ThreadSet In(ThreadState state) const { return in_[static_cast<int>(state)]; }
  bool Is(ThreadState state, int thread) const { return In(state) >> thread & 1; }

 private:
  ThreadSet in_[4] = {};
  std::uint8_t of_[kMaxThreads] = {};
};

// A call of pthread_once() that has not returned.
struct PendingOnce {
  std::uintptr_t once;
};

// A pthread_cleanup_push() in C: its buffer, and the state at that time.
struct Cleanup {
  void* buffer;
  int stack_depth;
  std::size_t onces;
  bool cancel_at_once;
};

// A block of the heap that was freed.
struct FreedBlock {
  std::uintptr_t address;
  std::size_t size;
  int size_class;
};

// The places at which a thread has woken up without cause. There may be several, because a thread may alternate between
// waits.
class PlacesWokenAt {
 public:
  void Forget() { count_ = 0; }
  bool MayWakeUpAt(const void* place) const {
    for (int i = 0; i < count_; ++i) {
      if (places_[i] == place) return false;
    }
    return count_ < kMost;
  }
  void Add(const void* place) {
    if (count_ < kMost) places_[count_++] = place;
  }

 private:
  static constexpr int kMost = 8;
  const void* places_[kMost] = {};
  int count_ = 0;
};

// The members that every new thread starts afresh. One assignment resets them, so none may own memory.
struct FreshThread {
  Operation pending;
  int number = 0;               // In the order of creation: T0, T1, ...
  int ignoring = 0;             // > 0: in a library that announces its operations itself
  int ignoring_accesses = 0;    // > 0: the program has said that its accesses to memory are no data races;
  int ignoring_order = 0;       // > 0: that its releases and acquires order nothing
  int announcing = 0;           // > 0: in an announced lock or unlock, which began at this depth of the call stack
  int stack_depth = 0;          // Of `stack`.
  bool spinning = false;        // It is in a loop without an effect;
  bool runs_patiently = false;  // but continues, in case the loop ends by itself.
  bool timed_out = false;
  bool may_wake_up = false;  // It may wake without cause from its present sleep;
  bool woke_up = false;      // it has done so.
  bool joined = false, detached = false;
  bool told_busy = false;   // A thread that tried to join it after its end was told that it had not ended.
  bool of_library = false;  // An unseen library created it, and is responsible for joining it.
  bool announces_lock = false;
  bool cancel_requested = false, cancel_disabled = false, cancel_at_once = false;
  bool at_cancellation_point = false;  // It ends here if it is cancelled.
  bool leaves = false;                 // By pthread_exit() or cancelled: the objects on its stack are destroyed.
  bool exited = false;                 // This thread has ended the process.
  int yields = 0;                      // in a row, at one place, within one turn
  int early_timeouts = 0;
  int clock_readings = 0;
  std::uint64_t steps_after_end = 0;  // Of the process.
  std::uint64_t quiet_accesses = 0;   // Plain accesses since its last operation.
  std::uint64_t quiet_calls = 0;      // Calls of the kernel since its last operation.
  std::uintptr_t failed_at = 0;       // The address of its latest compare-exchange that failed without cause.
  void* result = nullptr;
  const void* terminates_at = nullptr;  // It has called std::terminate() here.
};

// A thread of the program, in its slot. The members that each step uses come first, in a few cache lines.
struct Thread : FreshThread {
  Fibre fibre;
  std::int64_t wakes_at = kNever;  // when its sleep is over
  Vector<std::uintptr_t> held;     // Locks; a lock that is held several times occurs several times.
  Vector<FreedBlock> freed;        // Since its last operation: they must be checked for remaining pointers.
  SpinWatch spin;

  PlacesWokenAt woken_at;        // Without cause: it does not wake there again until another thread has woken it.
  std::uintptr_t announced = 0;  // The mutex of an announced lock or unlock.
  const void* yields_at = nullptr;
  std::uint64_t yields_in = 0;   // this turn
  std::uint32_t futex_bits = 0;  // A wake ends its sleep on a futex only if it has one of these bits.
  pthread_t handle = 0;          // Of the parked thread whose storage it uses.
  char name[16] = "";            // As pthread_setname_np() gives it, or its creator's.
  void* (*function)(void*) = nullptr;
  void* argument = nullptr;
  _Unwind_Exception unwinding = {};  // Thrown by pthread_exit().
  Vector<Destructor> destructors;
  Vector<PendingOnce> pending_onces;
  Vector<Cleanup> cleanups;
  sigset_t blocked_signals = {};
  const void* stack[kMaxStack] = {};  // Return addresses of the instrumented functions that are running.
  void* specific[kMaxKeys] = {};

  bool IsCancelled() const { return at_cancellation_point && cancel_requested; }
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_THREAD_H_
