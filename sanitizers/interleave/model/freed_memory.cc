#include "sanitizers/interleave/model/freed_memory.h"

#include <string.h>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {

FreedMemory freed_memory;

void FreedMemory::BeginExecution() {
  for (const Block& block : blocks_) Mark(block.address, block.size, false);
  blocks_.clear();
}

void FreedMemory::Add(std::uintptr_t address, std::size_t size, int size_class, const Access& freed) {
  if (bits_ == nullptr) {
    bits_ = static_cast<unsigned char*>(MapPages(Arena::kReserved / 128));
    if (bits_ == nullptr) Fatal("out of memory: no room to record freed blocks");
  }
  blocks_.push_back({address, size, freed, size_class});
  Mark(address, size, true);
}

void FreedMemory::Remove(std::uintptr_t address, std::size_t size) {
  if (Contains(address)) Mark(address, size, false);
}

const FreedMemory::Block* FreedMemory::Find(std::uintptr_t address, std::size_t size) const {
  for (std::size_t i = blocks_.size(); i-- > 0;) {
    const Block& block = blocks_[i];
    if (address < block.address + block.size && block.address < address + size) return &block;
  }
  return nullptr;
}

void FreedMemory::Mark(std::uintptr_t address, std::size_t size, bool freed) {
  std::size_t unit = (address - arena.begin) / 16;  // One bit each.
  const std::size_t end = (address - arena.begin + size + 15) / 16;
  const auto mark = [&](std::size_t i) {
    const auto bit = static_cast<unsigned char>(1u << (i % 8));
    bits_[i / 8] = static_cast<unsigned char>(freed ? bits_[i / 8] | bit : bits_[i / 8] & ~bit);
  };
  for (; unit < end && unit % 8 != 0; ++unit) mark(unit);
  const std::size_t whole = unit < end ? (end - unit) / 8 : 0;
  if (whole > 0) memset(bits_ + unit / 8, freed ? 0xFF : 0, whole);
  for (unit += 8 * whole; unit < end; ++unit) mark(unit);
}

}  // namespace racelab::interleave
