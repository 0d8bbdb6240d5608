#include "sanitizers/interleave/mutation.h"

#include <dlfcn.h>
#include <string.h>
#include <unwind.h>

#include <algorithm>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/older_values.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostSites = 20'000;

// The stand-in for a lock: it exists only in the model, at an address where no real lock can be.
std::uintptr_t StandInFor(const void* lock) { return Address(lock) + 1; }

std::uint64_t Mix(std::uint64_t id, std::uint64_t place) { return (id ^ place) * 0x9E3779B97F4A7C15u + (id >> 29); }

bool IsHeldByAnother(const Lock* lock) {
  if (lock == nullptr) return false;
  return (lock->owner >= 0 && lock->owner != execution.current) || (lock->readers & ~Only(execution.current)) != 0;
}

void AddLock(Site& site, std::uintptr_t lock) {
  const auto* end = site.lock + site.locks;
  if (site.locks < Site::kMostLocks && std::find(std::cbegin(site.lock), end, lock) == end)
    site.lock[site.locks++] = lock;
}

}  // namespace

Mutations mutations;

void Mutations::BeginExploration() {
  mutator_ = options.mutator;
  collects_ = options.sites;
  active = collects_ || mutator_ != Mutator::kNone || options.older_values > 0;
  watches_accesses = collects_ || mutator_ == Mutator::kSplitSection;
  wanted_.Forget();
  for (const std::uint64_t id : options.mutated_sites) wanted_[id] = true;
  known_.Forget();
  shared_.Forget();
  sites_.clear();
}

void Mutations::BeginExecution() {
  applied_ = differs_ = false;
  older_values.BeginExecution(options.older_values);
  accessed_.Forget();
  for (Vector<Section>& sections : sections_) sections.clear();
}

// Identifies `pc` by its place in its module, which is the same in every process.
std::uint64_t Mutations::IdOf(const void* pc) {
  std::uint64_t& place = places_[Address(pc)];
  if (place != 0) return place;
  Dl_info module;
  if (dladdr(pc, &module) != 0 && module.dli_fname != nullptr) {
    const char* slash = strrchr(module.dli_fname, '/');
    std::uint64_t name = 0;
    for (const char* c = slash == nullptr ? module.dli_fname : slash; *c != '\0'; ++c) name = name * 31 + *c;
    place = Mix(name, Address(pc) - Address(module.dli_fbase));
  } else {
    place = Address(pc);
  }
  return place;
}

// For calls that are missing from the thread's call stack: std::thread::join() is in the C++ library, which is not
// instrumented; and a full stack lacks the innermost calls.
void Mutations::FindIdsByUnwinding(Site& site, const void* pc) {
  struct Walk {
    Mutations* mutations;
    Site* site;
    const void* from;
    std::uint64_t id;
  } walk{this, &site, pc, static_cast<std::uint64_t>(site.kind) + 1};
  ++execution.me().ignoring;  // The unwinder calls functions that this runtime intercepts.
  _Unwind_Backtrace(
      [](_Unwind_Context* context, void* argument) {
        auto& [mutations, site, from, id] = *static_cast<Walk*>(argument);
        const auto* pc = reinterpret_cast<const void*>(_Unwind_GetIP(context));
        if (site->frames == 0 && pc != from) return _URC_NO_REASON;
        site->pc[site->frames] = pc;
        site->id[site->frames++] = id = Mix(id, mutations->IdOf(pc));
        return site->frames < Site::kMostFrames ? _URC_NO_REASON : _URC_END_OF_STACK;
      },
      &walk);
  --execution.me().ignoring;
}

void Mutations::FindIds(Site& site, const void* pc) {
  const Thread& thread = execution.me();
  site.concurrent = execution.concurrent();
  const bool list_is_full = thread.stack_depth > kMaxStack;
  if (site.kind == SiteKind::kJoin || list_is_full) FindIdsByUnwinding(site, pc);
  if (site.frames > 0) return;
  std::uint64_t id = static_cast<std::uint64_t>(site.kind) + 1;
  const int depth = list_is_full ? 0 : thread.stack_depth;
  for (int i = 0; i <= depth && i < Site::kMostFrames; ++i) {
    site.pc[i] = i == 0 ? pc : thread.stack[depth - i];
    site.id[i] = id = Mix(id, IdOf(site.pc[i]));
    site.frames = i + 1;
  }
}

