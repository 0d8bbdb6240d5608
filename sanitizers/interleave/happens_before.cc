#include "sanitizers/interleave/happens_before.h"

#include <algorithm>
#include <new>

namespace racelab::interleave {
namespace {

constexpr std::size_t kBlock = 1024;

// The memory orders, as the compilers number them.
constexpr int kConsume = 1, kAcquire = 2, kRelease = 3, kAcquireRelease = 4, kSequential = 5;
bool Acquires(int order) {
  return order == kConsume || order == kAcquire || order == kAcquireRelease || order == kSequential;
}
bool Releases(int order) { return order == kRelease || order == kAcquireRelease || order == kSequential; }

// Whether whatever races with `old` from now on also races with `access`, which is not before it.
bool Supersedes(const Access& access, const Access& old) {
  return (old.bytes & ~access.bytes) == 0 && (access.write || !old.write) && (!access.atomic || old.atomic);
}

}  // namespace

void HappensBefore::BeginExecution() {
  for (int i = 0; i < kMaxThreads; ++i) {
    clock_[i] = to_acquire_[i] = fence_[i] = {};
    clock_[i].at[i] = 1;
    fenced_[i] = false;
  }
  objects_.Forget();
  ++execution_;
  used_ = 0;
}

void HappensBefore::Created(int parent, int child) {
  clock_[child].Join(clock_[parent]);
  clock_[parent].at[parent]++;
}

void HappensBefore::Release(int thread, std::uintptr_t object) {
  objects_[object].released.Join(clock_[thread]);
  clock_[thread].at[thread]++;
}

void HappensBefore::ReleaseShared(int thread, std::uintptr_t object) {
  objects_[object].released_shared.Join(clock_[thread]);
  clock_[thread].at[thread]++;
}

void HappensBefore::AcquireAll(int thread, std::uintptr_t object) {
  const Object& known = objects_[object];
  clock_[thread].Join(known.released);
  clock_[thread].Join(known.released_shared);
}

void HappensBefore::AtomicLoad(int thread, std::uintptr_t address, int order) {
  const VectorClock& released = objects_[address].released;
  (Acquires(order) ? clock_ : to_acquire_)[thread].Join(released);
}

void HappensBefore::AtomicStore(int thread, std::uintptr_t address, int order) {
  VectorClock& released = objects_[address].released;
  if (Releases(order)) {
    released = clock_[thread];
    clock_[thread].at[thread]++;
  } else {
    released = fenced_[thread] ? fence_[thread] : VectorClock{};  // A store ends the release sequence that it follows.
  }
}

void HappensBefore::AtomicUpdate(int thread, std::uintptr_t address, int order) {
  AtomicLoad(thread, address, order);
  VectorClock& released = objects_[address].released;  // A read-modify-write goes on with the release sequence.
  if (Releases(order)) {
    released.Join(clock_[thread]);
    clock_[thread].at[thread]++;
  } else if (fenced_[thread]) {
    released.Join(fence_[thread]);
  }
}

void HappensBefore::Fence(int thread, int order) {
  if (Acquires(order)) clock_[thread].Join(to_acquire_[thread]);
  if (Releases(order)) {
    fence_[thread] = clock_[thread];
    fenced_[thread] = true;
    clock_[thread].at[thread]++;
  }
}

HappensBefore::Cell& HappensBefore::CellOf(std::uintptr_t address) {
  const std::uintptr_t number = address / (8 * kCells);
  const std::size_t place = number % kRecent;
  if (recent_number_[place] != number || recent_page_[place] == nullptr) {
    ShadowPage*& page = pages_[number];
    if (page == nullptr) page = new (AllocateRuntimeMemory(sizeof(ShadowPage))) ShadowPage;
    recent_number_[place] = number;
    recent_page_[place] = page;
  }
  Cell& cell = recent_page_[place]->cells[address / 8 % kCells];
  if (cell.execution != execution_) cell = {execution_, nullptr};
  return cell;
}

Access* HappensBefore::NewAccess() {
  if (used_ == blocks_.size() * kBlock) {
    blocks_.push_back(static_cast<Access*>(AllocateRuntimeMemory(kBlock * sizeof(Access))));
  }
  Access* access = &blocks_[used_ / kBlock][used_ % kBlock];
  ++used_;
  return access;
}

bool HappensBefore::NoteInCell(Cell& cell, const Access& access, Race& race) {
  const VectorClock& clock = clock_[access.thread];
  Access** link = &cell.latest;
  Access* reusable = nullptr;
  while (Access* old = *link) {
    const bool meets = (old->bytes & access.bytes) != 0;
    const bool before = old->thread == access.thread || clock.Covers(old->thread, old->time);
    if (meets && (old->frees || (!before && (old->write || access.write) && !(old->atomic && access.atomic)))) {
      race.earlier = *old;
      return true;
    }
    if (before && meets && Supersedes(access, *old)) {
      *link = old->next;
      reusable = old;
      continue;
    }
    link = &old->next;
  }
  Access* noted = reusable != nullptr ? reusable : NewAccess();
  *noted = access;
  noted->next = cell.latest;
  cell.latest = noted;
  return false;
}

bool HappensBefore::Note(int thread, std::uintptr_t address, std::size_t size, bool write, bool atomic, const void* pc,
                         int stack, Race& race) {
  Access access = {nullptr, pc,   clock_[thread].at[thread], stack, static_cast<std::uint8_t>(thread), 0, write,
                   atomic,  false};
  const std::uintptr_t end = address + size;
  for (std::uintptr_t eight = address & ~std::uintptr_t{7}; eight < end; eight += 8) {
    const unsigned from = eight < address ? address - eight : 0;
    const unsigned to = std::min<std::uintptr_t>(end - eight, 8);
    access.bytes = static_cast<std::uint8_t>((0xFFu >> (8 - (to - from))) << from);
    if (NoteInCell(CellOf(eight), access, race)) {
      race.address = eight;
      return true;
    }
  }
  return false;
}

bool HappensBefore::Free(int thread, std::uintptr_t address, std::size_t size, const void* pc, int stack, Race& race) {
  const Access access = {nullptr, pc,  clock_[thread].at[thread], stack, static_cast<std::uint8_t>(thread), 0xFF, true,
                         false,   true};
  for (std::uintptr_t eight = address & ~std::uintptr_t{7}; eight < address + size; eight += 8) {
    if (NoteInCell(CellOf(eight), access, race)) {
      race.address = eight;
      return true;
    }
  }
  return false;
}

void HappensBefore::Reuse(std::uintptr_t address, std::size_t size) {
  for (std::uintptr_t eight = address & ~std::uintptr_t{7}; eight < address + size; eight += 8)
    CellOf(eight).latest = nullptr;
}

}  // namespace racelab::interleave
