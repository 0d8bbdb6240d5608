#ifndef RACELAB_SANITIZERS_INTERLEAVE_RUNTIME_MEMORY_H_
#define RACELAB_SANITIZERS_INTERLEAVE_RUNTIME_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace racelab::interleave {

// The runtime's own memory. It must not come from malloc, whose memory belongs to the program and is reset with it
// before each execution.
void* AllocateRuntimeMemory(std::size_t bytes);
void FreeRuntimeMemory(void* block, std::size_t bytes);

template <typename T>
struct RuntimeAllocator {
  using value_type = T;
  RuntimeAllocator() = default;
  template <typename U>
  RuntimeAllocator(const RuntimeAllocator<U>&) {}  // NOLINT: allocators convert.
  T* allocate(std::size_t n) { return static_cast<T*>(AllocateRuntimeMemory(n * sizeof(T))); }
  void deallocate(T* block, std::size_t n) { FreeRuntimeMemory(block, n * sizeof(T)); }
  bool operator==(const RuntimeAllocator&) const { return true; }
};

template <typename T>
using Vector = std::vector<T, RuntimeAllocator<T>>;

// Maps addresses to the runtime's data about the objects of one execution. Forget() takes constant time, no matter how
// many objects there were: every entry has the number of the execution that made it.
template <typename T>
class AddressMap {
 public:
  void Forget() {
    ++generation_;
    used_ = 0;
  }

  // The entry of `address`, which is created if it does not exist. Valid until the next call.
  T& operator[](std::uintptr_t address) {
    if (2 * used_ >= mask_) Grow();
    Slot& slot = Probe(address);
    if (slot.generation != generation_) {
      slot.generation = generation_;
      slot.address = address;
      slot.value = T();
      ++used_;
    }
    return slot.value;
  }

  // Null if there is no entry.
  T* Find(std::uintptr_t address) {
    if (used_ == 0) return nullptr;
    Slot& slot = Probe(address);
    return slot.generation == generation_ ? &slot.value : nullptr;
  }

 private:
  struct Slot {
    std::uintptr_t address = 0;
    std::uint64_t generation = 0;
    T value{};
  };

  Slot& Probe(std::uintptr_t address) {
    std::size_t i = ((address >> 2) * 0x9E3779B97F4A7C15u) >> 32 & mask_;
    while (slots_[i].generation == generation_ && slots_[i].address != address) i = (i + 1) & mask_;
    return slots_[i];
  }

  void Grow() {
    Vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    used_ = 0;
    for (Slot& slot : old) {
      if (slot.generation == generation_) (*this)[slot.address] = slot.value;
    }
  }

  Vector<Slot> slots_;  // The size is a power of two, or zero.
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
  std::uint64_t generation_ = 1;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_RUNTIME_MEMORY_H_
