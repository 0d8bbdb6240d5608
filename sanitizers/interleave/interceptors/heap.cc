// The heap.

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>
#include <bit>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/interceptors/library/accesses.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/model/freed_memory.h"
#include "sanitizers/interleave/older_values.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

// Outside executions, real threads may share the heap.
class OutsideLock {
 public:
  OutsideLock() {
    if (locks_) {
      while (__atomic_test_and_set(&taken, __ATOMIC_ACQUIRE)) {
      }
    }
  }
  ~OutsideLock() {
    if (locks_) __atomic_clear(&taken, __ATOMIC_RELEASE);
  }

 private:
  static inline bool taken = false;
  const bool locks_ = !execution.live;
};

// Records the stack of a call at `pc`, and returns its index; -1 if nothing is recorded.
std::int32_t StackOf(const void* pc) {
  if (execution.recording == nullptr) return -1;
  const LibraryFrames frames(pc);
  return execution.RecordStack(execution.current, pc);
}

constexpr std::uintptr_t kMostFresh = std::uintptr_t{256} << 20;  // Heap size beyond which freed blocks are reused.

// Whether the next block of its class must not be a freed one. This is a choice if the allocation is a step.
bool WantsFresh(std::size_t bytes, std::size_t alignment, const void* pc) {
  if (!Visible()) return false;
  if (execution.only_fresh_blocks) return arena.state.next - arena.begin < kMostFresh;
  if (!execution.concurrent()) return false;
  const int size_class = Arena::ClassOf(bytes, alignment);
  if (execution.promoted.Find(BlocksOfClass(size_class)) == nullptr) return false;
  execution.Step(OnBlocks(Kind::kAllocate, size_class, pc));
  return arena.state.free[size_class] != nullptr && execution.Choose(2, pc) == 1;
}

// Call this before a block is freed: if reuse of its address is to be explored, freeing it is a step.
void ConsiderReuse(void* block, std::size_t size, const void* pc) {
  const int size_class = Arena::ClassOf(block);
  if (execution.promoted.Find(BlocksOfClass(size_class)) != nullptr) {
    execution.Step(OnBlocks(Kind::kFree, size_class, pc));
  } else if (!options.addresses) {
    execution.left_out.unvaried_addresses = true;
  } else if (execution.looks_for_stale_pointers > 0) {
    execution.me().freed.push_back({Address(block), size, size_class});
  }
}

// Allocating a block writes it: an access by another thread must happen after that.
void* Allocate(std::size_t bytes, std::size_t alignment, const void* pc) {
  const bool fresh = WantsFresh(bytes, alignment, pc);
  void* block;
  {
    const OutsideLock lock;
    block = arena.Allocate(bytes, alignment, fresh);
  }
  if (block == nullptr) {
    errno = ENOMEM;
  } else if (Live()) {
    execution.reuses_freed_blocks |= freed_memory.Contains(Address(block));
    freed_memory.Remove(Address(block), arena.Size(block));
    execution.ForgetObjects(Address(block), bytes);
    if (older_values.active) [[unlikely]]
      older_values.Forget(Address(block), bytes);
    if (Visible() && execution.concurrent() && execution.me().ignoring_accesses == 0) {
      execution.happens_before.Allocate(execution.current, execution.me().number, Address(block), bytes, pc,
                                        StackOf(pc));
    } else {
      execution.happens_before.Reuse(Address(block), bytes);
    }
  }
  return block;
}

void Free(void* block, const void* pc) {
  if (block == nullptr) return;
  if (Visible()) {
    if (execution.recording != nullptr) execution.NoteValueAfter(execution.current);  // Such as a count that is now 0.
    const std::size_t size = arena.Size(block);
    HappensBefore::Race race;
    if (size != 0 && execution.concurrent()) ConsiderReuse(block, size, pc);
    if (execution.concurrent() && execution.me().ignoring_accesses == 0 &&
        execution.happens_before.Free(execution.current, Address(block), size, race))
      execution.ReportFree(race, Address(block), pc);
    Access access = {};
    access.pc = pc;
    access.stack = StackOf(pc);
    access.number = static_cast<std::uint16_t>(execution.me().number);
    access.thread = static_cast<std::uint8_t>(execution.current);
    access.write = true;
    access.lifetime = Lifetime::kEnds;
    if (size != 0) freed_memory.Add(Address(block), size, Arena::ClassOf(block), access);
  }
  Arena::Freed freed;
  {
    const OutsideLock lock;
    freed = arena.Free(block);
  }
  if (freed == Arena::Freed::kDone || !Live()) return;
  execution.Fail(FailureKind::kHeapMisuse,
                 freed == Arena::Freed::kTwice ? "T%d frees a block that has been freed already"
                                               : "T%d frees memory that is not a heap block",
                 execution.me().number);
}

