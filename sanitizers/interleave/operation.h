#ifndef RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// What a thread does in one step, as far as other threads can tell: a visible operation.
enum class Kind : std::uint8_t {
  kNone,
  kRead,  // plain accesses: steps only once a race on their address has been found
  kWrite,
  kLoad,  // atomics
  kStore,
  kUpdate,  // read-modify-write
  kCompareExchange,
  kLock,
  kLockShared,
  kTryLock,
  kTryLockShared,
  kQueueForLock,  // a writer asks for a read-write lock that prefers writers
  kUnlock,
  kUnlockShared,
  kWait,     // enters the queue of a condition variable
  kTimeout,  // leaves a queue because its time is up
  kSpuriousWakeUp,
  kNotify,
  kFutexWait,
  kFutexWake,
  kAcquire,  // takes from a semaphore
  kTryAcquire,
  kRelease,  // adds to a semaphore
  kBarrier,
  kOnceEnter,  // std::call_once, the guard of a local static
  kOnceLeave,
  kJoin,
  kCancel,
  kDescriptorRead,  // takes from a pipe, a socket, an eventfd; waits until there is data
  kDescriptorWrite,
  kDescriptorPoll,  // asks for events on any of several
  kStream,          // calls a function on a FILE
  kSignal,          // sends a signal to another thread or to the process
  kSignalWait,
  kYield,
  kSleep,
  kReadClock,
  kAllocate,  // reuses freed memory, to which a stale pointer may point
  kFree,
  kExit,      // ends the process
  kFail,      // ends it with a failure
  kCall,      // a call of a library that was built without the sanitizer, if that matters (library_calls.h)
  kReturn,    // the return from such a call
  kCallBack,  // such a library calls the program
  kReturnToLibrary,
  kChoice,  // of one of several values; other threads cannot observe it
  kNote,    // not an operation: a line that the program adds to a recording
};

// The kind's name in reports: "load", "lock", "notify".
const char* Name(Kind kind);

// The parts of an object that an operation reads or changes, as bits.
using Aspects = std::uint8_t;
inline constexpr Aspects kContent = 1 << 0;    // The bytes in memory.
inline constexpr Aspects kOwner = 1 << 1;      // Which thread holds a lock exclusively.
inline constexpr Aspects kReaders = 1 << 2;    // Whether any threads share the lock.
inline constexpr Aspects kWriters = 1 << 3;    // Whether any thread queues for it.
inline constexpr Aspects kQueue = 1 << 4;      // Which threads wait on a condition variable or a futex.
inline constexpr Aspects kAnnounced = 1 << 5;  // Actions of a library on objects that it does not announce.
inline constexpr Aspects kTime = 1 << 6;       // Virtual time.
inline constexpr Aspects kProcess = 1 << 7;    // Whether the process has ended.
inline constexpr Aspects kEverywhere = kAnnounced | kTime | kProcess;  // Without an address.

struct Operation {
  Kind kind = Kind::kNone;
  Aspects reads = 0, changes = 0;
  bool rereads : 1 = false;      // not known to change memory: may be a round of a spin loop
  bool compares : 1 = false;     // a compare-exchange of at most 8 bytes, which stores only if it finds `expected`
  bool gives_first : 1 = false;  // ends a wait: a kRelease of a semaphore at 0, a byte into an empty pipe
  bool timed : 1 = false;        // a try that models a wait with a time limit: if it fails, time has passed
  bool met_owner : 1 =
      false;  // the lock had an owner, or the semaphore was at 0: a waiting operation cannot come first
  bool met_readers : 1 = false;  // the lock had readers
  bool waits : 1 = false;        // an operation on a descriptor that waits until the kernel would not block it
  bool meets_all : 1 = false;    // its order with every other operation may matter
  bool misuses : 1 = false;      // unlocks a lock that the thread does not hold
  std::uint8_t order : 7 = 0;    // of an atomic operation: the number of its memory order, as in __ATOMIC_RELAXED
  std::uint32_t size = 0;        // bytes; 1 for an object that is identified by its address alone
  std::uintptr_t address = 0;    // of the memory or of the object
  const void* pc = nullptr;      // where in the program
  std::uint64_t expected = 0;    // by a compare-exchange or a sleep on a futex; of a kCall, the called function; of a
                                 // kAcquire, the thread's slot
};

