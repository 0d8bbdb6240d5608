// A layer between the tests and Abseil's locks, which are linked into the program, so that the second runtime can
// mutate a repair's use of them (sanitizers/interleave/interleave.h). The linker redirects every call of these Abseil
// functions here (--wrap). Unless there is something to mutate, they pass the call on, and leave no frame on the stack.

#include <cstdint>

#include "absl/synchronization/mutex.h"
#include "sanitizers/interleave/interleave.h"
#include "tests/support/second_runtime.h"

#if defined(__clang__)
#define RACELAB_UNSEEN __attribute__((no_sanitize("thread"), disable_sanitizer_instrumentation))
#else
#define RACELAB_UNSEEN __attribute__((no_sanitize_thread))
#endif

// `name` is the part of the mangled name after Abseil's inline namespace, which CMakeLists.txt knows.
#define RACELAB_WRAPPED(result, function, name, ...)                                               \
  extern "C" RACELAB_UNSEEN result Real##function(__VA_ARGS__) asm("__real_" RACELAB_ABSEIL name); \
  extern "C" RACELAB_UNSEEN result Wrapped##function(__VA_ARGS__) asm("__wrap_" RACELAB_ABSEIL name)

namespace {

using absl::Condition;
using absl::CondVar;
using absl::Mutex;
using Timeout = std::uint64_t;  // absl::synchronization_internal::KernelTimeout, which is passed like its only member.

const racelab_mutation_hooks* FindHooks() {
  const auto find = racelab::FindInSecondRuntime<const racelab_mutation_hooks*()>("racelab_interleave_mutation_hooks");
  return find == nullptr ? nullptr : find();
}
const racelab_mutation_hooks* const hooks = FindHooks();

#define RACELAB_CALLER __builtin_extract_return_addr(__builtin_return_address(0))

}  // namespace

RACELAB_WRAPPED(void, Lock, "5Mutex4LockEv", Mutex* mutex);
RACELAB_WRAPPED(void, Unlock, "5Mutex6UnlockEv", Mutex* mutex);
RACELAB_WRAPPED(bool, TryLock, "5Mutex7TryLockEv", Mutex* mutex);
RACELAB_WRAPPED(void, ReaderLock, "5Mutex10ReaderLockEv", Mutex* mutex);
RACELAB_WRAPPED(void, ReaderUnlock, "5Mutex12ReaderUnlockEv", Mutex* mutex);
RACELAB_WRAPPED(bool, ReaderTryLock, "5Mutex13ReaderTryLockEv", Mutex* mutex);
RACELAB_WRAPPED(bool, LockWhen,
                "5Mutex14LockWhenCommonERKNS0_9ConditionENS0_24synchronization_internal13KernelTimeoutEb", Mutex* mutex,
                const Condition& condition, Timeout timeout, bool write);
RACELAB_WRAPPED(bool, Await, "5Mutex11AwaitCommonERKNS0_9ConditionENS0_24synchronization_internal13KernelTimeoutE",
                Mutex* mutex, const Condition& condition, Timeout timeout);
RACELAB_WRAPPED(bool, Wait, "7CondVar10WaitCommonEPNS0_5MutexENS0_24synchronization_internal13KernelTimeoutE",
                CondVar* condition, Mutex* mutex, Timeout timeout);
RACELAB_WRAPPED(void, Signal, "7CondVar6SignalEv", CondVar* condition);
RACELAB_WRAPPED(void, SignalAll, "7CondVar9SignalAllEv", CondVar* condition);

namespace {

constexpr racelab_lock_calls kCalls = {
    .lock = [](void* lock, const void*) { RealLock(static_cast<Mutex*>(lock)); },
    .unlock = [](void* lock, const void*) { RealUnlock(static_cast<Mutex*>(lock)); },
    .lock_shared = [](void* lock, const void*) { RealReaderLock(static_cast<Mutex*>(lock)); },
    .unlock_shared = [](void* lock, const void*) { RealReaderUnlock(static_cast<Mutex*>(lock)); },
};

template <typename Function>
RACELAB_UNSEEN void Call(void* function) {
  (*static_cast<Function*>(function))();
}

// The condition variable's word is 0 if no thread waits.
RACELAB_UNSEEN bool IsAwaited(const CondVar* condition) {
  return *reinterpret_cast<const std::intptr_t*>(condition) != 0;
}

}  // namespace

