// Communication through memory alone, and allocation.

#undef NDEBUG
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

#include "tests/sanitizers/explored/primitives/primitives.h"

namespace racelab {
namespace {

void AtomicWait(bool right) {
  std::atomic<int> value = 0;
  Together([&] { value.wait(0); },
           [&] {
             value.store(1);
             if (right) value.notify_one();
           });
}

void Spin(bool right) {
  std::atomic<bool> ready = false;
  Together(
      [&] {
        while (!ready.load()) {
        }
      },
      [&] {
        if (right) ready.store(true);
      });
}

void SpinWithYield(bool right) {
  std::atomic<bool> ready = false;
  int value = 0;
  Together(
      [&] {
        while (!ready.load(right ? std::memory_order_acquire : std::memory_order_relaxed)) std::this_thread::yield();
        assert(value == 1);
      },
      [&] {
        value = 1;
        ready.store(true, std::memory_order_release);
      });
}

// Wrong: it gives up if another thread was faster.
void CompareExchange(bool right) {
  std::atomic<int> count = 0;
  const auto add = [&, right] {
    int seen = count.load();
    while (!count.compare_exchange_weak(seen, seen + 1)) {
      if (!right) break;
    }
  };
  Together(add, add);
  assert(count == 2);
}

// Relaxed accesses publish nothing; fences do.
void Fence(bool right) {
  std::atomic<bool> ready = false;
  int value = 0;
  Together(
      [&] {
        value = 1;
        if (right) std::atomic_thread_fence(std::memory_order_release);
        ready.store(true, std::memory_order_relaxed);
      },
      [&] {
        if (!ready.load(std::memory_order_relaxed)) return;
        std::atomic_thread_fence(std::memory_order_acquire);
        assert(value == 1);
      });
}

void SharedPointer(bool right) {
  auto shared = std::make_shared<int>(1);
  std::shared_ptr<int> copies[2];
  Together([&] { copies[0] = shared; },
           [&, right] {
             if (right) {
               copies[1] = shared;
             } else {
               shared.reset();  // The object that the other thread copies.
             }
           });
}

void ThreadLocal(bool right) {
  static thread_local int own = 0;
  static int common = 0;
  const auto add = [&] {
    ++(right ? own : common);
    assert((right ? own : common) == 1);
  };
  Together(add, add);
}

void Heap(bool right) {
  auto* number = new int(1);
  std::atomic<bool> done = false;
  Together(
      [&] {
        assert(*number == 1);
        done = true;
      },
      [&] {
        while (right && !done) {
        }
        delete number;
      });
}

}  // namespace

RightOrWrongPrograms Memory() {
  static constexpr RightOrWrongProgram kPrimitives[] = {
      {"atomic_wait", AtomicWait},           {"spin", Spin},   {"spin_with_yield", SpinWithYield},
      {"compare_exchange", CompareExchange}, {"fence", Fence}, {"shared_pointer", SharedPointer},
      {"thread_local", ThreadLocal},         {"heap", Heap},
  };
  return kPrimitives;
}

}  // namespace racelab
