#ifndef RACELAB_SANITIZERS_INTERLEAVE_OLDER_VALUES_H_
#define RACELAB_SANITIZERS_INTERLEAVE_OLDER_VALUES_H_

// Loads that do not return the latest value. The memory model of C++ lets an atomic load return an older one, unless
// something that happens before the load, or the order of the sequentially consistent operations, says that it has been
// overwritten. If the option `older_values` is set, such values are tried as well: then a memory order that is too weak
// is found even if it publishes no plain memory.
//
// What is found, C++ permits: the stores to an object, and the sequentially consistent operations, take effect in the
// order in which the execution runs them, and an update always reads the latest value. What needs another order of
// stores is not found, and nothing is tried after a sequentially consistent fence.

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

class OlderValues {
 public:
  // Whether loads may return older values.
  bool active = false;

  // At most so many loads of an execution return an older value; 0: none does.
  void BeginExecution(std::uint64_t most);

  // The calls below are made by the running thread, for objects of at most eight bytes.

  // About to access an object, whose value is `value`. Values that are not known to have been stored start it anew.
  void Meet(std::uintptr_t address, std::size_t size, std::uint64_t value);
  // Has stored `value`, at this time of its clock.
  void Stored(std::uintptr_t address, std::uint64_t value, std::int32_t time, int order);
  // Loads with this order: how many values it may return, from the latest backwards.
  int Choices(std::uintptr_t address, int order);
  // Has loaded the value that is so many stores older than the latest: notes that the thread has seen it. Returns it.
  std::uint64_t Loaded(std::uintptr_t address, int older, int order);
  // What a thread acquires that has loaded this value.
  const VectorClock& ReleasedBy(std::uintptr_t address, int older);
  void Fence(int order);
  // The memory is handed out again, and what is stored there later has nothing to do with what was stored before.
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
