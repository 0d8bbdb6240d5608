// Locks that the program wraps, for mutants.

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/interleave.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

bool MayMutate() { return Visible() && mutations.active; }

int LockWrapped(void* lock, int shared, const LockCalls* calls, const void* pc) {
  return MayMutate() && mutations.Lock(lock, shared != 0, *calls, pc);
}

int TryWrapped(void* lock, int shared, const LockCalls* calls, const void* pc) {
  return MayMutate() && mutations.TryLock(lock, shared != 0, *calls, pc);
}

void HasLockedWrapped(void* lock, int shared, const LockCalls* calls) {
  if (MayMutate()) mutations.Locked(lock, shared != 0, *calls);
}

int UnlockWrapped(void* lock, const void* pc) { return MayMutate() && mutations.Unlock(lock, pc); }

int IsMutated(int shared, const void* pc) {
  return MayMutate() && mutations.At(shared != 0 ? SiteKind::kLockShared : SiteKind::kLock, pc) != Mutator::kNone;
}

void WaitWrapped(void* lock, const LockCalls* calls, void (*wait)(void*), void* argument, const void* pc) {
  const std::uintptr_t held = MayMutate() ? mutations.HeldFor(Address(lock)) : Address(lock);
  if (held == Address(lock)) return wait(argument);
  if (held != 0) UnlockMutex(held, pc);
  calls->lock(lock, pc);
  wait(argument);
  calls->unlock(lock, pc);
  if (held != 0) LockMutex(held, pc);
}

racelab_mutant CallWrapped(racelab_mutable_call call, int differs, const void* pc) {
  if (!MayMutate()) return RACELAB_AS_WRITTEN;
  constexpr SiteKind kKinds[] = {SiteKind::kWait, SiteKind::kNotifyOne, SiteKind::kNotifyAll};
  const Mutator mutator = mutations.At(kKinds[call], pc);
  if (mutator == Mutator::kNone) return RACELAB_AS_WRITTEN;
  if (differs != 0) mutations.Differs();
  return mutator == Mutator::kNotifyOne ? RACELAB_NOTIFY_ONLY_ONE : RACELAB_SKIP;
}

constexpr racelab_mutation_hooks kHooks = {LockWrapped, TryWrapped,  HasLockedWrapped, UnlockWrapped,
                                           IsMutated,   WaitWrapped, CallWrapped};

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR const racelab_mutation_hooks* racelab_interleave_mutation_hooks() {
  return options.sites || options.mutator != Mutator::kNone ? &kHooks : nullptr;
}
