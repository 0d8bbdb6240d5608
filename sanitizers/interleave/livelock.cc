// Recognises that threads go on for ever, and come to nothing: everything is as it was some steps ago, and all who
// could go on have done so since. From there on a fair scheduler may do the same again and again.

#include <cstring>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;  // That are looked at in one execution.

class StateDigest {
 public:
  void Add(std::uint64_t value) { digest_ = (digest_ ^ value) * 0x9E3779B97F4A7C15u + (digest_ >> 29); }
  void AddMemory(std::uintptr_t begin, std::uintptr_t end) {
    for (std::uintptr_t at = (begin + 7) & ~std::uintptr_t{7}; at + 8 <= end; at += 8) Add(Value(at, 8));
    bytes_ += end - begin;
  }
  std::uint64_t value() const { return digest_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::uint64_t digest_ = 0, bytes_ = 0;
};

bool AddPage(std::uintptr_t begin, std::uintptr_t end, void* digest) {
  static_cast<StateDigest*>(digest)->AddMemory(begin, end);
  return false;
}

// What is in a pipe, or which signals are on their way, is not looked at.
bool IsOfTheKernel(Kind kind) { return kind >= Kind::kDescriptorRead && kind <= Kind::kSignalWait; }

}  // namespace

// All that the threads' next steps depend on: memory, stacks with the registers on them, locks. Not the time: whoever
// reads it has it in memory.
std::uint64_t Execution::DigestOfState(std::uintptr_t stack_pointer) {
  StateDigest digest;
  digest.Add(static_cast<std::uint64_t>(current));
  digest.Add(static_cast<std::uint64_t>(count_));
  for (int slot = 0; slot < slots_; ++slot) {
    const Thread& thread = threads[slot];
    const Operation& pending = thread.pending;
    const bool waits = states.Is(ThreadState::kWaiting, slot);
    digest.Add(waits ? 1 : states.Is(ThreadState::kFinished, slot) ? 2 : 3);
    if (states.Is(ThreadState::kFinished, slot)) continue;
    digest.Add(pending.address ^ static_cast<std::uint64_t>(pending.kind) << 56);
    digest.Add(waits && thread.wakes_at != kNever ? static_cast<std::uint64_t>(thread.wakes_at - now) : 0);
    for (const std::uintptr_t held : thread.held) digest.Add(held);
    const auto parked_at = reinterpret_cast<std::uintptr_t>(thread.fibre.stack_pointer);
    const auto top = reinterpret_cast<std::uintptr_t>(thread.fibre.stack) + thread.fibre.stack_size;
    digest.AddMemory(slot == current ? stack_pointer : parked_at, top);
    const auto [begin, end] = ThreadLocals(slot);
    digest.AddMemory(begin, end);
  }
  digest.AddMemory(reinterpret_cast<std::uintptr_t>(&arena.state), reinterpret_cast<std::uintptr_t>(&arena.state + 1));
  digest.AddMemory(arena.begin, arena.state.next);
  AnyWrittenPage(AddPage, &digest);
  livelock_.bytes += digest.bytes();
  return digest.value();
}

// The running thread has come to its next operation. The state is compared with one that is noted anew after twice as
// many looks each time (Brent's algorithm), so that a cycle of any length is found.
void Execution::CompareState(std::uintptr_t stack_pointer) {
  Livelock& watch = livelock_;
  if (ending_ || watch.bytes > kMostBytes) return;
  // Two threads that try each other's locks in step, and back off, may do so for ever; but only by the worst of luck, and
  // std::scoped_lock is among those who risk it.
  if (IsOfTheKernel(me().pending.kind) || IsTryLock(me().pending.kind) || watch.choices != choices_) {
    watch.choices = choices_;
    watch.looks = 0;
  }
  watch.stepped |= Only(current);
  for (ThreadSet ready = states.In(ThreadState::kReady); ready != 0; ready &= ready - 1) {
    Thread& thread = threads[Lowest(ready)];
    if (Possible(thread) && (!thread.spinning || HasChanged(thread))) watch.able |= Only(Lowest(ready));
  }
  for (ThreadSet waiting = states.In(ThreadState::kWaiting); waiting != 0; waiting &= waiting - 1) {
    if (threads[Lowest(waiting)].wakes_at != kNever) watch.able |= Only(Lowest(waiting));
  }
  watch.able |= states.In(ThreadState::kOnItsWay);
  const std::uint64_t digest = DigestOfState(stack_pointer);
  if (watch.looks > 0 && digest == watch.noted && (watch.able & ~watch.stepped) == 0)
    Fail(FailureKind::kNoProgress, "threads go on for ever: again and again everything is as it was");
  if (watch.looks == 0 || watch.looks == watch.next) {
    watch.next = watch.looks == 0 ? 1 : 2 * watch.next;
    watch.noted = digest;
    watch.able = watch.stepped = 0;
  }
  ++watch.looks;
}

// The registers that a function has to leave as they are come first on its stack: after the one for its frame five
// more. What is below may be left from whatever was there before.
[[gnu::noinline]] void Execution::LookForLivelock() {
  __builtin_unwind_init();
  CompareState(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - 5 * sizeof(void*));
  asm volatile("" ::: "memory");  // Else this frame would be left before.
}

}  // namespace racelab::interleave
