#include "sanitizers/interleave/arena.h"

#include <bit>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {
namespace {

// Precedes each block.
struct Header {
  std::uint32_t state;
  std::uint16_t size_class;
  std::uint16_t offset;  // Of the block from the start of its class's memory, in units of 16 bytes.
  std::uint64_t size;    // As requested.
};
static_assert(sizeof(Header) == 16);

constexpr std::uint32_t kInUse = 0x52614c62, kFree = 0x46726545;
constexpr std::size_t kSmall =
    1024;  // Up to this size, there is a class for each multiple of 16 bytes; beyond it, one for each power of 2.

int SizeClass(std::size_t bytes) {
  if (bytes <= kSmall) return static_cast<int>((bytes + 15) / 16);
  return 64 + std::countr_zero(std::bit_ceil(bytes)) - 10;
}

std::size_t ClassBytes(int size_class) {
  return size_class <= 64 ? 16 * static_cast<std::size_t>(size_class) : std::size_t{1} << (size_class - 64 + 10);
}

Header* HeaderOf(void* block) { return static_cast<Header*>(block) - 1; }

}  // namespace

Arena arena;

int Arena::ClassOf(std::size_t bytes, std::size_t alignment) {
  const std::size_t all = bytes + (alignment > 16 ? alignment : 0);
  return SizeClass(all == 0 ? 1 : all);
}

int Arena::ClassOf(const void* block) { return (static_cast<const Header*>(block) - 1)->size_class; }

void* Arena::Allocate(std::size_t bytes, std::size_t alignment, bool fresh) {
  if (begin == 0) {
    void* memory = MapPages(kReserved);
    if (memory == nullptr) Fatal("out of memory: no room for the program's heap");
    state.next = begin = reinterpret_cast<std::uintptr_t>(memory);
  }
  if (bytes > kReserved || alignment > kReserved) return nullptr;
  const std::size_t slack = alignment > 16 ? alignment : 0;
  const int size_class = ClassOf(bytes, alignment);
  std::uintptr_t memory;  // Header and class's bytes.
  if (void* reused = fresh ? nullptr : state.free[size_class]) {
    state.free[size_class] = *static_cast<void**>(reused);
    memory = reinterpret_cast<std::uintptr_t>(reused) - sizeof(Header);
  } else {
    const std::size_t needed = sizeof(Header) + ClassBytes(size_class);
    if (needed > begin + kReserved - state.next) return nullptr;
    memory = state.next;
    state.next += needed;
  }
  const std::uintptr_t first = memory + sizeof(Header);
  const std::uintptr_t block = slack == 0 ? first : (first + alignment - 1) & ~(alignment - 1);
  *HeaderOf(reinterpret_cast<void*>(block)) = {kInUse, static_cast<std::uint16_t>(size_class),
                                               static_cast<std::uint16_t>((block - first) / 16), bytes};
  return reinterpret_cast<void*>(block);
}

Arena::Freed Arena::Free(void* block) {
  if (!Contains(reinterpret_cast<std::uintptr_t>(block))) return Freed::kNoBlock;
  Header* header = HeaderOf(block);
  if (header->state == kFree) return Freed::kTwice;
  if (header->state != kInUse) return Freed::kNoBlock;
  header->state = kFree;
  void* first = static_cast<char*>(block) - std::size_t{16} * header->offset;
  const int size_class = header->size_class;
  if (first != block) *HeaderOf(first) = *header;
  *static_cast<void**>(first) = state.free[size_class];
  state.free[size_class] = first;
  return Freed::kDone;
}

std::size_t Arena::Size(void* block) const {
  return Contains(reinterpret_cast<std::uintptr_t>(block)) && HeaderOf(block)->state == kInUse ? HeaderOf(block)->size
                                                                                               : 0;
}

}  // namespace racelab::interleave