void Mutations::Collect(const Site& site) {
  execution.EndIfStorageIsLost();  // Without its storage, it might take a path that it never takes otherwise.
  const std::uint64_t id = site.id[site.frames - 1];
  if (const std::size_t* known = known_.Find(id)) {
    Site& before = sites_[*known];
    before.can_be_shared |= site.can_be_shared;
    before.nested |= site.nested;
    before.concurrent |= site.concurrent;
    if (site.locks == 1) AddLock(before, site.lock[0]);
  } else if (sites_.size() < kMostSites) {
    known_[id] = sites_.size();
    sites_.push_back(site);
  }
}

Mutator Mutations::Of(const Site& site) {
  if (collects_) {
    Collect(site);
    return Mutator::kNone;
  }
  for (int i = 0; i < site.frames; ++i) {
    if (wanted_.Find(site.id[i]) == nullptr) continue;
    applied_ = true;
    return mutator_;
  }
  return Mutator::kNone;
}

Mutator Mutations::At(SiteKind kind, const void* pc, int order) {
  Site site{.kind = kind, .order = static_cast<std::uint8_t>(order), .lock = {}, .pc = {}, .id = {}};
  FindIds(site, pc);
  return Of(site);
}

// Notes a difference if another thread, which the lock would have excluded, is in a critical section of the same lock.
void Mutations::NoteIfUnprotected(std::uintptr_t lock) {
  const auto is_altered = [lock](const Section& section) {
    return Address(section.lock) == lock && section.how != Mutator::kNone;
  };
  for (int slot = 0; slot < execution.slots(); ++slot) {
    const Vector<Section>& sections = sections_[slot];
    if (slot != execution.current && std::any_of(sections.begin(), sections.end(), is_altered)) Differs();
  }
}

bool Mutations::TakeOtherwise(Mutator mutator, void* lock, bool shared, const LockCalls& calls, const void* pc) {
  Vector<Section>& sections = sections_[execution.current];
  Section section{.lock = lock, .calls = calls, .shared = shared};
  switch (mutator) {
    case Mutator::kSkipLock:
    case Mutator::kOtherLock:
      if (mutator == Mutator::kOtherLock) LockMutex(StandInFor(lock), pc);
      if (IsHeldByAnother(execution.locks.Find(Address(lock)))) Differs();
      NoteIfUnprotected(Address(lock));
      break;
    case Mutator::kShareLock:
      section.shared = true;
      section.Take(pc);
      if (IsHeldByAnother(execution.locks.Find(Address(lock)))) Differs();
      break;
    case Mutator::kSwapLocks: {
      if (sections.empty() || sections.back().how != Mutator::kNone) return false;
      const Section held = sections.back();
      const std::uint32_t before = execution.locks[Address(held.lock)].hand_overs;
      held.GiveBack(pc);
      section.Take(pc);
      held.Take(pc);
      if (execution.locks[Address(held.lock)].hand_overs != before) Differs();
      mutator = Mutator::kNone;  // The thread really holds this lock.
      break;
    }
    default:
      return false;
  }
  section.how = mutator;
  sections.push_back(section);
  return true;
}

bool Mutations::TryLock(void* lock, bool shared, const LockCalls& calls, const void* pc) {
  Site site{.kind = shared ? SiteKind::kLockShared : SiteKind::kLock, .lock = {}, .pc = {}, .id = {}};
  site.can_be_shared = !shared && calls.lock_shared != nullptr;
  site.nested = !sections_[execution.current].empty();
  AddLock(site, Address(lock));
  FindIds(site, pc);
  const Mutator mutator = Of(site);
  site_of_lock_ = site.id[site.frames - 1];
  return TakeOtherwise(mutator, lock, shared, calls, pc);
}

