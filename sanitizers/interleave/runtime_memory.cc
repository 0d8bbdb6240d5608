#include "sanitizers/interleave/runtime_memory.h"

#include <bit>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kChunk = 1 << 20;

struct FreeBlock {
  FreeBlock* next;
};

FreeBlock* free_blocks[64];  // Indexed by the binary logarithm of their size.
char* chunk = nullptr;
std::size_t left_in_chunk = 0;

std::size_t Rounded(std::size_t bytes) { return std::bit_ceil(bytes < 16 ? 16 : bytes); }

}  // namespace

void* AllocateRuntimeMemory(std::size_t bytes) {
  const std::size_t size = Rounded(bytes);
  FreeBlock*& list = free_blocks[std::countr_zero(size)];
  if (list != nullptr) {
    FreeBlock* block = list;
    list = block->next;
    return block;
  }
  if (size > left_in_chunk) {
    left_in_chunk = size > kChunk ? size : kChunk;
    void* memory = MapPages(left_in_chunk);
    if (memory == nullptr) Fatal("out of memory: the runtime needs %zu more bytes", left_in_chunk);
    chunk = static_cast<char*>(memory);
  }
  void* block = chunk;
  chunk += size;
  left_in_chunk -= size;
  return block;
}

void FreeRuntimeMemory(void* block, std::size_t bytes) {
  FreeBlock*& list = free_blocks[std::countr_zero(Rounded(bytes))];
  auto* freed = static_cast<FreeBlock*>(block);
  freed->next = list;
  list = freed;
}

}  // namespace racelab::interleave
