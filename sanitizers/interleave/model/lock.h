#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_LOCK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_LOCK_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// A mutex, a read-write lock, a spin lock; what is done once is held by whoever does it.
//
// An operation on a lock reads and changes three things: who owns it alone, whether anybody reads, and whether a writer
// queues. Two readers that come or go do not depend on each other; a try reads all that its result depends on, whatever
// that is.
struct Lock {
  std::int8_t owner = -1;  // The slot of whoever has it alone.
  std::int8_t last_owner = -1;
  bool known = false;            // To Primitives::objects.
  bool owner_died = false;       // Of a robust mutex: EOWNERDEAD for whoever comes next,
  bool not_recoverable = false;  // and nobody has made it consistent.
  // Of an announced one: whoever has it may take it again; it is not known when its life begins; or ends.
  bool reentrant = false, lives_always = false, not_static = false;
  std::uint16_t depth = 0;       // Of a recursive one.
  std::uint32_t hand_overs = 0;  // How often another thread than before has come to own it.
  ThreadSet readers = 0;
  ThreadSet queued_writers = 0;  // Of a read-write lock that prefers writers: readers wait for them.

  bool IsHeld() const { return owner >= 0 || readers != 0; }

  void Own(int slot) {
    if (last_owner != slot) ++hand_overs;
    owner = last_owner = static_cast<std::int8_t>(slot);
    depth = 1;
    queued_writers &= ~Only(slot);
  }
  void LetGo() {
    owner = -1;
    depth = 0;
  }
};

// All locks of an execution that have been used.
class Locks {
 public:
  void Forget() { locks_.Forget(); }
  Lock& operator[](std::uintptr_t address) { return locks_[address]; }
  const Lock* Find(std::uintptr_t address) { return locks_.Find(address); }

  // Whether the lock is as the operation wants it. A read-write lock that prefers writers is known by their queueing.
  bool Possible(const Operation& operation);

  // What a try will turn out to be, done now, and what it or a reader will meet.
  void Settle(Operation& operation);

 private:
  AddressMap<Lock> locks_;
};

// An operation of one of the kinds that concern locks.
Operation OnLock(Kind kind, std::uintptr_t address, const void* pc, bool prefers_writers = false);

// The names of these operations in reports; null for any other.
const char* NameOnLock(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_LOCK_H_
