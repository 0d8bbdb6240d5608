#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_PRIMITIVES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_PRIMITIVES_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/model/barrier.h"
#include "sanitizers/interleave/model/condition.h"
#include "sanitizers/interleave/model/lock.h"
#include "sanitizers/interleave/model/object_index.h"
#include "sanitizers/interleave/model/wait_queue.h"
#include "sanitizers/interleave/operation.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// The objects by which threads wait and signal, in their current state. Each primitive has a file in this folder: its
// state, when an operation on it is possible, what the operation reads and changes, and its name. A new primitive needs
// a new file here, the functions that intercept it (interceptors/), and an entry in this class.
struct Primitives {
  // Call this before each execution.
  void Forget();

  // Whether the operation can be done now: for example, the mutex is free, or the semaphore is not at 0.
  bool Possible(const Operation& operation);

  // Notes in `operation` the result that a conditional operation (IsConditional()) would have now.
  void Settle(Operation& operation);

  // Adds the address of a lock, a condition variable or a barrier to `objects`.
  template <typename Object>
  void Know(Object& object, std::uintptr_t address) {
    if (!object.known) objects.Add(address);
    object.known = true;
  }
  // Forgets the state of all objects in this memory: it will contain other objects.
  void ForgetObjects(std::uintptr_t address, std::size_t size);

  Locks locks;
  AddressMap<Condition> conditions;
  AddressMap<WaitQueue> futexes;
  AddressMap<Barrier> barriers;
  ObjectIndex objects;  // The addresses of locks, condition variables and barriers.
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_PRIMITIVES_H_
