// Threads: creation, joining, their ends, and thread-specific values.

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <threads.h>

#include <algorithm>

#include "sanitizers/interleave/constructors.h"
#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/mutation.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

using KeyDestructor = void (*)(void*);

struct Key {
  bool exists = false;
  KeyDestructor destructor = nullptr;
};

Key keys[kMaxKeys];         // All keys, from inside and outside explorations.
Key keys_before[kMaxKeys];  // The keys from before the exploration.

// An execution takes its keys from a fixed supply, so that they have the same numbers in every execution. This many are
// reserved in a test, which also creates keys outside explorations; a program that is explored as a whole may use all
// keys.
constexpr int kSpareKeysOfTest = 128;
pthread_key_t spare_keys[kMaxKeys];
int spare_keys_count = 0, spare_keys_used = 0;

// The calling thread's values from before the exploration.
void* kept_before[kMaxKeys];
sigset_t blocked_before;

void NoteKey(pthread_key_t key, KeyDestructor destructor) {
  if (key >= kMaxKeys) Fatal("more than %d thread-specific keys", kMaxKeys);
  keys[key] = {true, destructor};
  if (static_cast<int>(key) >= keys_in_use) keys_in_use = static_cast<int>(key) + 1;
}

bool KeyExists(pthread_key_t key) { return key < kMaxKeys && keys[key].exists; }

int CreateKey(pthread_key_t* key, KeyDestructor destructor) {
  for (int i = 0; i < spare_keys_count; ++i) {
    if (keys[spare_keys[i]].exists) continue;
    spare_keys_used = std::max(spare_keys_used, i + 1);
    NoteKey(*key = spare_keys[i], destructor);
    return 0;
  }
  return EAGAIN;
}

// The threads' values for a deleted key must not reappear for the next key with the same number.
int DeleteKey(pthread_key_t key) {
  if (!KeyExists(key)) return EINVAL;
  keys[key] = {};
  for (int slot = 0; slot < execution.slots(); ++slot) execution.threads[slot].specific[key] = nullptr;
  return 0;
}

int SetSpecific(pthread_key_t key, const void* value) {
  if (!KeyExists(key)) return EINVAL;
  execution.me().specific[key] = const_cast<void*>(value);
  return 0;
}

void ExpectJoinable(int slot, const char* does) {
  const Thread& thread = execution.threads[slot];
  if (!thread.joined && !thread.detached) return;
  execution.Fail(FailureKind::kThreadMisuse, "T%d %s T%d, which has been %s already", execution.me().number, does,
                 thread.number, thread.joined ? "joined" : "detached");
}

int CreateThread(pthread_t* handle, const pthread_attr_t* attributes, void* (*function)(void*), void* argument,
                 const void* pc) {
  if (execution.creations_may_fail > 0 && execution.Choose(2, pc) == 1) return EAGAIN;
  const int thread = execution.Create(function, argument);
  UseStackOf(attributes, thread);
  int detached = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detached);
  execution.threads[thread].detached = detached == PTHREAD_CREATE_DETACHED;
  execution.threads[thread].of_library = IsInUnseenLibrary(pc);
  *handle = execution.threads[thread].handle;
  return 0;
}

// Threads of libraries that were built without the sanitizer, created before main(), run beside the executions.
Vector<pthread_t>& ThreadsBesides() {
  static auto& threads = *new (AllocateRuntimeMemory(sizeof(Vector<pthread_t>))) Vector<pthread_t>;
  return threads;
}

int CreateBesides(pthread_t* handle, const pthread_attr_t* attributes, void* (*function)(void*), void* argument) {
  ExploreConstructors();
  const int error = REAL(pthread_create)(handle, attributes, function, argument);
  if (error == 0 && !MainHasBegun()) ThreadsBesides().push_back(*handle);
  return error;
}

// Negative if there is no such thread.
int ThreadOf(pthread_t handle, const char* call, const void* pc) {
  const int thread = execution.ThreadOf(handle);
  if (thread >= 0) return thread;
  for (const pthread_t besides : ThreadsBesides()) {
    if (besides == handle) Refuse(call, pc);
  }
  return thread;
}

int DetachThread(pthread_t handle, const void* pc) {
  const int thread = ThreadOf(handle, "pthread_detach() for a thread that was started before main()", pc);
  if (thread < 0) return ESRCH;
  ExpectJoinable(thread, "detaches");
  execution.threads[thread].detached = true;
  return 0;
}

int ThreadToJoin(pthread_t handle, const void* pc) {
  return ThreadOf(handle, "pthread_join() for a thread that was started before main()", pc);
}

