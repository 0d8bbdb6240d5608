// Threads: creation, joining, their ends, and what they keep for themselves.

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unwind.h>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/library_calls.h"

namespace racelab::interleave {
namespace {

using KeyDestructor = void (*)(void*);

// Of every key that there is, inside and outside of explorations.
KeyDestructor key_destructors[kMaxKeys];

// A key that an execution creates comes from here, so that it has the same number in every execution. Of those that are
// free, the first.
constexpr int kSpareKeys = 192;
pthread_key_t spare_keys[kSpareKeys];
bool key_taken[kSpareKeys];

// What the calling thread has kept before an exploration.
void* kept_before[kMaxKeys];
sigset_t blocked_before;

void NoteKey(pthread_key_t key, KeyDestructor destructor) {
  if (key >= kMaxKeys) Fatal("more than %d thread-specific keys", kMaxKeys);
  key_destructors[key] = destructor;
  if (static_cast<int>(key) >= execution.keys_in_use) execution.keys_in_use = static_cast<int>(key) + 1;
}

decltype(&_Unwind_ForcedUnwind) programs_unwinder = nullptr;  // Looked up before: a thread's dlsym() may hang.

// When the running thread has no frames left.
_Unwind_Reason_Code AtFrame(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*, _Unwind_Context*,
                            void*) {
  if ((actions & _UA_END_OF_STACK) != 0) execution.ExitThread(execution.me().result);
  return _URC_NO_REASON;
}

// Destroys what is on the running thread's stack, and ends it: as the C library does, by the program's own unwinder.
// Returns if the program, written in C, has none.
void UnwindStack() {
  if (programs_unwinder == nullptr) return;
  execution.me().unwinding = {};
  programs_unwinder(&execution.me().unwinding, AtFrame, nullptr);
}

void ExpectJoinable(int slot, const char* does) {
  const Thread& thread = execution.threads[slot];
  if (!thread.joined && !thread.detached) return;
  execution.Fail(FailureKind::kThreadMisuse, "T%d %s T%d, which has been %s already", execution.me().number, does,
                 thread.number, thread.joined ? "joined" : "detached");
}

}  // namespace

void PrepareKeys() {
  programs_unwinder = reinterpret_cast<decltype(&_Unwind_ForcedUnwind)>(dlsym(RTLD_DEFAULT, "_Unwind_ForcedUnwind"));
  if (spare_keys[kSpareKeys - 1] == 0) {
    for (pthread_key_t& key : spare_keys) {
      REAL(pthread_key_create)(&key, nullptr);
      if (key >= kMaxKeys) Fatal("more than %d thread-specific keys", kMaxKeys);
    }
  }
  for (int key = 0; key < execution.keys_in_use; ++key)
    kept_before[key] = REAL(pthread_getspecific)(static_cast<pthread_key_t>(key));
  REAL(pthread_sigmask)(SIG_SETMASK, nullptr, &blocked_before);
}

// Thread 0 begins each execution with what the calling thread has kept so far.
void BeginKeys() {
  memset(key_taken, 0, sizeof key_taken);
  memcpy(execution.threads[0].specific, kept_before, execution.keys_in_use * sizeof kept_before[0]);
  execution.threads[0].blocked_signals = blocked_before;
}

void KeepKeys() {
  for (int key = 0; key < execution.keys_in_use; ++key) {
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
  if (execution.current == 0) return;  // Its values are the calling thread's, which goes on.
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
    bool any = false;
    for (int key = 0; key < execution.keys_in_use; ++key) {
      void* value = thread.specific[key];
      if (value == nullptr || key_destructors[key] == nullptr) continue;
      thread.specific[key] = nullptr;
      key_destructors[key](value);
      any = true;
    }
    if (!any) break;
  }
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*function)(void*),
                                       void* argument) {
  if (!Live()) return REAL(pthread_create)(handle, attributes, function, argument);
  if (execution.creations_may_fail > 0 && execution.Choose(2, RACELAB_CALLER) == 1) return EAGAIN;
  const int thread = execution.Create(function, argument);
  UseStackOf(attributes, thread);
  int detached = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detached);
  execution.threads[thread].detached = detached == PTHREAD_CREATE_DETACHED;
  execution.threads[thread].of_library = IsInUnseenLibrary(RACELAB_CALLER);
  *handle = execution.threads[thread].handle;
  return 0;
}