bool Mutations::Lock(void* lock, bool shared, const LockCalls& calls, const void* pc) {
  if (TryLock(lock, shared, calls, pc)) return true;
  Locked(lock, shared, calls);
  return false;
}

void Mutations::Locked(void* lock, bool shared, const LockCalls& calls) {
  NoteIfUnprotected(Address(lock));
  sections_[execution.current].push_back({.lock = lock, .calls = calls, .shared = shared, .site = site_of_lock_});
}

const Mutations::Section* Mutations::Innermost(std::uintptr_t lock) const {
  const Vector<Section>& sections = sections_[execution.current];
  for (std::size_t i = sections.size(); i > 0; --i) {
    if (Address(sections[i - 1].lock) == lock) return &sections[i - 1];
  }
  return nullptr;
}

bool Mutations::Unlock(void* lock, const void* pc) {
  const Section* found = Innermost(Address(lock));
  if (found == nullptr) return false;
  const Section section = *found;
  Vector<Section>& sections = sections_[execution.current];
  sections.erase(sections.begin() + (found - sections.data()));
  switch (section.how) {
    case Mutator::kSkipLock:
      return true;
    case Mutator::kOtherLock:
      UnlockMutex(StandInFor(lock), pc);
      return true;
    case Mutator::kShareLock:
      section.GiveBack(pc);
      return true;
    default:
      return false;
  }
}

std::uintptr_t Mutations::HeldFor(std::uintptr_t lock) const {
  const Section* section = Innermost(lock);
  if (section == nullptr) return lock;
  if (section->how == Mutator::kSkipLock) return 0;
  return section->how == Mutator::kOtherLock ? StandInFor(section->lock) : lock;
}

// The running thread is about to access this memory. Returns null if no other thread accesses it; otherwise, whether it
// is contended, that is, written while several threads are alive. Writes before the threads were started do not count.
bool* Mutations::NoteAccess(std::uintptr_t address, bool write) {
  const std::uintptr_t granule = address & ~std::uintptr_t{7};
  Accessed& accessed = accessed_[granule];
  const int here = execution.current + 1;
  const bool by_others = accessed.last != 0 && accessed.last != here;
  accessed.last = here;
  accessed.written |= write && execution.concurrent();
  bool* shared = shared_.Find(granule);
  if (shared == nullptr && by_others) shared = &(shared_[granule] = false);
  if (shared != nullptr && accessed.written) *shared = true;
  return shared;
}

// Splitting a critical section before its first access to contended memory has no effect: everything before the split
// could as well come after it. Accesses of the lock's own guard do not count: they are made further up the call stack
// than those of the critical section.
void Mutations::Access(std::uintptr_t address, bool write, const void* pc) {
  const bool* shared = collects_ ? NoteAccess(address, write) : nullptr;
  Vector<Section>& sections = sections_[execution.current];
  if (sections.empty()) return;
  Section& section = sections.back();
  if (collects_) {
    if (shared == nullptr) return;
    for (const Section& held : sections) {
      const std::size_t* site = write ? known_.Find(held.site) : nullptr;
      if (site != nullptr) sites_[*site].writes = true;
    }
    const int depth = execution.me().stack_depth;
    const bool is_first = section.outermost_access > depth + 1;
    section.outermost_access = std::min(section.outermost_access, depth);
    if (!is_first && section.met_contended) At(SiteKind::kAccess, pc);
    for (Section& held : sections) held.met_contended |= *shared;
    return;
  }
  if (section.was_split || section.how != Mutator::kNone || At(SiteKind::kAccess, pc) != Mutator::kSplitSection) return;
  section.was_split = true;
  const Section held = section;
  const std::uint32_t before = execution.locks[Address(held.lock)].hand_overs;
  held.GiveBack(pc);
  held.Take(pc);
  if (execution.locks[Address(held.lock)].hand_overs != before) Differs();
}

}  // namespace racelab::interleave
