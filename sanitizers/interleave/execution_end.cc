// How a thread, the process and an execution end.

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include <algorithm>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {

void RunThreadDestructors(Thread& thread);  // interceptors/thread.cc
void RunKeyDestructors(Thread& thread);
[[noreturn]] void EndAsExitDoes(int code, const void* pc);  // interceptors/exit.cc

namespace {

constexpr int kRobust = 16;       // A bit of __data.__kind in glibc.
constexpr int kCallsOfPlace = 4;  // Calls that distinguish one failure from another.

// Whether one thread alone causes such a failure, so that another thread might have failed first.
bool EndsTheProgram(FailureKind kind) {
  return kind == FailureKind::kExpectation || kind == FailureKind::kAbort || kind == FailureKind::kUncaughtException ||
         kind == FailureKind::kMutexMisuse || kind == FailureKind::kThreadMisuse || kind == FailureKind::kHeapMisuse;
}

// Identifies the thread's place by `pc`, if known, and the innermost calls.
std::uintptr_t PlaceOf(const Thread& thread, const void* pc) {
  auto place = reinterpret_cast<std::uintptr_t>(pc);
  const int depth = std::min(thread.stack_depth, kMaxStack);
  for (int i = depth; i > 0 && i > depth - kCallsOfPlace; --i) {
    place = (place ^ reinterpret_cast<std::uintptr_t>(thread.stack[i - 1])) * 0x9E3779B97F4A7C15u;
  }
  return place;
}

}  // namespace

void Execution::ExitThread(void* result) {
  me().result = result;
  Finish();
  __builtin_unreachable();
}

// The running thread has ended.
void Execution::Finish() {
  Thread& thread = me();
  thread.leaves = thread.cancel_disabled = true;
  RunThreadDestructors(thread);
  RunKeyDestructors(thread);
  if (looks_for_stale_pointers > 0 && concurrent() && !thread.freed.empty()) LookForStalePointers();
  if (recording != nullptr) NoteValueAfter(current);
  ExpectNothingIgnored();
  for (const std::uintptr_t held : thread.held) {
    if (!LeaveToNextOwner(held)) Fail(FailureKind::kMutexMisuse, "T%d ends while it holds a mutex", thread.number);
  }
  const ThreadSet others = (Only(slots_ - 1) | (Only(slots_ - 1) - 1)) & ~Only(current);
  if (options.whole && !ending_ && (others & ~states.In(ThreadState::kFinished)) == 0) EndAsExitDoes(0, nullptr);
  EndMemory();
  states.Enter(current, ThreadState::kFinished);
  NoteChange(reinterpret_cast<std::uintptr_t>(&thread.result));  // For a thread that tries repeatedly to join this one.
  for (ThreadSet ready = states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    const Operation& pending = threads[Lowest(ready)].pending;
    if (pending.kind == Kind::kJoin && pending.address == static_cast<std::uintptr_t>(current))
      states.Enter(Lowest(ready), ThreadState::kOnItsWay);  // A join is no step: the joiner continues.
  }
  Schedule();
}

void Execution::ExpectNothingIgnored() {
  if (me().ignoring_accesses == 0 && me().ignoring_order == 0) return;
  Fail(FailureKind::kThreadMisuse, "T%d ends, but its accesses or its orders are still ignored", me().number);
}

// The owner of a robust mutex ends: the next owner will get EOWNERDEAD. This is a step, because others may try to lock
// the mutex before. Returns false if the mutex is not robust.
bool Execution::LeaveToNextOwner(std::uintptr_t mutex) {
  const auto& kind = reinterpret_cast<const pthread_mutex_t*>(mutex)->__data.__kind;
  if (locks[mutex].owner != current || (kind & kRobust) == 0) return false;
  Step(OnLock(Kind::kUnlock, mutex, nullptr));
  Lock& lock = locks[mutex];
  lock.LetGo();
  lock.owner_died = true;
  happens_before.Release(current, mutex);
  return true;
}

void Execution::Exit(int code, const void* pc, bool at_once) {
  Operation end_process;
  end_process.kind = Kind::kExit;
  end_process.reads = end_process.changes = kProcess;
  end_process.pc = pc;
  Step(end_process);
  if (!at_once) ExpectNothingIgnored();
  if (!ending_) {
    exit_code = code;
    ends_at_once_ = at_once;
  }
  ending_ = true;
  me().exited = true;
  states.Enter(current, ThreadState::kFinished);
  Schedule();
  __builtin_unreachable();
}

// No thread can continue: the process is over.
void Execution::EndProcess() {
  NotePending();
  for (int slot = 1; slot < slots_ && !ends_at_once_; ++slot) {
    const Thread& thread = threads[slot];
    if (!states.Is(ThreadState::kFinished, slot) || thread.joined || thread.detached || thread.exited ||
        thread.of_library)
      continue;
    Fail(FailureKind::kThreadLeak, "T%d has ended, and was neither joined nor detached", thread.number);
  }
  if (exit_code != 0 && !options.outcomes) Fail(FailureKind::kExit, "exit code %d", exit_code);
  End();
}

// Anything that the thread did without its own storage is undone with the execution.
void Execution::EndIfStorageIsLost() {
  if (pointer_change != PointerChange::kForgetfulInstruction || ThreadPointer() == me().fibre.thread_pointer) return;
  Break(ExecutionEnd::kLost);
}

void Execution::Break(ExecutionEnd how) {
  if (how != ExecutionEnd::kLost) EndIfStorageIsLost();
  failure.kind = FailureKind::kNone;
  end = how;
  End();
}

void Execution::NotePending() {
  for (int t = 0; t < slots_; ++t) {
    if (states.Is(ThreadState::kReady, t) || states.Is(ThreadState::kWaiting, t))
      search_->NotePending(t, threads[t].pending);
  }
}

void Execution::Fail(FailureKind kind, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  FailWith(kind, nullptr, format, arguments);
}

void Execution::FailAt(FailureKind kind, const void* pc, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  FailWith(kind, pc, format, arguments);
}

// A debugger's breakpoint (`racelab explore --gdb`): the failing thread is still at the step that failed.
extern "C" [[gnu::noinline]] void racelab_interleaving_failed() { asm volatile(""); }

void Execution::FailWith(FailureKind kind, const void* pc, const char* format, va_list arguments) {
  EndIfStorageIsLost();
  if (EndsTheProgram(kind) && concurrent()) {  // Other threads' earlier steps must be tried.
    Operation fail;
    fail.kind = Kind::kFail;
    fail.meets_all = true;
    fail.pc = pc;
    Step(fail);
  } else if (pc != nullptr && recording != nullptr) {
    Record(current, {.pc = pc}, false);
  }
  failure.kind = kind;
  failure.thread = me().number;
  failure.place = PlaceOf(me(), pc);
  vsnprintf(failure.message, sizeof failure.message, format, arguments);
  if (recording != nullptr) NoteValueAfter(current);
  NotePending();
  racelab_interleaving_failed();
  End();
}

void Execution::End() {
  live = false;
  Switch(me().fibre, controller_);
  __builtin_unreachable();
}

}  // namespace racelab::interleave
