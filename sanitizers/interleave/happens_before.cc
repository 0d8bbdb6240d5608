#include "sanitizers/interleave/happens_before.h"

#include <algorithm>
#include <new>

#include "sanitizers/interleave/known_races.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kBlock = 1024;
constexpr std::uintptr_t kObjectPage = 4096;
constexpr std::size_t kMostAllocated = 256 << 10;  // The largest block, in bytes, whose allocation is recorded.

// The memory orders, with the numbers that the compilers give them.
constexpr int kConsume = 1, kAcquire = 2, kRelease = 3, kAcquireRelease = 4, kSequential = 5;
bool Acquires(int order) {
  return order == kConsume || order == kAcquire || order == kAcquireRelease || order == kSequential;
}
bool Releases(int order) { return order == kRelease || order == kAcquireRelease || order == kSequential; }

// Whether every future access that races with `old` also races with `access`, which does not happen before it.
bool Supersedes(const Access& access, const Access& old) {
  return (old.bytes & ~access.bytes) == 0 && (access.write || !old.write) && (!access.atomic || old.atomic);
}

}  // namespace

void HappensBefore::BeginExecution(std::size_t same) {
  // An execution that was cut short before this step is not reused, because its last actions prove nothing.
  repeating_ = same != 0 && same <= marks_.size() && saves();
  unordered_ = 0;
  if (!repeating_) {
    clocks_saved_.Begin();
    further_quads_saved_.Begin();
    links_saved_.Begin();
    marks_.clear();
    recycled_ = nullptr;
    used_ = objects_used_ = 0;
    objects_.Forget();
    objects_in_page_.Forget();
    ++generation_;
    for (int slot = 0; slot < slots_; ++slot) {
      clock_[slot] = to_acquire_[slot] = fence_[slot] = VectorClock();
      latest_[slot] = nullptr;
    }
    crossed_ = released_to_libraries_ = VectorClock();
    slots_ = 1;
    clock_[0].at[0] = 1;
    return;
  }
  const Mark mark = marks_[same - 1];
  while (clocks_saved_.size() > mark.clocks) {
    const SavedClock saved = clocks_saved_.Pop();
    saved.clock->quad[0] = saved.first_quad;
    for (int i = VectorClock::quads - 1; i > 0; --i) saved.clock->quad[i] = further_quads_saved_.Pop();
  }
  while (links_saved_.size() > mark.links) {
    const SavedLink saved = links_saved_.Pop();
    *saved.link = saved.value;
  }
  used_ = mark.used;
  marks_.resize(same - 1);
}

void HappensBefore::Created(int parent, int child) {
  unordered_ &= ~Only(child);
  if (repeating_) return;
  slots_ = std::max(slots_, child + 1);
  VectorClock clock = clock_[parent];
  clock.at[child] = clock_[child].at[child] + 1;  // After all actions of the slot's last thread.
  Set(clock_[child], clock);
  Set(to_acquire_[child], VectorClock());
  Set(fence_[child], VectorClock());
  Tick(parent);
}

void HappensBefore::Joined(int thread, int finished) {
  if (!repeating_) Join(clock_[thread], clock_[finished]);
}

void HappensBefore::Acquire(int thread, std::uintptr_t object) {
  if (Skips(thread)) return;
  if (const Object* known = FindObject(object)) Join(clock_[thread], known->released);
  AcquireFromLibraries(thread);
}

void HappensBefore::Release(int thread, std::uintptr_t object) {
  if (Skips(thread)) return;
  Join(ObjectAt(object).released, clock_[thread]);
  ReleaseToLibraries(thread);
  Tick(thread);
}

void HappensBefore::ReleaseShared(int thread, std::uintptr_t object) {
  if (Skips(thread)) return;
  Join(ObjectAt(object).released_shared, clock_[thread]);
  ReleaseToLibraries(thread);
  Tick(thread);
}

void HappensBefore::AcquireAll(int thread, std::uintptr_t object) {
  if (Skips(thread)) return;
  AcquireFromLibraries(thread);
  const Object* known = FindObject(object);
  if (known == nullptr) return;
  Join(clock_[thread], known->released);
  Join(clock_[thread], known->released_shared);
}

void HappensBefore::AcquireAllThreads(int thread) {
  if (Skips(thread)) return;
  for (int other = 0; other < slots_; ++other) {
    if (other == thread) continue;
    Join(clock_[thread], clock_[other]);
    Tick(other);
  }
}

