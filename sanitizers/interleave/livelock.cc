// Detects a livelock: the state is the same as some steps ago, and all threads that could go on have taken a step
// since. From there on, a fair scheduler may repeat these steps forever.

#include <cstring>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;  // Examined in one execution.

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

// The content of a pipe and the pending signals are not part of the digest.
bool IsOfTheKernel(Kind kind) { return kind >= Kind::kDescriptorRead && kind <= Kind::kSignalWait; }

}  // namespace

// A digest of the state on which the threads' next steps depend: memory, stacks with the registers saved on them,
// locks. The time is not included: a thread that has read it has the value in memory.
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

// The running thread has reached its next operation. Compares the state with a recorded one, which is replaced at
// exponentially growing intervals (Brent's algorithm), so that cycles of any length are found.
void Execution::CompareState(std::uintptr_t stack_pointer) {
  Livelock& watch = livelock_;
  if (ending_ || watch.bytes > kMostBytes) return;
  // Two threads that try each other's locks in lockstep, and back off, may do so forever, but only by extremely bad
  // luck: std::scoped_lock takes the same risk.
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
  if (watch.looks > 0 && digest == watch.noted && (watch.able & ~watch.stepped) == 0) FailAsLivelock();
  if (watch.looks == 0 || watch.looks == watch.next) {
    watch.next = watch.looks == 0 ? 1 : 2 * watch.next;
    watch.noted = digest;
    watch.able = watch.stepped = 0;
  }
  ++watch.looks;
}

void Execution::FailAsLivelock() {
  failure.livelock_at = steps_;
  Fail(FailureKind::kNoProgress, "threads go on for ever: the same state comes back again and again");
}

// The compiler pushes the callee-saved registers first: the frame pointer, then five more below it. Anything below may
// be left over from earlier calls.
[[gnu::noinline]] void Execution::LookForLivelock() {
  if (known_livelock_at != 0) {
    if (steps_ >= known_livelock_at) FailAsLivelock();
    return;
  }
  __builtin_unwind_init();
  CompareState(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - 5 * sizeof(void*));
  asm volatile("" ::: "memory");  // Prevents a tail call: this frame must exist during the call.
}

}  // namespace racelab::interleave