inline bool IsLock(Kind kind) {
  return kind == Kind::kLock || kind == Kind::kLockShared || kind == Kind::kOnceEnter || kind == Kind::kStream;
}
inline bool IsUnlock(Kind kind) {
  return kind == Kind::kUnlock || kind == Kind::kUnlockShared || kind == Kind::kOnceLeave;
}
inline bool IsTryLock(Kind kind) { return kind == Kind::kTryLock || kind == Kind::kTryLockShared; }

// Whether the effect of the operation depends on the state at its turn.
inline bool IsConditional(const Operation& operation) {
  return operation.compares || IsTryLock(operation.kind) || operation.kind == Kind::kLockShared ||
         operation.kind == Kind::kQueueForLock || operation.kind == Kind::kTryAcquire ||
         operation.kind == Kind::kRelease || operation.kind == Kind::kDescriptorRead ||
         operation.kind == Kind::kDescriptorWrite;
}

// The waits that end if the thread is cancelled. (A wait for a lock goes on; a sleeping thread is woken instead.)
inline bool EndsByCancellation(Kind kind) {
  return kind == Kind::kAcquire || kind == Kind::kDescriptorRead || kind == Kind::kDescriptorWrite ||
         kind == Kind::kDescriptorPoll || kind == Kind::kSignalWait;
}

inline bool IsLibraryCall(Kind kind) { return kind >= Kind::kCall && kind <= Kind::kReturnToLibrary; }
inline bool IsAtomic(Kind kind) { return kind >= Kind::kLoad && kind <= Kind::kCompareExchange; }
inline bool IsMemory(Kind kind) { return kind >= Kind::kRead && kind <= Kind::kCompareExchange; }

// The value in memory at `address`: its first 8 bytes, if it is larger.
inline std::uint64_t Value(std::uintptr_t address, std::size_t size) {
  std::uint64_t value = 0;
  __builtin_memcpy(&value, reinterpret_cast<const void*>(address), size < sizeof value ? size : sizeof value);
  return value;
}

// Whether the order of the two operations can matter: one changes what the other reads.
inline bool Conflict(const Operation& a, const Operation& b) {
  const Aspects met = (a.changes & b.reads) | (a.reads & b.changes);
  return (met != 0 &&
          ((met & kEverywhere) != 0 || (a.address < b.address + b.size && b.address < a.address + a.size))) ||
         (a.meets_all && b.kind != Kind::kYield) || (b.meets_all && a.kind != Kind::kYield);
}

// Whether every operation that conflicts with `operation` conflicts with `earlier`.
inline bool Covers(const Operation& earlier, const Operation& operation) {
  return (operation.reads & ~earlier.reads) == 0 && (operation.changes & ~earlier.changes) == 0 &&
         earlier.address <= operation.address && earlier.address + earlier.size >= operation.address + operation.size &&
         operation.meets_all <= earlier.meets_all;
}

// Whether the later of two conflicting operations could have come first. Not if it waited for the earlier one: an
// unlock and the lock after it, or the release of a semaphore's only unit and its acquisition. Not if it waited for an
// even earlier step that also affected the earlier operation: a failed try, or another reader. And not if it is the
// lock of a reader that had to wait for a writer that queued before it.
inline bool Reversible(const Operation& earlier, const Operation& later) {
  return !(IsUnlock(earlier.kind) && !earlier.misuses && IsLock(later.kind)) &&
         !(IsLock(earlier.kind) && IsUnlock(later.kind) && !later.misuses) &&
         !(earlier.gives_first && (later.kind == Kind::kAcquire || (later.waits && later.kind != earlier.kind))) &&
         !(earlier.met_owner && (IsLock(later.kind) || later.kind == Kind::kAcquire)) &&
         !(earlier.met_readers && (earlier.reads & kReaders) != 0 && later.kind == Kind::kLock) &&
         !((earlier.changes & kWriters) != 0 && earlier.kind != Kind::kQueueForLock && later.kind == Kind::kLockShared);
}

// Whether the later operation could have come first only if other readers, which the earlier one has joined, had left
// before.
inline bool DependsOnOtherReaders(const Operation& earlier, const Operation& later) {
  return earlier.met_readers && later.kind == Kind::kLock;
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_