void HappensBefore::AtomicLoad(int thread, std::uintptr_t address, int order) {
  if (Skips(thread)) return;
  if (const Object* known = FindObject(address))
    Join((Acquires(order) ? clock_ : to_acquire_)[thread], known->released);
  if (Acquires(order)) AcquireFromLibraries(thread);
}

void HappensBefore::AtomicLoad(int thread, const VectorClock& released, int order) {
  if (!Skips(thread)) Join((Acquires(order) ? clock_ : to_acquire_)[thread], released);
}

void HappensBefore::AtomicStore(int thread, std::uintptr_t address, int order) {
  if (Skips(thread)) return;
  VectorClock& released = ObjectAt(address).released;
  if (Releases(order)) {
    Set(released, clock_[thread]);
    ReleaseToLibraries(thread);
    Tick(thread);
  } else {
    Set(released, fence_[thread]);  // A store ends any release sequence before it.
  }
}

void HappensBefore::AtomicUpdate(int thread, std::uintptr_t address, int order) {
  if (Skips(thread)) return;
  AtomicLoad(thread, address, order);
  VectorClock& released = ObjectAt(address).released;  // A read-modify-write continues the release sequence.
  if (Releases(order)) {
    Join(released, clock_[thread]);
    ReleaseToLibraries(thread);
    Tick(thread);
  } else {
    Join(released, fence_[thread]);
  }
}

void HappensBefore::Cross(int thread) {
  if (Skips(thread)) return;
  Join(clock_[thread], crossed_);
  Join(clock_[thread], released_to_libraries_);
  Join(crossed_, clock_[thread]);
  Tick(thread);
}

void HappensBefore::Fence(int thread, int order) {
  if (Skips(thread)) return;
  if (Acquires(order)) Join(clock_[thread], to_acquire_[thread]);
  if (Releases(order)) {
    Set(fence_[thread], clock_[thread]);
    Tick(thread);
  }
}

HappensBefore::Object& HappensBefore::ObjectAt(std::uintptr_t address) {
  Object*& object = objects_[address];
  if (object == nullptr) {
    if (objects_used_ == all_objects_.size())
      all_objects_.push_back(new (AllocateRuntimeMemory(sizeof(Object))) Object);
    object = all_objects_[objects_used_++];
    *object = {};
    object->address = address;
    Object*& first = objects_in_page_[address / kObjectPage];
    object->next = first;
    first = object;
  }
  return *object;
}

const HappensBefore::Object* HappensBefore::FindObject(std::uintptr_t address) {
  Object* const* known = objects_.Find(address);
  return known == nullptr ? nullptr : *known;
}

