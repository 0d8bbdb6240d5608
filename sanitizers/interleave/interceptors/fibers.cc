// The program's own fibers: it switches stacks within a thread, and announces this. A fiber's earlier actions happen
// before its later ones, on any thread; a switch orders as ThreadSanitizer's interface says. Each fiber has its own
// call stack.

#include <string.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"

namespace racelab::interleave {
namespace {

constexpr int kMostFibers = 1024;
constexpr unsigned kDoNotOrder = 1;  // __tsan_switch_to_fiber_no_sync

struct ProgramFiber {
  bool in_use;
  bool runs;
  int stack_depth;
  const void* stack[kMaxStack];
};

ProgramFiber* fibers = nullptr;        // Of the execution.
int highest = 0;                       // One more than the last index that the execution has used.
ProgramFiber* of_thread[kMaxThreads];  // That each thread runs; null: its initial one, unless asked for.

ProgramFiber* New() {
  if (fibers == nullptr) {
    fibers = static_cast<ProgramFiber*>(AllocateRuntimeMemory(kMostFibers * sizeof(ProgramFiber)));
  }
  NeedsSettingBack();
  for (int i = 0; i < kMostFibers; ++i) {
    if (i < highest && fibers[i].in_use) continue;
    highest = std::max(highest, i + 1);
    fibers[i].in_use = true;
    fibers[i].runs = false;
    fibers[i].stack_depth = 0;
    return &fibers[i];
  }
  execution.Fail(FailureKind::kUnsupported, "more than %d fibers in one execution", kMostFibers);
}

ProgramFiber* Current() {
  ProgramFiber*& current = of_thread[execution.current];
  if (current == nullptr) {
    current = New();
    current->runs = true;
  }
  return current;
}

}  // namespace

void SetBackFibers() {
  highest = 0;
  std::fill(std::begin(of_thread), std::end(of_thread), nullptr);
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void* __tsan_get_current_fiber() { return Live() ? Current() : nullptr; }

RACELAB_INTERCEPTOR void* __tsan_create_fiber(unsigned) {
  if (!Live()) return nullptr;
  ProgramFiber* fiber = New();
  execution.happens_before.Release(execution.current, Address(fiber));
  return fiber;
}

RACELAB_INTERCEPTOR void __tsan_destroy_fiber(void* fiber) {
  if (Live() && fiber != nullptr) static_cast<ProgramFiber*>(fiber)->in_use = false;
}

RACELAB_INTERCEPTOR void __tsan_switch_to_fiber(void* to, unsigned flags) {
  if (!Live() || to == nullptr) return;
  if ((flags & kDoNotOrder) != 0) Refuse("__tsan_switch_to_fiber() without synchronisation", RACELAB_CALLER);
  ProgramFiber* from = Current();
  auto* next = static_cast<ProgramFiber*>(to);
  if (next == from) return;
  if (next->runs) Refuse("__tsan_switch_to_fiber() for a fiber that another thread runs", RACELAB_CALLER);
  Thread& thread = execution.me();
  const int me = execution.current;
  execution.happens_before.Release(me, Address(from));
  execution.happens_before.Release(me, Address(next));
  execution.happens_before.Acquire(me, Address(next));
  from->stack_depth = thread.stack_depth;
  memcpy(from->stack, thread.stack, static_cast<std::size_t>(std::min(thread.stack_depth, kMaxStack)) * sizeof(void*));
  thread.stack_depth = next->stack_depth;
  memcpy(thread.stack, next->stack, static_cast<std::size_t>(std::min(next->stack_depth, kMaxStack)) * sizeof(void*));
  from->runs = false;
  next->runs = true;
  of_thread[me] = next;
}

RACELAB_INTERCEPTOR void __tsan_set_fiber_name(void*, const char*) {}