int JoinThread(pthread_t handle, void** result, const void* pc) {
  const int thread = ThreadToJoin(handle, pc);
  if (thread < 0) return ESRCH;
  ExpectJoinable(thread, "joins");
  if (thread == execution.current) return EDEADLK;
  if (mutations.active && mutations.At(SiteKind::kJoin, pc) == Mutator::kSkipJoin) [[unlikely]] {
    if (!execution.HasFinished(thread)) mutations.Differs();
    return DetachThread(handle, pc);
  }
  EnterCancellationPoint();
  LeaveCancellationPoint(!execution.Join(thread, pc));
  if (result != nullptr) *result = execution.threads[thread].result;
  NoteResult(result, pc);
  return 0;
}

// The end of a thread is not a step; instead, a query for it conflicts with every operation. A thread that has done all
// its work may not have ended yet, so the answer for an ended thread may once be "busy".
bool HasEnded(int slot, const void* pc) {
  Thread& thread = execution.threads[slot];
  Operation ask = Make(Kind::kLoad, false, &thread.result, pc, sizeof thread.result);
  ask.meets_all = ask.rereads = true;
  execution.Step(ask);
  if (!execution.HasFinished(slot)) return false;
  if (thread.told_busy || execution.Choose(2, pc) == 0) return true;
  thread.told_busy = true;
  return false;
}

int TryToJoin(pthread_t handle, void** result, const void* pc) {
  const int thread = ThreadToJoin(handle, pc);
  if (thread < 0) return ESRCH;
  ExpectJoinable(thread, "joins");
  if (thread == execution.current) return EDEADLK;
  return HasEnded(thread, pc) ? JoinThread(handle, result, pc) : EBUSY;
}

// With a time limit: the wait timed out at some moment before the deadline.
int JoinUntil(pthread_t handle, void** result, clockid_t clock, const timespec* deadline, const void* pc) {
  if (deadline == nullptr) return JoinThread(handle, result, pc);
  if (!CanWaitBy(clock)) return EINVAL;
  const int thread = ThreadToJoin(handle, pc);
  if (thread < 0) return ESRCH;
  ExpectJoinable(thread, "joins");
  if (thread == execution.current) return EDEADLK;
  EnterCancellationPoint();
  const bool has_ended = HasEnded(thread, pc);
  LeaveCancellationPoint(!has_ended);
  if (has_ended) return JoinThread(handle, result, pc);
  if (!IsValid(deadline)) return EINVAL;
  AdvanceTo(deadline, clock == CLOCK_MONOTONIC);
  return ETIMEDOUT;
}

}  // namespace

int C11Result(int error) {
  switch (error) {
    case 0:
      return thrd_success;
    case ENOMEM:
      return thrd_nomem;
    case ETIMEDOUT:
      return thrd_timedout;
    case EBUSY:
      return thrd_busy;
    default:
      return thrd_error;
  }
}

void PrepareKeys() {
  PrepareCancellation();
  const int most = options.whole ? kMaxKeys : kSpareKeysOfTest;
  for (pthread_key_t key; spare_keys_count < most && REAL(pthread_key_create)(&key, nullptr) == 0;)
    spare_keys[spare_keys_count++] = key;
  for (int key = 0; key < kMaxKeys; ++key) {
    keys_before[key] = keys[key];
    kept_before[key] = keys[key].exists ? REAL(pthread_getspecific)(static_cast<pthread_key_t>(key)) : nullptr;
  }
  REAL(pthread_sigmask)(SIG_SETMASK, nullptr, &blocked_before);
}

// Thread 0 begins each execution with the calling thread's values.
void BeginKeys() {
  spare_keys_used = 0;
  memcpy(keys, keys_before, keys_in_use * sizeof keys[0]);
  memcpy(execution.threads[0].specific, kept_before, keys_in_use * sizeof kept_before[0]);
  execution.threads[0].blocked_signals = blocked_before;
}

void KeepKeys() {
  for (int key = 0; key < keys_in_use; ++key) {
    REAL(pthread_setspecific)(static_cast<pthread_key_t>(key), execution.threads[0].specific[key]);
  }
  REAL(pthread_sigmask)(SIG_SETMASK, &execution.threads[0].blocked_signals, nullptr);
}

void RunThreadDestructors(Thread& thread) {
  while (!thread.destructors.empty()) {
    const Destructor last = thread.destructors.back();
    thread.destructors.pop_back();
    last.function(last.object);
  }
}

void RunKeyDestructors(Thread& thread) {
  if (execution.current == 0 && !options.whole) return;  // Its values belong to the calling thread, which continues.
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    bool any = false;
    for (int key = 0; key < keys_in_use; ++key) {
      void* value = thread.specific[key];
      if (value == nullptr) continue;
      thread.specific[key] = nullptr;
      if (keys[key].destructor == nullptr) continue;
      keys[key].destructor(value);
      any = true;
    }
    if (!any) break;
  }
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*function)(void*),
                                       void* argument) {
  if (!Live()) return CreateBesides(handle, attributes, function, argument);
  return CreateThread(handle, attributes, function, argument, RACELAB_CALLER);
}

