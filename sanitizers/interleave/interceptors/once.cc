// What happens once: pthread_once (std::call_once too) and the guards of local statics.

#include <pthread.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

constexpr int kDone = 2;  // Of pthread_once_t, in glibc.

// True if the caller is the one to do it. `done` is read once no other thread is doing it.
template <typename Done>
bool Enter(void* object, Done done, const void* pc) {
  const std::uintptr_t address = Address(object);
  if (execution.mutexes[address].owner == execution.current) {
    execution.Fail(FailureKind::kDeadlock, "T%d initialises again what it is just initialising", execution.current);
  }
  execution.Step(Make(Kind::kOnceEnter, true, object, pc));
  execution.happens_before.Acquire(execution.current, address);
  if (done()) return false;
  execution.mutexes[address].owner = static_cast<std::int8_t>(execution.current);
  return true;
}

// `finish` tells the others: whoever reads it without entering must read it after this step.
template <typename Finish>
void Leave(void* object, Finish finish, const void* pc) {
  execution.Step(Make(Kind::kOnceLeave, true, object, pc));
  finish();
  execution.mutexes[Address(object)].owner = -1;
  execution.happens_before.Release(execution.current, Address(object));
}

bool IsInitialised(const volatile long long* guard) { return *reinterpret_cast<const volatile char*>(guard) != 0; }

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_once(pthread_once_t* once, void (*function)()) {
  if (!Live()) return REAL(pthread_once)(once, function);
  if (!Visible() || !execution.concurrent()) {
    if (*once == kDone) return 0;
    function();
    *once = kDone;
    return 0;
  }
  const void* pc = RACELAB_CALLER;
  if (!Enter(once, [once] { return *once == kDone; }, pc)) return 0;
  struct LeaveAtLast {  // Also when the function throws: then it has not happened.
    pthread_once_t* once;
    const void* pc;
    bool done = false;
    ~LeaveAtLast() {
      Leave(
          once,
          [this] {
            if (done) *once = kDone;
          },
          pc);
    }
  } leave = {once, pc};
  function();
  leave.done = true;
  return 0;
}

RACELAB_INTERCEPTOR int __cxa_guard_acquire(long long* guard) {
  if (IsInitialised(guard)) return 0;
  if (!Visible()) return 1;
  return Enter(guard, [guard] { return IsInitialised(guard); }, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void __cxa_guard_release(long long* guard) {
  const auto finish = [guard] { *reinterpret_cast<volatile char*>(guard) = 1; };
  if (!Visible()) return finish();
  Leave(guard, finish, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR void __cxa_guard_abort(long long* guard) {
  if (Visible()) Leave(guard, [] {}, RACELAB_CALLER);
}
