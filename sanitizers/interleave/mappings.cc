// Memory that an execution maps. It has the same addresses in every execution, and is unmapped at the end.

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/older_values.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostForgotten = std::size_t{1} << 30;  // Larger new mappings keep their accesses.
constexpr std::size_t kFromTheHeap = 1 << 20;                 // Up to this size, anonymous memory is a heap block.

// Address space from which an execution takes one piece after another. It begins at `wish`, where other mappings are
// unlikely, in every process: a schedule identifies memory there by its address.
class Region {
 public:
  Region(std::uintptr_t wish, std::size_t size, int flags) : wish_(wish), size_(size), flags_(flags) {}

  // Returns the address of a piece; 0 if there is no room.
  std::uintptr_t Take(std::size_t bytes) {
    if (begin_ == 0) {
      const long reserved = Reserve(wish_, size_, flags_);
      if (IsError(reserved)) return 0;
      begin_ = next_ = static_cast<std::uintptr_t>(reserved);
    }
    if (PageAfter(bytes) > begin_ + size_ - next_) return 0;
    const std::uintptr_t piece = next_;
    next_ += PageAfter(bytes) + kPage;  // Leaves an unmapped page between two pieces.
    return piece;
  }
  bool Contains(std::uintptr_t address) const { return address - begin_ < size_ && begin_ != 0; }
  void GiveBack(std::uintptr_t address, std::size_t bytes) { Reserve(address, PageAfter(bytes), MAP_FIXED); }
  void SetBack() {
    if (next_ != begin_) GiveBack(begin_, next_ - begin_);
    next_ = begin_;
  }

 private:
  static long Reserve(std::uintptr_t address, std::size_t bytes, int flags) {
    return SystemCall(SYS_mmap, static_cast<long>(address), static_cast<long>(bytes), PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
  }

  std::uintptr_t begin_ = 0, next_ = 0;
  std::uintptr_t wish_;
  std::size_t size_;
  int flags_;
};

constexpr std::size_t kMostElsewhere = std::size_t{1} << 40;
std::size_t elsewhere = 0;  // Bytes that this execution has mapped outside both regions.
Region anywhere(std::uintptr_t{0x2000} << 32, std::size_t{64} << 30, 0);
Region low(std::uintptr_t{0x5000} << 16, std::size_t{256} << 20, MAP_32BIT);

struct Piece {
  std::uintptr_t begin;
  std::size_t bytes;
};
Vector<Piece> to_unmap;   // Mappings at addresses that the program chose.
Vector<Piece> to_unlock;  // Parts of the heap and of variables whose protection the program has changed.

// Memory of files that this execution has mapped, and shares. Accesses are compared by their addresses, so two mappings
// of the same memory are not known to be one.
struct SharedPart {
  dev_t device;
  ino_t file;
  std::size_t begin, end;  // In the file.
  std::uintptr_t address;
};
Vector<SharedPart> shared_parts;

void NoteMapped(const KernelCall& call, long address) {
  const long* a = call.arguments;
  if (IsError(address) || (a[3] & MAP_ANONYMOUS) != 0 || (a[3] & MAP_TYPE) == MAP_PRIVATE) return;
  struct stat file = {};
  if (IsError(SystemCall(SYS_fstat, a[4], AsArgument(&file)))) return;
  const auto begin = static_cast<std::size_t>(a[5]);
  const SharedPart mapped = {file.st_dev, file.st_ino, begin, begin + static_cast<std::size_t>(a[1]),
                             static_cast<std::uintptr_t>(address)};
  for (const SharedPart& part : shared_parts) {
    execution.left_out.aliases |=
        part.device == mapped.device && part.file == mapped.file && part.begin < mapped.end && mapped.begin < part.end;
  }
  shared_parts.push_back(mapped);
}

// All accesses must have happened before: a later one crashes.
void ExpectUnused(KernelCall& call) {
  HappensBefore::Race race;
  if (Visible() && execution.concurrent() && execution.me().ignoring_accesses == 0 &&
      execution.happens_before.Free(execution.current, static_cast<std::uintptr_t>(call.arguments[0]),
                                    static_cast<std::size_t>(call.arguments[1]), race))
    execution.ReportFree(race, race.address, PlaceOf(call));
}

void NoteUnmapped(const KernelCall& call) {
  const auto begin = static_cast<std::uintptr_t>(call.arguments[0]);
  for (SharedPart& part : shared_parts) {
    if (part.address - begin < static_cast<std::size_t>(call.arguments[1])) part.end = part.begin;
  }
}

Region* RegionOf(std::uintptr_t address) {
  if (anywhere.Contains(address)) return &anywhere;
  return low.Contains(address) ? &low : nullptr;
}

bool InHeap(long address) { return arena.Contains(static_cast<std::uintptr_t>(address)); }

// New memory at a reused address: it counts as not accessed.
long New(long mapped, std::size_t bytes) {
  if (!IsError(mapped) && bytes <= kMostForgotten) {
    execution.happens_before.Reuse(static_cast<std::uintptr_t>(mapped), bytes);
    execution.ForgetObjects(static_cast<std::uintptr_t>(mapped), bytes);
    if (older_values.active) [[unlikely]]
      older_values.Forget(static_cast<std::uintptr_t>(mapped), bytes);
  }
  return mapped;
}

long Map(const KernelCall& call) {
  const long* a = call.arguments;
  const auto bytes = static_cast<std::size_t>(a[1]);
  const long flags = a[3];
  if (flags == (MAP_PRIVATE | MAP_ANONYMOUS) && a[2] == (PROT_READ | PROT_WRITE) && bytes <= kFromTheHeap &&
      bytes > 0) {
    void* block = memalign(kPage, PageAfter(bytes));
    return block == nullptr ? -ENOMEM : AsArgument(memset(block, 0, PageAfter(bytes)));
  }
  if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) != 0) {
    const auto address = static_cast<std::uintptr_t>(a[0]);
    if (RegionOf(address) == nullptr) {
      if (InHeap(a[0]) || EndOfSavedMemory(address) != 0) {
        ExpectWrites(reinterpret_cast<void*>(address), bytes);
        to_unlock.push_back({address, PageAfter(bytes)});
      } else {
        to_unmap.push_back({address, PageAfter(bytes)});
      }
    }
    return New(PassOn(call), bytes);
  }
  Region& region = (flags & MAP_32BIT) != 0 ? low : anywhere;
  const std::uintptr_t piece = region.Take(bytes);
  if (bytes == 0) return -EINVAL;
  if (piece == 0) {  // No room there: the kernel chooses the address. The limit keeps some address space free.
    if (bytes > kMostElsewhere - elsewhere) return -ENOMEM;
    const long result = PassOn(call);
    if (IsError(result)) return result;
    elsewhere += bytes;
    to_unmap.push_back({static_cast<std::uintptr_t>(result), PageAfter(bytes)});
    return result;
  }
  return SystemCall(SYS_mmap, static_cast<long>(piece), a[1], a[2], (flags & ~MAP_32BIT) | MAP_FIXED, a[4], a[5]);
}

