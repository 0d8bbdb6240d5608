// Deferred cancellation: a thread ends at a cancellation point. A cancellation conflicts with every operation, because
// it may come before any of the thread's cancellation points. Also the work of pthread_exit(): the destructors of
// objects on the thread's stack and, in C, the handlers of pthread_cleanup_push().

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <unwind.h>

#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/interceptors/jump.h"
#include "sanitizers/interleave/kernel.h"

namespace racelab::interleave {
namespace {

decltype(&_Unwind_ForcedUnwind) programs_unwinder = nullptr;  // Looked up in advance: a thread's dlsym() may hang.

// Jumps to the latest pthread_cleanup_push(), which runs its handler and calls __pthread_unwind_next().
[[noreturn]] void JumpToHandler() {
  Thread& thread = execution.me();
  const Cleanup& last = thread.cleanups.back();
  thread.stack_depth = last.stack_depth;
  AbandonOnces(last.onces);
  REAL(longjmp)(*static_cast<jmp_buf*>(last.buffer), 1);
  __builtin_unreachable();
}

_Unwind_Reason_Code AtFrame(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*,
                            _Unwind_Context* context, void*) {
  Thread& thread = execution.me();
  if ((actions & _UA_END_OF_STACK) != 0) execution.ExitThread(thread.result);
  if (!thread.cleanups.empty() && _Unwind_GetCFA(context) >= StackPointerIn(thread.cleanups.back().buffer))
    JumpToHandler();
  return _URC_NO_REASON;
}

// Destroys the objects on the running thread's stack, and ends the thread, with the program's own unwinder, as the C
// library does. A program in C may have no unwinder.
[[noreturn]] void Unwind() {
  Thread& thread = execution.me();
  if (programs_unwinder != nullptr) {
    thread.unwinding = {};
    programs_unwinder(&thread.unwinding, AtFrame, nullptr);
  }
  if (!thread.cleanups.empty()) JumpToHandler();
  AbandonOnces(0);
  execution.ExitThread(thread.result);
}

[[noreturn]] void BeCancelled() {
  execution.happens_before.Acquire(execution.current, Address(&execution.me()));
  LeaveThread(PTHREAD_CANCELED);
}

// The wait would also end, but the state of the library's function is unknown.
[[noreturn]] void RefuseToCancelWithinLibrary(const void* pc) {
  Refuse("pthread_cancel() of a thread that waits within another function of the C library", pc);
}

bool IsToBeCancelled() { return execution.me().cancel_requested && !execution.me().cancel_disabled; }

int Cancel(pthread_t handle, const void* pc) {
  const int slot = execution.ThreadOf(handle);
  if (slot < 0) return ESRCH;
  Thread& thread = execution.threads[slot];
  if (thread.joined) {
    execution.Fail(FailureKind::kThreadMisuse, "T%d cancels T%d, which has been joined already", execution.me().number,
                   thread.number);
  }
  if (slot != execution.current) {
    Operation cancel;
    cancel.kind = Kind::kCancel;
    cancel.pc = pc;
    cancel.meets_all = true;
    execution.Step(cancel);
  }
  if (execution.states.Is(ThreadState::kFinished, slot)) return 0;
  execution.happens_before.Release(execution.current, Address(&thread));
  thread.cancel_requested = true;
  execution.NoteChange(Address(&thread.cancel_requested));
  if (thread.cancel_disabled) return 0;
  if (thread.cancel_at_once) {
    if (slot == execution.current) BeCancelled();
    Refuse("pthread_cancel() of a thread with PTHREAD_CANCEL_ASYNCHRONOUS", pc);
  }
  if (!thread.at_cancellation_point) {
    if (execution.states.Is(ThreadState::kReady, slot) && thread.pending.waits) RefuseToCancelWithinLibrary(pc);
    return 0;
  }
  if (execution.in_handler >> slot & 1) Refuse("pthread_cancel() of a thread in a signal's handler", pc);
  if (execution.states.Is(ThreadState::kWaiting, slot)) {
    execution.Wake(slot, thread.pending.address);
  } else if (execution.states.Is(ThreadState::kReady, slot) && thread.pending.kind == Kind::kJoin) {
    execution.states.Enter(slot, ThreadState::kOnItsWay);
  }
  return 0;
}

int SetState(int state, int* before) {
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
  Thread& thread = execution.me();
  if (before != nullptr) *before = thread.cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
  if (!thread.leaves) thread.cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
  if (thread.cancel_at_once && IsToBeCancelled()) BeCancelled();
  return 0;
}

int SetType(int type, int* before) {
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
  Thread& thread = execution.me();
  if (before != nullptr) *before = thread.cancel_at_once ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
  thread.cancel_at_once = type == PTHREAD_CANCEL_ASYNCHRONOUS;
  if (thread.cancel_at_once && IsToBeCancelled()) BeCancelled();
  return 0;
}

void Register(void* buffer) {
  Thread& thread = execution.me();
  thread.cleanups.push_back({buffer, thread.stack_depth, thread.pending_onces.size(), thread.cancel_at_once});
}

// Also removes those that were registered later, and whose scopes a longjmp() has left.
Cleanup Unregister(const void* buffer) {
  Vector<Cleanup>& cleanups = execution.me().cleanups;
  Cleanup last = {};
  while (!cleanups.empty()) {
    last = cleanups.back();
    cleanups.pop_back();
    if (last.buffer == buffer) break;
  }
  return last;
}

}  // namespace

void PrepareCancellation() {
  programs_unwinder = reinterpret_cast<decltype(&_Unwind_ForcedUnwind)>(dlsym(RTLD_DEFAULT, "_Unwind_ForcedUnwind"));
}

void LeaveThread(void* result) {
  Thread& thread = execution.me();
  thread.result = result;
  thread.leaves = thread.cancel_disabled = true;
  thread.at_cancellation_point = false;
  Unwind();
}

void EnterCancellationPoint() {
  if (IsToBeCancelled()) BeCancelled();
  execution.me().at_cancellation_point = !execution.me().cancel_disabled;
}

void ExpectNoCancellation(const void* pc) {
  if (IsToBeCancelled() && !execution.me().at_cancellation_point) RefuseToCancelWithinLibrary(pc);
}

void LeaveCancellationPoint(bool has_waited) {
  Thread& thread = execution.me();
  if (has_waited && thread.IsCancelled()) BeCancelled();
  thread.at_cancellation_point = false;
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR int pthread_cancel(pthread_t handle) {
  return Live() ? Cancel(handle, RACELAB_CALLER) : REAL(pthread_cancel)(handle);
}
RACELAB_INTERCEPTOR int pthread_setcancelstate(int state, int* before) {
  if (!Live()) return REAL(pthread_setcancelstate)(state, before);
  NoteResult(before, RACELAB_CALLER);
  return SetState(state, before);
}
RACELAB_INTERCEPTOR int pthread_setcanceltype(int type, int* before) {
  if (!Live()) return REAL(pthread_setcanceltype)(type, before);
  NoteResult(before, RACELAB_CALLER);
  return SetType(type, before);
}
RACELAB_INTERCEPTOR void pthread_testcancel() {
  if (!Live()) return REAL(pthread_testcancel)();
  Operation look = Make(Kind::kLoad, false, &execution.me().cancel_requested, RACELAB_CALLER);
  look.rereads = true;
  if (Visible()) execution.Step(look);
  EnterCancellationPoint();
  LeaveCancellationPoint(false);
}

RACELAB_INTERCEPTOR void pthread_exit(void* result) {
  if (!Live()) REAL(pthread_exit)(result);
  LeaveThread(result);
}

// pthread_cleanup_push() and pthread_cleanup_pop() call these in C.
RACELAB_INTERCEPTOR void __pthread_register_cancel(__pthread_unwind_buf_t* buffer) {
  if (!Live()) return REAL(__pthread_register_cancel)(buffer);
  Register(buffer);
}
RACELAB_INTERCEPTOR void __pthread_unregister_cancel(__pthread_unwind_buf_t* buffer) {
  if (!Live()) return REAL(__pthread_unregister_cancel)(buffer);
  Unregister(buffer);
}
RACELAB_INTERCEPTOR void __pthread_register_cancel_defer(__pthread_unwind_buf_t* buffer) {
  if (!Live()) return REAL(__pthread_register_cancel_defer)(buffer);
  Register(buffer);
  execution.me().cancel_at_once = false;
}
RACELAB_INTERCEPTOR void __pthread_unregister_cancel_restore(__pthread_unwind_buf_t* buffer) {
  if (!Live()) return REAL(__pthread_unregister_cancel_restore)(buffer);
  SetType(Unregister(buffer).cancel_at_once ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED, nullptr);
}
RACELAB_INTERCEPTOR void __pthread_unwind_next(__pthread_unwind_buf_t* buffer) {
  if (!Live()) REAL(__pthread_unwind_next)(buffer);
  Unregister(buffer);
  Unwind();
}
