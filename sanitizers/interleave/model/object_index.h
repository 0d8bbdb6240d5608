#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_OBJECT_INDEX_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_OBJECT_INDEX_H_

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// The addresses of an execution's locks, condition variables and barriers, by page. When memory is reused, this finds
// the objects whose state must be forgotten without a check of every byte.
class ObjectIndex {
 public:
  void Forget() {
    first_.Forget();
    entries_.clear();
  }

  void Add(std::uintptr_t address) {
    std::int32_t& first = first_[address / kPage];  // 0: none; otherwise an index + 1.
    entries_.push_back({address, first});
    first = static_cast<std::int32_t>(entries_.size());
  }

  template <typename Function>
  void ForEachIn(std::uintptr_t address, std::size_t size, Function&& function) {
    if (entries_.empty() || size == 0) return;
    for (std::uintptr_t page = address / kPage; page <= (address + size - 1) / kPage; ++page) {
      const std::int32_t* first = first_.Find(page);
      for (std::int32_t i = first == nullptr ? 0 : *first; i != 0; i = entries_[i - 1].next) {
        if (entries_[i - 1].address - address < size) function(entries_[i - 1].address);
      }
    }
  }

 private:
  static constexpr std::uintptr_t kPage = 4096;
  struct Entry {
    std::uintptr_t address;
    std::int32_t next;
  };
  AddressMap<std::int32_t> first_;
  Vector<Entry> entries_;
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_OBJECT_INDEX_H_