long Unmap(const KernelCall& call) {
  const long* a = call.arguments;
  const auto address = static_cast<std::uintptr_t>(a[0]);
  const auto bytes = static_cast<std::size_t>(a[1]);
  if (InHeap(a[0])) {  // Part of a block stays allocated.
    auto* block = reinterpret_cast<void*>(address);
    if (PageAfter(arena.Size(block)) == PageAfter(bytes)) free(block);
    return 0;
  }
  if (Region* region = RegionOf(address)) {
    if (address % kPage != 0 || bytes == 0) return -EINVAL;
    region->GiveBack(address, bytes);
    return 0;
  }
  return PassOn(call);
}

long Remap(const KernelCall& call) {
  const long* a = call.arguments;
  const auto address = static_cast<std::uintptr_t>(a[0]);
  const auto before = static_cast<std::size_t>(a[1]), after = static_cast<std::size_t>(a[2]);
  Region* region = RegionOf(address);
  if (region == nullptr && !InHeap(a[0])) return PassOn(call);
  if (PageAfter(after) <= PageAfter(before)) {
    if (region != nullptr && PageAfter(after) < PageAfter(before)) {
      region->GiveBack(address + PageAfter(after), PageAfter(before) - PageAfter(after));
    }
    return a[0];
  }
  if ((a[3] & MREMAP_MAYMOVE) == 0 || (a[3] & MREMAP_FIXED) != 0) return -ENOMEM;
  if (region == nullptr) {
    auto* larger = memalign(kPage, PageAfter(after));
    if (larger == nullptr) return -ENOMEM;
    memset(larger, 0, PageAfter(after));
    memcpy(larger, reinterpret_cast<void*>(address), before);
    free(reinterpret_cast<void*>(address));
    return AsArgument(larger);
  }
  const std::uintptr_t piece = region->Take(after);
  if (piece == 0) return -ENOMEM;
  const long result = SystemCall(SYS_mremap, a[0], a[1], a[2], MREMAP_MAYMOVE | MREMAP_FIXED, static_cast<long>(piece));
  if (!IsError(result)) region->GiveBack(address, before);
  return result;
}

// mprotect() and madvise() may affect memory that is restored by writing to it.
long Change(const KernelCall& call) {
  const auto address = static_cast<std::uintptr_t>(call.arguments[0]);
  const auto bytes = static_cast<std::size_t>(call.arguments[1]);
  if (InHeap(call.arguments[0]) || EndOfSavedMemory(address) != 0) {
    ExpectWrites(reinterpret_cast<void*>(address), bytes);
    if (call.number == SYS_mprotect) to_unlock.push_back({address, PageAfter(bytes)});
  }
  return PassOn(call);
}

}  // namespace

bool EnterMemory(KernelCall& call, long& result) {
  switch (call.number) {
    case SYS_mmap:
      result = Map(call);
      NoteMapped(call, result);
      return true;
    case SYS_munmap:
      ExpectUnused(call);
      NoteUnmapped(call);
      return result = Unmap(call), true;
    case SYS_mremap:
      return result = Remap(call), true;
    case SYS_mprotect:
    case SYS_madvise:
      return result = Change(call), true;
    default:
      return false;
  }
}

// Call this before the pages of the snapshot are written.
void UnlockMemory() {
  for (const Piece& piece : to_unlock) {
    SystemCall(SYS_mprotect, static_cast<long>(piece.begin), static_cast<long>(piece.bytes), PROT_READ | PROT_WRITE);
  }
  to_unlock.clear();
}

void SetBackMemory() {
  for (const Piece& piece : to_unmap) {
    SystemCall(SYS_munmap, static_cast<long>(piece.begin), static_cast<long>(piece.bytes));
  }
  to_unmap.clear();
  shared_parts.clear();
  elsewhere = 0;
  anywhere.SetBack();
  low.SetBack();
}

}  // namespace racelab::interleave
