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

// What threads wait for and tell each other by, in the state that the execution has brought it to. Each primitive has a
// file of its own in this folder: its state, what makes an operation on it possible, what that reads and changes, and
// what it is called. A new one is a new file and the functions that stand in for it (interceptors/), and is named here.
struct Primitives {
  // Before each execution.
  void Forget();

  // Whether the operation can be done now: the mutex is free, the semaphore is not at 0.
  bool Possible(const Operation& operation);

  // What a conditional operation (IsConditional()) will turn out to be, done now.
  void Settle(Operation& operation);

  // Notes the address of a lock, a condition variable or a barrier.
  template <typename Object>
  void Know(Object& object, std::uintptr_t address) {
    if (!object.known) objects.Add(address);
    object.known = true;
  }
  // What was known of objects in this memory is known no longer: it is another object's.
  void ForgetObjects(std::uintptr_t address, std::size_t size);

  Locks locks;
  AddressMap<Condition> conditions;
  AddressMap<WaitQueue> futexes;
  AddressMap<Barrier> barriers;
  ObjectIndex objects;  // The addresses of locks, condition variables and barriers.
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_PRIMITIVES_H_
