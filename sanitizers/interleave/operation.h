#ifndef RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// What a thread does in one step, as far as other threads can tell: a visible operation.
enum class Kind : std::uint8_t {
  kNone,
  kRead,  // plain accesses: steps only once a race on their address has been seen
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
  kRelease,  // gives to a semaphore
  kBarrier,
  kOnceEnter,  // std::call_once, the guard of a local static
  kOnceLeave,
  kJoin,
  kCancel,
  kDescriptorRead,  // takes from a pipe, a socket, an eventfd; waits until there is something
  kDescriptorWrite,
  kDescriptorPoll,  // asks for any of several
  kSignal,          // sends a signal to another thread or to the process
  kSignalWait,
  kYield,
  kSleep,
  kReadClock,
  kAllocate,  // memory that was freed, and to which a stale pointer may point
  kFree,
  kExit,      // ends the process
  kFail,      // ends it as a failure
  kCall,      // into a library that was built without the sanitizer, where that matters (library_calls.h),
  kReturn,    // and back from there;
  kCallBack,  // it calls the program,
  kReturnToLibrary,
  kChoice,  // one of several values; no other thread can tell
  kNote,    // no operation: a line that the program adds to a recording
};

// The kind's name in reports: "load", "lock", "notify".
const char* Name(Kind kind);

// What of an object an operation reads or changes, as bits.
using Aspects = std::uint8_t;
inline constexpr Aspects kContent = 1 << 0;    // The bytes in memory.
inline constexpr Aspects kOwner = 1 << 1;      // Who holds a lock alone.
inline constexpr Aspects kReaders = 1 << 2;    // Whether anybody holds it with others.
inline constexpr Aspects kWriters = 1 << 3;    // Whether anybody queues for it.
inline constexpr Aspects kQueue = 1 << 4;      // Who waits on a condition variable or a futex.
inline constexpr Aspects kAnnounced = 1 << 5;  // What a library does without announcing to which object.
inline constexpr Aspects kTime = 1 << 6;       // Virtual time.
inline constexpr Aspects kProcess = 1 << 7;    // Whether the process has ended.
inline constexpr Aspects kEverywhere = kAnnounced | kTime | kProcess;  // Of no address.

struct Operation {
  Kind kind = Kind::kNone;
  Aspects reads = 0, changes = 0;
  bool rereads : 1 = false;      // leaves memory as it is, as far as can be told before: may be a turn of a spin loop
  bool compares : 1 = false;     // a compare-exchange of at most 8 bytes, which stores only if it finds `expected`
  bool gives_first : 1 = false;  // what others wait for: a kRelease of a semaphore at 0, a byte in an empty pipe
  bool timed : 1 = false;        // a try that stands for a wait with a time limit: if it fails, time has passed
  bool met_owner : 1 =
      false;  // the lock had an owner already, the semaphore was at 0: who waits for it cannot come first
  bool met_readers : 1 = false;  // the lock had readers already
  bool waits : 1 = false;        // an operation on a descriptor, until the kernel would not let it wait
  bool meets_all : 1 = false;    // its order with every other operation can matter
  std::uint32_t size = 0;        // bytes; 1 for an object that is known by its address alone
  std::uintptr_t address = 0;    // of the memory or of the object
  const void* pc = nullptr;      // where in the program
  std::uint64_t expected = 0;    // by a compare-exchange or a sleep on a futex; what is called, by a kCall
};

inline bool IsLock(Kind kind) { return kind == Kind::kLock || kind == Kind::kLockShared || kind == Kind::kOnceEnter; }
inline bool IsUnlock(Kind kind) {
  return kind == Kind::kUnlock || kind == Kind::kUnlockShared || kind == Kind::kOnceLeave;
}
inline bool IsTryLock(Kind kind) { return kind == Kind::kTryLock || kind == Kind::kTryLockShared; }

// Whether what it does depends on what it finds when its turn comes.
inline bool IsConditional(const Operation& operation) {
  return operation.compares || IsTryLock(operation.kind) || operation.kind == Kind::kLockShared ||
         operation.kind == Kind::kQueueForLock || operation.kind == Kind::kTryAcquire ||
         operation.kind == Kind::kRelease || operation.kind == Kind::kDescriptorRead ||
         operation.kind == Kind::kDescriptorWrite;
}

// The waits that end where the thread is cancelled. (A lock is waited for all the same; who sleeps is woken.)
inline bool EndsByCancellation(Kind kind) {
  return kind == Kind::kAcquire || kind == Kind::kDescriptorRead || kind == Kind::kDescriptorWrite ||
         kind == Kind::kDescriptorPoll || kind == Kind::kSignalWait;
}

inline bool IsLibraryCall(Kind kind) { return kind >= Kind::kCall && kind <= Kind::kReturnToLibrary; }
inline bool IsMemory(Kind kind) { return kind >= Kind::kRead && kind <= Kind::kCompareExchange; }

// What memory holds at `address`: its first 8 bytes, if it is larger.
inline std::uint64_t Value(std::uintptr_t address, std::size_t size) {
  std::uint64_t value = 0;
  __builtin_memcpy(&value, reinterpret_cast<const void*>(address), size < sizeof value ? size : sizeof value);
  return value;
}

// Whether the order of the two can matter: one changes what the other reads.
inline bool Conflict(const Operation& a, const Operation& b) {
  const Aspects met = (a.changes & b.reads) | (a.reads & b.changes);
  return (met != 0 &&
          ((met & kEverywhere) != 0 || (a.address < b.address + b.size && b.address < a.address + a.size))) ||
         (a.meets_all && b.kind != Kind::kYield) || (b.meets_all && a.kind != Kind::kYield);
}

// Whether all that conflicts with `operation` conflicts with `earlier`.
inline bool Covers(const Operation& earlier, const Operation& operation) {
  return (operation.reads & ~earlier.reads) == 0 && (operation.changes & ~earlier.changes) == 0 &&
         earlier.address <= operation.address && earlier.address + earlier.size >= operation.address + operation.size &&
         operation.meets_all <= earlier.meets_all;
}

// Whether, of two conflicting operations, the later could have come first. Not if it waited for the earlier: what
// unlocks and what then locks, the giving of a semaphore's only unit and its taking; nor if it waited for something
// earlier still, which the earlier one has met, too: a try that failed, another reader; nor a reader that had to wait
// until a writer, which queued before it, had its turn.
inline bool Reversible(const Operation& earlier, const Operation& later) {
  return !(IsUnlock(earlier.kind) && IsLock(later.kind)) && !(IsLock(earlier.kind) && IsUnlock(later.kind)) &&
         !(earlier.gives_first && (later.kind == Kind::kAcquire || (later.waits && later.kind != earlier.kind))) &&
         !(earlier.met_owner && (IsLock(later.kind) || later.kind == Kind::kAcquire)) &&
         !(earlier.met_readers && (earlier.reads & kReaders) != 0 && later.kind == Kind::kLock) &&
         !((earlier.changes & kWriters) != 0 && earlier.kind != Kind::kQueueForLock && later.kind == Kind::kLockShared);
}

// Whether the later could have come first only if other readers, whom the earlier has joined, had left by then.
inline bool DependsOnOtherReaders(const Operation& earlier, const Operation& later) {
  return earlier.met_readers && later.kind == Kind::kLock;
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_
