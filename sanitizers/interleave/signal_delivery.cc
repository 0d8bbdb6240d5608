// How a waiting thread runs a signal handler: it is switched to a frame on top of its own, and continues to wait in its
// own frame after the handlers.

#include "sanitizers/interleave/signal_delivery.h"

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/signals.h"

// Entered where a switch to the thread would have popped the callee-saved registers: runs the handlers, then pops them.
asm(R"(
.text
.hidden racelab_interrupted
.globl racelab_interrupted
.type racelab_interrupted,@function
racelab_interrupted:
  mov %rsp, %rbx
  and $-16, %rsp
  call racelab_run_handlers
  mov %rbx, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.size racelab_interrupted, .-racelab_interrupted
)");
extern "C" void racelab_interrupted();

namespace racelab::interleave {
namespace {

constexpr int kPreservedRegisters = 6;  // That racelab_switch_stack saves.

struct Waiting {
  ThreadState state;
  Operation pending;
  std::int64_t wakes_at;
  bool timed_out, spinning;
};
Waiting waiting[kMaxThreads];
std::uintptr_t handlers_frame[kMaxThreads];  // Of racelab_run_handlers().

ThreadState StateOf(int thread) {
  for (const ThreadState state : {ThreadState::kOnItsWay, ThreadState::kReady, ThreadState::kWaiting}) {
    if (execution.states.Is(state, thread)) return state;
  }
  return ThreadState::kFinished;
}

}  // namespace

void Interrupt(int number) {
  if (execution.in_handler >> number & 1) return;  // It looks for more signals at its end.
  Thread& thread = execution.threads[number];
  waiting[number] = {StateOf(number), thread.pending, thread.wakes_at, thread.timed_out, thread.spinning};
  if ((execution.waits_after_handler >> number & 1) == 0) {
    auto* top = static_cast<void**>(thread.fibre.stack_pointer);
    *--top = reinterpret_cast<void*>(racelab_interrupted);
    for (int i = 0; i < kPreservedRegisters; ++i) *--top = nullptr;
    thread.fibre.stack_pointer = top;
  }
  execution.states.Enter(number, ThreadState::kOnItsWay);
  execution.in_handler |= Only(number);
  if (waiting[number].state == ThreadState::kWaiting) {
    execution.asleep_in_handler |= Only(number);
  } else {
    execution.asleep_in_handler &= ~Only(number);
  }
  execution.woken_in_handler &= ~Only(number);
}

void LeaveHandlerFor(std::uintptr_t stack_pointer) {
  if ((execution.in_handler >> execution.current & 1) == 0) return;
  const Fibre& fibre = execution.me().fibre;
  const bool is_on_own_stack = stack_pointer - Address(fibre.stack) < fibre.stack_size;  // Not the handler's.
  if (is_on_own_stack && stack_pointer > handlers_frame[execution.current])
    execution.in_handler &= ~Only(execution.current);
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

namespace {

// Runs the handlers of the running thread, which interrupt it. Returns whether it must continue to wait.
bool RunHandlersBetweenSteps() {
  const int number = execution.current;
  RunHandlers();
  Thread& thread = execution.me();
  const Waiting& before = waiting[number];
  execution.in_handler &= ~Only(number);
  thread.pending = before.pending;
  thread.wakes_at = before.wakes_at;
  thread.timed_out = before.timed_out;
  thread.spinning = before.spinning;
  if (before.state == ThreadState::kOnItsWay || (execution.woken_in_handler >> number & 1)) return false;
  const bool joins = before.pending.kind == Kind::kJoin && before.state == ThreadState::kReady;
  return !joins || !execution.states.Is(ThreadState::kFinished, static_cast<int>(before.pending.address));
}

}  // namespace

// A signal that arrives while the thread continues to wait is handled in the same frame: however many arrive, they need
// no more stack than one.
extern "C" __attribute__((visibility("hidden"), used)) void racelab_run_handlers() {
  const int number = execution.current;
  handlers_frame[number] = Address(__builtin_frame_address(0));
  while (RunHandlersBetweenSteps()) {
    execution.waits_after_handler |= Only(number);
    execution.WaitOn(waiting[number].state);
    execution.waits_after_handler &= ~Only(number);
    if ((execution.in_handler >> number & 1) == 0) return;
  }
}