RACELAB_INTERCEPTOR int pthread_join(pthread_t handle, void** result) {
  return Live() ? JoinThread(handle, result, RACELAB_CALLER) : REAL(pthread_join)(handle, result);
}
RACELAB_INTERCEPTOR int pthread_tryjoin_np(pthread_t handle, void** result) noexcept {
  return Live() ? TryToJoin(handle, result, RACELAB_CALLER) : REAL(pthread_tryjoin_np)(handle, result);
}
RACELAB_INTERCEPTOR int pthread_timedjoin_np(pthread_t handle, void** result, const timespec* t) {
  if (!Live()) return REAL(pthread_timedjoin_np)(handle, result, t);
  return JoinUntil(handle, result, CLOCK_REALTIME, t, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock, const timespec* t) {
  if (!Live()) return REAL(pthread_clockjoin_np)(handle, result, clock, t);
  return JoinUntil(handle, result, clock, t, RACELAB_CALLER);
}

RACELAB_INTERCEPTOR int pthread_detach(pthread_t handle) {
  return Live() ? DetachThread(handle, RACELAB_CALLER) : REAL(pthread_detach)(handle);
}

RACELAB_INTERCEPTOR int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  if (Live()) {
    NoteResult(key, RACELAB_CALLER);
    return CreateKey(key, destructor);
  }
  const int result = REAL(pthread_key_create)(key, destructor);
  if (result == 0) NoteKey(*key, destructor);
  return result;
}
RACELAB_INTERCEPTOR int pthread_key_delete(pthread_key_t key) {
  if (Live()) return DeleteKey(key);
  if (key < kMaxKeys) keys[key] = {};
  return REAL(pthread_key_delete)(key);
}
RACELAB_INTERCEPTOR void* pthread_getspecific(pthread_key_t key) {
  if (!Live()) return REAL(pthread_getspecific)(key);
  return key < kMaxKeys ? execution.me().specific[key] : nullptr;
}
RACELAB_INTERCEPTOR int pthread_setspecific(pthread_key_t key, const void* value) {
  return Live() ? SetSpecific(key, value) : REAL(pthread_setspecific)(key, value);
}

// <threads.h>: the C library's own functions call those of pthread within the library, where they cannot be
// intercepted.
RACELAB_INTERCEPTOR int thrd_create(thrd_t* handle, thrd_start_t function, void* argument) {
  if (!Live()) {
    ExploreConstructors();
    return REAL(thrd_create)(handle, function, argument);
  }
  // The function's int result is in the lower half of the register for a pointer.
  const auto begin = reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void (*)()>(function));
  return C11Result(CreateThread(handle, nullptr, begin, argument, RACELAB_CALLER));
}
RACELAB_INTERCEPTOR int thrd_join(thrd_t handle, int* result) {
  if (!Live()) return REAL(thrd_join)(handle, result);
  void* all = nullptr;
  const int error = JoinThread(handle, &all, RACELAB_CALLER);
  if (error == 0 && result != nullptr) *result = static_cast<int>(reinterpret_cast<std::intptr_t>(all));
  return C11Result(error);
}
RACELAB_INTERCEPTOR int thrd_detach(thrd_t handle) {
  return Live() ? C11Result(DetachThread(handle, RACELAB_CALLER)) : REAL(thrd_detach)(handle);
}
RACELAB_INTERCEPTOR void thrd_exit(int result) {
  if (!Live()) REAL(thrd_exit)(result);
  LeaveThread(reinterpret_cast<void*>(std::intptr_t{result}));
}
RACELAB_INTERCEPTOR int tss_create(tss_t* key, tss_dtor_t destructor) {
  return Live() ? C11Result(CreateKey(key, destructor)) : C11Result(pthread_key_create(key, destructor));
}
RACELAB_INTERCEPTOR void tss_delete(tss_t key) { pthread_key_delete(key); }
RACELAB_INTERCEPTOR void* tss_get(tss_t key) { return pthread_getspecific(key); }
RACELAB_INTERCEPTOR int tss_set(tss_t key, void* value) { return C11Result(pthread_setspecific(key, value)); }

RACELAB_INTERCEPTOR int __cxa_thread_atexit(void (*function)(void*), void* object, void* module) {
  if (Live() && (execution.current != 0 || !execution.kept)) {
    execution.me().destructors.push_back({function, object});
    return 0;
  }
  using Real = int (*)(void (*)(void*), void*, void*);
  static const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "__cxa_thread_atexit_impl"));
  return real(function, object, module);
}
