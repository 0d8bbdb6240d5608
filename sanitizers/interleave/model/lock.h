#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_LOCK_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_LOCK_H_

#include <cstdint>

#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

// A mutex, a read-write lock, a spin lock, or the state of a one-time initialisation (model/once.h).
//
// An operation on a lock reads and changes three things: its exclusive owner, whether there are readers, and whether a
// writer queues. Readers that lock or unlock do not depend on each other; a try reads everything that its result
// depends on.
struct Lock {
  std::int8_t owner = -1;  // The slot of the thread that holds it exclusively.
  std::int8_t last_owner = -1;
  bool known = false;            // Whether Primitives::objects contains it.
  bool owner_died = false;       // Of a robust mutex: the next owner gets EOWNERDEAD.
  bool not_recoverable = false;  // An owner died, and nobody made it consistent.
  // Of an announced lock: its owner may take it again; it exists even before its constructor and after its destructor;
  // its constructor has announced it.
  bool reentrant = false, lives_always = false, not_static = false;
  std::uint16_t depth = 0;       // Of a recursive lock.
  std::uint32_t hand_overs = 0;  // How often a thread other than the last owner took it.
  ThreadSet readers = 0;
  ThreadSet queued_writers = 0;  // Of a lock that prefers writers: new readers wait for them.

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

// All locks that an execution has used.
class Locks {
 public:
  void Forget() { locks_.Forget(); }
  Lock& operator[](std::uintptr_t address) { return locks_[address]; }
  const Lock* Find(std::uintptr_t address) { return locks_.Find(address); }

  // Whether the lock's state permits the operation. Writers queue only for a lock that prefers writers.
  bool Possible(const Operation& operation);

  // Notes in `operation` the result that a try would have now, and the owner or readers that a try or a reader would
  // meet.
  void Settle(Operation& operation);

 private:
  AddressMap<Lock> locks_;
};

// An operation of a kind that concerns locks.
Operation OnLock(Kind kind, std::uintptr_t address, const void* pc, bool prefers_writers = false);

// The names of these operations in reports; null for any other.
const char* NameOnLock(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_LOCK_H_