// Copies from the old block as memcpy() does.
void* Reallocate(void* block, std::size_t bytes, const void* pc) {
  if (block == nullptr) return Allocate(bytes, 16, pc);
  if (bytes == 0) {
    Free(block, pc);
    return nullptr;
  }
  const std::size_t kept = std::min(bytes, arena.Size(block));
  Reads(block, kept, pc);
  void* other = Allocate(bytes, 16, pc);
  if (other == nullptr) return nullptr;
  memcpy(other, block, kept);
  Free(block, pc);
  return other;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void* malloc(std::size_t bytes) { return Allocate(bytes, 16, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void free(void* block) { Free(block, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void* calloc(std::size_t count, std::size_t size) {
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* block = Allocate(bytes, 16, RACELAB_CALLER);
  if (block != nullptr) memset(block, 0, bytes);
  return block;
}
RACELAB_INTERCEPTOR void* realloc(void* block, std::size_t bytes) { return Reallocate(block, bytes, RACELAB_CALLER); }
RACELAB_INTERCEPTOR void* reallocarray(void* block, std::size_t count, std::size_t size) {
  std::size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return nullptr;
  }
  return Reallocate(block, bytes, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void* memalign(std::size_t alignment, std::size_t bytes) {
  return Allocate(bytes, alignment, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return Allocate(bytes, alignment, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void* valloc(std::size_t bytes) { return Allocate(bytes, 4096, RACELAB_CALLER); }
RACELAB_INTERCEPTOR int posix_memalign(void** result, std::size_t alignment, std::size_t bytes) {
  if (!std::has_single_bit(alignment) || alignment < sizeof(void*)) return EINVAL;
  void* block = Allocate(bytes, alignment, RACELAB_CALLER);
  if (block == nullptr) return ENOMEM;
  *result = block;
  NoteResult(result, RACELAB_CALLER);
  return 0;
}
// Anonymous memory that is mapped before an execution must be restored, so it comes from the heap, too.
RACELAB_INTERCEPTOR void* mmap(void* hint, std::size_t bytes, int protection, int flags, int file,
                               off_t offset) noexcept {
  if (Live()) {
    return reinterpret_cast<void*>(CallKernel(RACELAB_CALLER, SYS_mmap, AsArgument(hint), static_cast<long>(bytes),
                                              protection, flags, file, offset));
  }
  const bool anonymous = flags == (MAP_PRIVATE | MAP_ANONYMOUS) && protection == (PROT_READ | PROT_WRITE);
  if (!anonymous) return REAL(mmap)(hint, bytes, protection, flags, file, offset);
  void* block = Allocate(bytes, 4096, RACELAB_CALLER);
  if (block == nullptr) return MAP_FAILED;
  return memset(block, 0, bytes);
}
RACELAB_INTERCEPTOR void* mmap64(void* hint, std::size_t bytes, int protection, int flags, int file,
                                 off64_t offset) noexcept {
  return mmap(hint, bytes, protection, flags, file, offset);
}
RACELAB_INTERCEPTOR int munmap(void* address, std::size_t bytes) noexcept {
  if (Live()) {
    return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_munmap, AsArgument(address), static_cast<long>(bytes)));
  }
  if (!arena.Contains(reinterpret_cast<std::uintptr_t>(address))) return REAL(munmap)(address, bytes);
  if (arena.Size(address) == bytes) Free(address, RACELAB_CALLER);  // Part of a block stays allocated.
  return 0;
}

RACELAB_INTERCEPTOR std::size_t malloc_usable_size(void* block) { return block == nullptr ? 0 : arena.Size(block); }

// A program that replaces the heap calls this one by these names.
#define RACELAB_OTHER_NAMES(name)                                            \
  asm(".globl __interceptor_" #name ", ___interceptor_" #name                \
      "\n"                                                                   \
      ".type __interceptor_" #name ",@function\n.type ___interceptor_" #name \
      ",@function\n"                                                         \
      ".set __interceptor_" #name ", " #name "\n.set ___interceptor_" #name ", " #name)
RACELAB_OTHER_NAMES(malloc);
RACELAB_OTHER_NAMES(free);
RACELAB_OTHER_NAMES(calloc);
RACELAB_OTHER_NAMES(realloc);
RACELAB_OTHER_NAMES(reallocarray);
RACELAB_OTHER_NAMES(memalign);
RACELAB_OTHER_NAMES(aligned_alloc);
RACELAB_OTHER_NAMES(valloc);
RACELAB_OTHER_NAMES(posix_memalign);
RACELAB_OTHER_NAMES(malloc_usable_size);