RACELAB_INTERCEPTOR int pthread_join(pthread_t handle, void** result) {
  if (!Live()) return REAL(pthread_join)(handle, result);
  const int thread = execution.ThreadOf(handle);
  if (thread < 0) return ESRCH;
  ExpectJoinable(thread, "joins");
  if (thread == execution.current) return EDEADLK;
  execution.Join(thread, RACELAB_CALLER);
  if (result != nullptr) *result = execution.threads[thread].result;
  NoteResult(result, RACELAB_CALLER);
  return 0;
}

// That a thread has ended is no step of its own: asking for it meets all that others do. A thread that has done all
// that it does may not have ended yet: so one that has ended may be told to be busy, once.
RACELAB_INTERCEPTOR int pthread_tryjoin_np(pthread_t handle, void** result) noexcept {
  if (!Live()) return REAL(pthread_tryjoin_np)(handle, result);
  const int slot = execution.ThreadOf(handle);
  if (slot < 0) return ESRCH;
  ExpectJoinable(slot, "joins");
  if (slot == execution.current) return EDEADLK;
  Thread& thread = execution.threads[slot];
  Operation ask = Make(Kind::kLoad, false, &thread.result, RACELAB_CALLER, sizeof thread.result);
  ask.meets_all = ask.rereads = true;
  execution.Step(ask);
  if (!execution.states.Is(ThreadState::kFinished, slot)) return EBUSY;
  if (!thread.told_busy && execution.Choose(2, RACELAB_CALLER) == 1) {
    thread.told_busy = true;
    return EBUSY;
  }
  execution.Join(slot, RACELAB_CALLER);
  if (result != nullptr) *result = thread.result;
  NoteResult(result, RACELAB_CALLER);
  return 0;
}

RACELAB_INTERCEPTOR int pthread_detach(pthread_t handle) {
  if (!Live()) return REAL(pthread_detach)(handle);
  const int thread = execution.ThreadOf(handle);
  if (thread < 0) return ESRCH;
  ExpectJoinable(thread, "detaches");
  execution.threads[thread].detached = true;
  return 0;
}

RACELAB_INTERCEPTOR void pthread_exit(void* result) {
  if (!Live()) REAL(pthread_exit)(result);
  execution.me().result = result;
  UnwindStack();
  execution.ExitThread(result);
}

RACELAB_INTERCEPTOR int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  if (Live()) {
    int spare = 0;
    while (spare < kSpareKeys && key_taken[spare]) ++spare;
    if (spare == kSpareKeys) return EAGAIN;
    key_taken[spare] = true;
    *key = spare_keys[spare];
    NoteKey(*key, destructor);
    for (int slot = 0; slot < execution.slots(); ++slot) execution.threads[slot].specific[*key] = nullptr;
    return 0;
  }
  const int result = REAL(pthread_key_create)(key, destructor);
  if (result == 0) NoteKey(*key, destructor);
  return result;
}
RACELAB_INTERCEPTOR int pthread_key_delete(pthread_key_t key) {
  if (Live()) {
    if (key >= kMaxKeys) return EINVAL;
    for (int spare = 0; spare < kSpareKeys; ++spare) {
      if (spare_keys[spare] != key) continue;
      key_taken[spare] = false;
      key_destructors[key] = nullptr;
    }
    return 0;
  }
  if (key < kMaxKeys) key_destructors[key] = nullptr;
  return REAL(pthread_key_delete)(key);
}
RACELAB_INTERCEPTOR void* pthread_getspecific(pthread_key_t key) {
  if (!Live()) return REAL(pthread_getspecific)(key);
  return key < kMaxKeys ? execution.me().specific[key] : nullptr;
}
RACELAB_INTERCEPTOR int pthread_setspecific(pthread_key_t key, const void* value) {
  if (!Live()) return REAL(pthread_setspecific)(key, value);
  if (key >= kMaxKeys) return EINVAL;
  execution.me().specific[key] = const_cast<void*>(value);
  return 0;
}

RACELAB_INTERCEPTOR int __cxa_thread_atexit(void (*function)(void*), void* object, void* module) {
  if (Live() && (execution.current != 0 || !execution.kept)) {
    execution.me().destructors.push_back({function, object});
    return 0;
  }
  using Real = int (*)(void (*)(void*), void*, void*);
  static const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "__cxa_thread_atexit_impl"));
  return real(function, object, module);
}
