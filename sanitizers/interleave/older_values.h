#ifndef RACELAB_SANITIZERS_INTERLEAVE_OLDER_VALUES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OLDER_VALUES_H_

// Loads that do not return the latest value. C++ lets an atomic load return an older value, unless a store that happens
// before the load, or the order of sequentially consistent operations, requires a later one. If the option
// `older_values` is set, such values are tried as well. This finds memory orders that are too weak even if they publish
// no plain memory.
//
// C++ permits every execution that is found. The stores to an object, and the sequentially consistent operations, take
// effect in the order in which the execution runs them, and an update always reads the latest value. Behaviour that
// needs another order of stores is not found, and no older values are tried after a sequentially consistent fence.

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

class OlderValues {
 public:
  // Whether loads may return older values.
  bool active = false;

  // At most `most` loads of an execution return an older value.
  void BeginExecution(std::uint64_t most);

  // The calls below are made by the running thread, for objects of at most eight bytes.

  // The thread is about to access an object whose value is `value`. If no known store wrote this value, the object's
  // history starts again with it.
  void Meet(std::uintptr_t address, std::size_t size, std::uint64_t value);
  // The thread has stored `value` at this time of its clock.
  void Stored(std::uintptr_t address, std::uint64_t value, std::int32_t time, int order);
  // The number of values that a load with this order may return, from the latest backwards.
  int Choices(std::uintptr_t address, int order);
  // The thread loads the value that is `older` stores before the latest: notes that the thread has seen it, and returns
  // it.
  std::uint64_t Loaded(std::uintptr_t address, int older, int order);
  // The clock that a thread acquires by loading this value.
  const VectorClock& ReleasedBy(std::uintptr_t address, int older);
  void Fence(int order);
  // The memory is reused: later stores there have nothing to do with earlier ones.
  void Forget(std::uintptr_t address, std::size_t size);

 private:
  struct Store {
    std::uint64_t value;
    int thread;  // -1: before everything else
    std::int32_t time;
    VectorClock released;
  };
  struct Look {
    std::size_t number;  // of the store
    int thread;
    std::int32_t time;
  };
  struct Object {
    std::uintptr_t address = 0;
    std::size_t size = 0;
    std::size_t forgotten = 0;  // how many stores came before the first of `stores`
    Vector<Store> stores;
    Vector<Look> looks;
    std::size_t sequential = 0;  // no sequentially consistent load may return an older one than this
  };

  Object& At(std::uintptr_t address) { return objects_[*indices_.Find(address)]; }

  AddressMap<std::size_t> indices_;
  Vector<Object> objects_;  // Reused by each execution.
  std::size_t used_ = 0;
  std::uint64_t left_ = 0;
};

extern OlderValues older_values;

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_OLDER_VALUES_H_
