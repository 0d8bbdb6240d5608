// Initialisation that happens once: pthread_once() (also for std::call_once) and the guards of local statics.

#include <pthread.h>
#include <threads.h>
#include <unwind.h>

#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/model/once.h"
#include "sanitizers/interleave/mutation.h"

// void racelab_call_once(void (*function)()): calls the function in a frame that calls OnceIsUnwound() if an exception
// or pthread_exit() unwinds it: then the initialisation has not happened. (This runtime is compiled without exceptions,
// so its own frames are not cleaned up.)
asm(R"(
.text
.hidden racelab_call_once
.globl racelab_call_once
.type racelab_call_once,@function
racelab_call_once:
  .cfi_startproc
  .cfi_personality 0x9b, racelab_once_personality_reference
  sub $8, %rsp
  .cfi_def_cfa_offset 16
  call *%rdi
  add $8, %rsp
  .cfi_def_cfa_offset 8
  ret
  .cfi_endproc
.size racelab_call_once, .-racelab_call_once
.section .data.rel.local,"aw"
.balign 8
racelab_once_personality_reference:
  .quad racelab_once_personality
.text
)");
extern "C" void racelab_call_once(void (*function)());

namespace racelab::interleave {
namespace {

constexpr int kDone = 2;  // A value of pthread_once_t in glibc.

// Returns true if the caller must do the initialisation. `done` is called while no other thread is doing it.
template <typename Done>
bool Enter(void* object, Done done, const void* pc) {
  const std::uintptr_t address = Address(object);
  if (execution.locks[address].owner == execution.current) {
    execution.Fail(FailureKind::kDeadlock, "T%d waits for an initialisation that it is carrying out itself",
                   execution.me().number);
  }
  execution.Step(OnOnce(Kind::kOnceEnter, address, pc));
  execution.Touch(address, pc);
  execution.happens_before.Acquire(execution.current, address);
  if (done()) return false;
  execution.locks[address].Own(execution.current);
  return true;
}

// `finish` sets the flag. A thread that reads the flag without entering can see it only after this step.
template <typename Finish>
void Leave(void* object, Finish finish, const void* pc) {
  execution.Step(OnOnce(Kind::kOnceLeave, Address(object), pc));
  finish();
  execution.locks[Address(object)].LetGo();
  execution.happens_before.Release(execution.current, Address(object));
}

void DoOnce(pthread_once_t* once, void (*function)(), const void* pc) {
  if (!Visible()) {
    if (*once == kDone) return;
    function();
    *once = kDone;
    return;
  }
  if (mutations.active && mutations.At(SiteKind::kOnce, pc) == Mutator::kSkipOnce) [[unlikely]] {
    if (*once == kDone || execution.locks[Address(once)].owner >= 0) mutations.Differs();
    function();
    *once = kDone;
    return;
  }
  if (!Enter(once, [once] { return *once == kDone; }, pc)) return;
  Thread& thread = execution.me();
  thread.pending_onces.push_back({Address(once)});
  racelab_call_once(function);
  thread.pending_onces.pop_back();
  Leave(once, [once] { *once = kDone; }, pc);
}

bool IsInitialised(const volatile long long* guard) { return *reinterpret_cast<const volatile char*>(guard) != 0; }

}  // namespace

void AbandonOnces(std::size_t count) {
  Vector<PendingOnce>& pending = execution.me().pending_onces;
  while (pending.size() > count) {
    auto* once = reinterpret_cast<pthread_once_t*>(pending.back().once);
    pending.pop_back();
    Leave(once, [] {}, nullptr);
  }
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

extern "C" [[gnu::used, gnu::visibility("hidden")]] _Unwind_Reason_Code racelab_once_personality(
    int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*, _Unwind_Context* context) {
  Vector<PendingOnce>& pending = execution.me().pending_onces;
  if ((actions & _UA_CLEANUP_PHASE) != 0 && Live() && !pending.empty()) {
    auto* once = reinterpret_cast<pthread_once_t*>(pending.back().once);
    pending.pop_back();
    Leave(once, [] {}, reinterpret_cast<const void*>(_Unwind_GetIP(context)));
  }
  return _URC_CONTINUE_UNWIND;
}

RACELAB_INTERCEPTOR int pthread_once(pthread_once_t* once, void (*function)()) {
  if (!Live() || IsOfThisRuntime(RACELAB_CALLER)) return REAL(pthread_once)(once, function);
  DoOnce(once, function, RACELAB_CALLER);
  return 0;
}
RACELAB_INTERCEPTOR void call_once(once_flag* flag, void (*function)()) {  // C's function.
  auto* once = reinterpret_cast<pthread_once_t*>(flag);
  if (!Live()) {
    REAL(pthread_once)(once, function);
  } else {
    DoOnce(once, function, RACELAB_CALLER);
  }
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
