#ifndef RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// What a thread does in one step, as far as other threads can tell.
enum class Kind : std::uint8_t {
  kNone,
  kRead,  // plain accesses: steps only once a race on their address has been seen
  kWrite,
  kLoad,  // atomics
  kStore,
  kUpdate,           // read-modify-write
  kCompareExchange,  // kLoad by the time it is recorded, if it fails
  kLock,
  kLockShared,
  kTryLock,
  kTryLockShared,
  kUnlock,
  kUnlockShared,
  kWait,     // enters the queue of a condition variable
  kTimeout,  // leaves a queue because its time is up
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
  kDescriptorRead,  // takes from a pipe, a socket, an eventfd; waits until there is something
  kDescriptorWrite,
  kDescriptorPoll,  // asks for any of several
  kSignal,          // sends a signal to another thread or to the process
  kSignalWait,
  kYield,
  kChoice,  // one of several values; no other thread can tell
  kNote,    // no operation: a line that the program adds to a recording
};

// The kind's name in reports: "load", "lock", "notify".
const char* Name(Kind kind);

struct Operation {
  Kind kind = Kind::kNone;
  bool writes = false;         // conflicts with reads as well
  bool rereads = false;        // leaves memory as it is, as far as can be told before: may be a turn of a spin loop
  bool compares = false;       // a compare-exchange of at most 8 bytes, which stores only if it finds `expected`
  bool gives_first = false;    // what others wait for: a kRelease of a semaphore that is at 0, a byte in an empty pipe
  bool waits = false;          // an operation on a descriptor, until the kernel would not let it wait
  bool may_wait = false;       // an announced unlock, which may be a wait on a condition variable that is not announced
  bool meets_all = false;      // its order with every other operation can matter
  bool notifies = false;       // an announced notification, of which condition variable is not announced
  std::uint32_t size = 0;      // bytes; 1 for an object that is known by its address alone
  std::uintptr_t address = 0;  // of the memory or of the object
  const void* pc = nullptr;    // where in the program
  std::uint64_t expected = 0;
};

inline bool Locks(Kind kind) { return kind == Kind::kLock || kind == Kind::kLockShared || kind == Kind::kOnceEnter; }
inline bool Unlocks(Kind kind) {
  return kind == Kind::kUnlock || kind == Kind::kUnlockShared || kind == Kind::kOnceLeave;
}

// Whether what it does depends on what it finds when its turn comes.
inline bool IsConditional(const Operation& operation) {
  return operation.compares || operation.kind == Kind::kTryLock || operation.kind == Kind::kTryLockShared ||
         operation.kind == Kind::kTryAcquire || operation.kind == Kind::kRelease ||
         operation.kind == Kind::kDescriptorRead || operation.kind == Kind::kDescriptorWrite;
}

inline bool IsMemory(Kind kind) { return kind >= Kind::kRead && kind <= Kind::kCompareExchange; }

// What memory holds at `address`: its first 8 bytes, if it is larger.
inline std::uint64_t Value(std::uintptr_t address, std::size_t size) {
  std::uint64_t value = 0;
  __builtin_memcpy(&value, reinterpret_cast<const void*>(address), size < sizeof value ? size : sizeof value);
  return value;
}

// Whether the operation is one on a lock, which is an object of its own and not the memory at its address.
inline bool ConcernsLock(const Operation& operation) {
  return Locks(operation.kind) || Unlocks(operation.kind) || operation.kind == Kind::kTryLock ||
         operation.kind == Kind::kTryLockShared || operation.may_wait;
}

// Whether the two can meet: a lock is not the memory at its address, but what has happened once is seen in both.
inline bool SameNature(const Operation& a, const Operation& b) {
  return ConcernsLock(a) == ConcernsLock(b) || a.kind == Kind::kOnceLeave || b.kind == Kind::kOnceLeave;
}

// Whether the order of the two can matter: they meet in an object, and one of them changes it.
inline bool Conflict(const Operation& a, const Operation& b) {
  return ((a.writes || b.writes) && a.address < b.address + b.size && b.address < a.address + a.size &&
          SameNature(a, b)) ||
         (a.may_wait && b.notifies) || (a.notifies && b.may_wait) || a.meets_all || b.meets_all;
}

// Whether, of two conflicting operations, the later could have come first. Not if it waited for the earlier: what
// unlocks and what then locks, the giving of a semaphore's only unit and its taking.
inline bool Reversible(const Operation& earlier, const Operation& later) {
  return !(Unlocks(earlier.kind) && Locks(later.kind)) && !(Locks(earlier.kind) && Unlocks(later.kind)) &&
         !(earlier.gives_first && (later.kind == Kind::kAcquire || (later.waits && later.kind != earlier.kind)));
}

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OPERATION_H_
