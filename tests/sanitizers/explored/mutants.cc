// Programs that test themselves: each is right, and notices some of its mutants. `mutants NAME` runs one of them.

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "tests/sanitizers/explored/run_named.h"

namespace {

void Expect(bool holds) {
  if (!holds) std::abort();
}

void Both(void (*one)(), void (*other)()) {
  std::thread first(one), second(other);
  first.join();
  second.join();
}

std::mutex mutex, inner;
int total = 0, calls = 0;

void Deposit() {
  const std::lock_guard lock(mutex);
  const int before = total;
  total = before + 1;
}
void Withdraw() {
  const std::lock_guard lock(mutex);
  --total;
}
void Account() {
  Both(Deposit, Withdraw);
  Expect(total == 0);
}

// The lock guards nothing, so no test notices if it is missing.
void Idle() { const std::lock_guard lock(mutex); }
void NothingGuarded() { Both(Idle, Idle); }

// Before its first access to contended memory, a critical section does not need the lock.
int place_of[] = {1, 0};  // Never changed.
int totals[2];
void Add() {
  const std::lock_guard lock(mutex);
  const int place = place_of[0];
  const int before = totals[place];
  totals[place] = before + 1;
}
void Places() {
  Both(Add, Add);
  Expect(totals[1] == 2);
}

// Before a constructor returns, no other thread can access the object.
class Register {
 public:
  Register() {
    const std::lock_guard lock(mutex_);
    entries_ = 1;
    open_.store(true, std::memory_order_release);
  }
  void Enter() {
    const std::lock_guard lock(mutex_);
    if (open_.load(std::memory_order_acquire)) entries_ = entries_ + 1;
  }
  int entries() {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  std::mutex mutex_;
  int entries_ = 0;
  std::atomic<bool> open_ = false;
};
void Constructor() {
  static Register entries;
  Both([] { entries.Enter(); }, [] { entries.Enter(); });
  Expect(entries.entries() == 3);
}

std::shared_mutex table;
void Write() {
  const std::unique_lock lock(table);
  ++total;
}
void Read() {
  const std::shared_lock lock(table);
  Expect(total == 0 || total == 1);
}
void Table() { Both(Write, Read); }

void Nested() {
  const std::lock_guard outer_lock(mutex);
  const std::lock_guard inner_lock(inner);
  ++total;
}
void AlsoNested() {
  const std::lock_guard outer_lock(mutex);
  const std::lock_guard inner_lock(inner);
  ++calls;
}
void LockOrder() { Both(Nested, AlsoNested); }

std::condition_variable changed;
void Announce() {
  {
    const std::lock_guard lock(mutex);
    total = 1;
  }
  changed.notify_all();
}
void AwaitOne() {
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return total == 1; });
}
void TwoWaiters() {
  std::thread announcer(Announce);
  Both(AwaitOne, AwaitOne);
  announcer.join();
}

std::atomic<int> ready = 0;
void Publish() {
  total = 7;
  ready.store(1, std::memory_order_release);
}
void Consume() {
  if (ready.load(std::memory_order_acquire) == 1) Expect(total == 7);
}
void Message() { Both(Publish, Consume); }

std::atomic<int> price = 0;
void SetPrice() {
  price.store(7, std::memory_order_relaxed);
  ready.store(1, std::memory_order_release);
}
void SeePrice() {
  if (ready.load(std::memory_order_acquire) == 1) Expect(price.load(std::memory_order_relaxed) == 7);
}
void AtomicMessage() { Both(SetPrice, SeePrice); }

// Right only as long as no load returns an older value.
void SetPriceInVain() {
  price.store(7, std::memory_order_relaxed);
  ready.store(1, std::memory_order_relaxed);
}
void SeePriceInVain() {
  if (ready.exchange(2, std::memory_order_acquire) == 1) Expect(price.load(std::memory_order_relaxed) == 7);
}
void RelaxedMessage() { Both(SetPriceInVain, SeePriceInVain); }

void Count() { ready.fetch_add(1, std::memory_order_relaxed); }
void Counter() {
  Both(Count, Count);
  Expect(ready.load(std::memory_order_relaxed) == 2);
}

#if defined(__clang__)  // g++ does not tell the sanitizer about fences.
void PublishByFence() {
  total = 7;
  std::atomic_thread_fence(std::memory_order_release);
  ready.store(1, std::memory_order_relaxed);
}
void ConsumeByFence() {
  if (ready.load(std::memory_order_relaxed) == 0) return;
  std::atomic_thread_fence(std::memory_order_acquire);
  Expect(total == 7);
}
void Fences() { Both(PublishByFence, ConsumeByFence); }
#else
void Fences() {}
#endif

void Join() {
  std::thread worker([] { total = 1; });
  worker.join();
  Expect(total == 1);
}

std::once_flag once;
void Initialise() {
  std::call_once(once, [] { ++calls; });
}
void Once() {
  Both(Initialise, Initialise);
  Expect(calls == 1);
}

// Without the lock, two threads are inside at once, and the second reads a value that an earlier interleaving has left
// on its stack. So it fails now, but not when the same interleaving is run again.
std::atomic<int> inside = 0;
void Enter() {
  volatile int stack[1024];  // Deeper than what runs on it between the interleavings.
  volatile int& left = stack[0];
  asm volatile("" : "=m"(left));  // The compiler takes it for initialised.
  bool is_right = true;
  {
    const std::lock_guard lock(mutex);
    if (inside.fetch_add(1, std::memory_order_relaxed) == 0) left = 0;
    is_right = left == 0;
    left = is_right ? 7 : 0;
    inside.fetch_sub(1, std::memory_order_relaxed);
  }
  Expect(is_right);
}
void LeftOnTheStack() { Both(Enter, Enter); }

constexpr NamedProgram kPrograms[] = {{"account", Account},
                                      {"nothing_guarded", NothingGuarded},
                                      {"places", Places},
                                      {"constructor", Constructor},
                                      {"table", Table},
                                      {"lock_order", LockOrder},
                                      {"two_waiters", TwoWaiters},
                                      {"message", Message},
                                      {"atomic_message", AtomicMessage},
                                      {"relaxed_message", RelaxedMessage},
                                      {"counter", Counter},
                                      {"fences", Fences},
                                      {"join", Join},
                                      {"once", Once},
                                      {"left_on_the_stack", LeftOnTheStack}};

}  // namespace

int main(int argc, char** argv) { return RunNamed(kPrograms, argc, argv); }