void HappensBefore::ForgetObjects(std::uintptr_t address, std::size_t size) {
  if (repeating_ || size == 0) return;
  for (std::uintptr_t page = address / kObjectPage; page <= (address + size - 1) / kObjectPage; ++page) {
    Object* const* first = objects_in_page_.Find(page);
    for (Object* object = first == nullptr ? nullptr : *first; object != nullptr; object = object->next) {
      if (object->address - address >= size) continue;
      Set(object->released, VectorClock());
      Set(object->released_shared, VectorClock());
    }
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
  if (cell.generation != generation_) cell = {generation_, nullptr};
  return cell;
}

Access* HappensBefore::NewAccess() {
  if (recycled_ != nullptr) {
    Access* access = recycled_;
    recycled_ = access->next;
    return access;
  }
  if (used_ == blocks_.size() * kBlock) {
    blocks_.push_back(static_cast<Access*>(AllocateRuntimeMemory(kBlock * sizeof(Access))));
  }
  Access* access = &blocks_[used_ / kBlock][used_ % kBlock];
  ++used_;
  return access;
}

bool HappensBefore::NoteInCell(Cell& cell, Access& access, Race& race) {
  const VectorClock& clock = clock_[access.thread];
  Access** link = &cell.latest;
  while (Access* old = *link) {
    const bool meets = (old->bytes & access.bytes) != 0;
    const bool before = old->thread == access.thread || clock.Covers(old->thread, old->time);
    if (meets && !before && (old->write || access.write) && !(old->atomic && access.atomic) &&
        !IsKnownRace(*old, access)) {
      race.earlier = *old;
      return true;
    }
    if (before && meets && Supersedes(access, *old)) {
      Set(*link, old->next);
      if (latest_[old->thread] != old) Recycle(old);
      continue;
    }
    link = &old->next;
  }
  access.next = cell.latest;
  Set(cell.latest, &access);
  Access*& latest = latest_[access.thread];
  if (latest == nullptr || latest->time != access.time) Set(latest, &access);
  return false;
}

bool HappensBefore::Note(int thread, int number, std::uintptr_t address, std::size_t size, bool write, bool atomic,
                         const void* pc, int stack, Race& race) {
  if (repeating_) return false;
  const std::uintptr_t end = address + size;
  for (std::uintptr_t granule = address & ~std::uintptr_t{7}; granule < end; granule += 8) {
    const unsigned from = granule < address ? address - granule : 0;
    const unsigned to = std::min<std::uintptr_t>(end - granule, 8);
    Access& access = *NewAccess();  // Filled in place: a copy right after the stores is slow.
    access.pc = pc;
    access.time = clock_[thread].at[thread];
    access.stack = stack;
    access.number = static_cast<std::uint16_t>(number);
    access.thread = static_cast<std::uint8_t>(thread);
    access.bytes = static_cast<std::uint8_t>((0xFFu >> (8 - (to - from))) << from);
    access.write = write;
    access.atomic = atomic;
    access.lifetime = Lifetime::kGoesOn;
    if (NoteInCell(CellOf(granule), access, race)) {
      race.address = granule;
      race.granules = 1;
      while (race.address + 8 * race.granules < end && Knows(race.address + 8 * race.granules, race.earlier))
        ++race.granules;
      return true;
    }
  }
  return false;
}

// Whether an access in another granule's cell was also made to this granule.
bool HappensBefore::Knows(std::uintptr_t granule, const Access& access) {
  for (const Access* known = CellOf(granule).latest; known != nullptr; known = known->next) {
    if (known->thread == access.thread && known->time == access.time && known->pc == access.pc &&
        known->write == access.write)
      return true;
  }
  return false;
}

bool HappensBefore::Free(int thread, std::uintptr_t address, std::size_t size, Race& race) {
  if (repeating_) return false;
  const VectorClock& clock = clock_[thread];
  for (std::uintptr_t granule = address & ~std::uintptr_t{7}; granule < address + size; granule += 8) {
    const Cell* cell = FindCell(granule);
    if (cell == nullptr) {
      granule |= 8 * kCells - 8;  // Nothing in this page has been accessed.
      continue;
    }
    for (const Access* old = cell->latest; old != nullptr; old = old->next) {
      if (old->allocates() || old->thread == thread || clock.Covers(old->thread, old->time)) continue;
      race.earlier = *old;
      race.address = granule;
      return true;
    }
  }
  return false;
}

void HappensBefore::Allocate(int thread, int number, std::uintptr_t address, std::size_t size, const void* pc,
                             int stack) {
  if (repeating_) return;
  ForgetObjects(address, size);
  Access* allocation = NewAccess();  // One for the whole block: it is always the oldest access.
  *allocation = {};
  allocation->pc = pc;
  allocation->time = clock_[thread].at[thread];
  allocation->stack = stack;
  allocation->number = static_cast<std::uint16_t>(number);
  allocation->thread = static_cast<std::uint8_t>(thread);
  allocation->bytes = 0xFF;
  allocation->write = true;
  allocation->lifetime = Lifetime::kBegins;
  const std::uintptr_t begin = address & ~std::uintptr_t{7}, end = address + size;
  const std::uintptr_t noted = std::min(end, begin + kMostAllocated);
  for (std::uintptr_t granule = begin; granule < noted; granule += 8) Set(CellOf(granule).latest, allocation);
  if (noted < end) Reuse(noted, end - noted);
}

void HappensBefore::Reuse(std::uintptr_t address, std::size_t size) {
  if (repeating_) return;
  ForgetObjects(address, size);
  for (std::uintptr_t granule = address & ~std::uintptr_t{7}; granule < address + size; granule += 8) {
    if (FindCell(granule) == nullptr) {
      granule |= 8 * kCells - 8;
      continue;
    }
    Cell& cell = CellOf(granule);
    if (cell.latest != nullptr) Set(cell.latest, nullptr);
  }
}

const HappensBefore::Cell* HappensBefore::FindCell(std::uintptr_t address) {
  ShadowPage* const* page = pages_.Find(address / (8 * kCells));
  if (page == nullptr) return nullptr;
  Cell& cell = (*page)->cells[address / 8 % kCells];
  if (cell.generation != generation_) cell = {generation_, nullptr};
  return &cell;
}

}  // namespace racelab::interleave