extern "C" {

void WrappedLock(Mutex* mutex) {
  if (hooks != nullptr && hooks->lock(mutex, 0, &kCalls, RACELAB_CALLER) != 0) return;
  return RealLock(mutex);
}

void WrappedUnlock(Mutex* mutex) {
  if (hooks != nullptr && hooks->unlock(mutex, RACELAB_CALLER) != 0) return;
  return RealUnlock(mutex);
}

bool WrappedTryLock(Mutex* mutex) {
  if (hooks == nullptr) return RealTryLock(mutex);
  if (hooks->try_lock(mutex, 0, &kCalls, RACELAB_CALLER) != 0) return true;
  const bool locked = RealTryLock(mutex);
  if (locked) hooks->locked(mutex, 0, &kCalls);
  return locked;
}

void WrappedReaderLock(Mutex* mutex) {
  if (hooks != nullptr && hooks->lock(mutex, 1, &kCalls, RACELAB_CALLER) != 0) return;
  return RealReaderLock(mutex);
}

void WrappedReaderUnlock(Mutex* mutex) {
  if (hooks != nullptr && hooks->unlock(mutex, RACELAB_CALLER) != 0) return;
  return RealReaderUnlock(mutex);
}

bool WrappedReaderTryLock(Mutex* mutex) {
  if (hooks == nullptr) return RealReaderTryLock(mutex);
  if (hooks->try_lock(mutex, 1, &kCalls, RACELAB_CALLER) != 0) return true;
  const bool locked = RealReaderTryLock(mutex);
  if (locked) hooks->locked(mutex, 1, &kCalls);
  return locked;
}

// A mutant waits until the condition holds, and only then does what replaces the locking.
bool WrappedLockWhen(Mutex* mutex, const Condition& condition, Timeout timeout, bool write) {
  if (hooks == nullptr) return RealLockWhen(mutex, condition, timeout, write);
  const int shared = write ? 0 : 1;
  const void* pc = RACELAB_CALLER;
  if (hooks->call(RACELAB_WAIT, 1, pc) == RACELAB_SKIP) {
    write ? RealLock(mutex) : RealReaderLock(mutex);
    hooks->locked(mutex, shared, &kCalls);
    return true;
  }
  const bool holds = RealLockWhen(mutex, condition, timeout, write);
  if (hooks->is_mutated(shared, pc) == 0) {
    hooks->locked(mutex, shared, &kCalls);
    return holds;
  }
  write ? RealUnlock(mutex) : RealReaderUnlock(mutex);
  if (hooks->lock(mutex, shared, &kCalls, pc) == 0) write ? RealLock(mutex) : RealReaderLock(mutex);
  return holds;
}

bool WrappedAwait(Mutex* mutex, const Condition& condition, Timeout timeout) {
  if (hooks == nullptr) return RealAwait(mutex, condition, timeout);
  const void* pc = RACELAB_CALLER;
  if (hooks->call(RACELAB_WAIT, 1, pc) == RACELAB_SKIP) return true;
  bool holds = false;
  auto wait = [&] { holds = RealAwait(mutex, condition, timeout); };
  hooks->wait(mutex, &kCalls, Call<decltype(wait)>, &wait, pc);
  return holds;
}

bool WrappedWait(CondVar* condition, Mutex* mutex, Timeout timeout) {
  if (hooks == nullptr) return RealWait(condition, mutex, timeout);
  bool timed_out = false;
  auto wait = [&] { timed_out = RealWait(condition, mutex, timeout); };
  hooks->wait(mutex, &kCalls, Call<decltype(wait)>, &wait, RACELAB_CALLER);
  return timed_out;
}

void WrappedSignal(CondVar* condition) {
  if (hooks != nullptr && hooks->call(RACELAB_NOTIFY_ONE, IsAwaited(condition), RACELAB_CALLER) == RACELAB_SKIP) return;
  return RealSignal(condition);
}

void WrappedSignalAll(CondVar* condition) {
  if (hooks != nullptr) {
    const racelab_mutant mutant = hooks->call(RACELAB_NOTIFY_ALL, IsAwaited(condition), RACELAB_CALLER);
    if (mutant == RACELAB_SKIP) return;
    if (mutant == RACELAB_NOTIFY_ONLY_ONE) return RealSignal(condition);
  }
  return RealSignalAll(condition);
}

}  // extern "C"
