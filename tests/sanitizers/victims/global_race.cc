// Two threads change a variable of a namespace, one after the other: data race in stock::Deliver, on a global.
//
// The flag is relaxed, so the order in time is certain and yet the detector sees no happens-before edge.

#include <atomic>
#include <thread>

namespace stock {

long g_items = 0;

void Deliver() { ++g_items; }

}  // namespace stock

int main() {
  std::atomic<bool> delivered{false};
  std::thread driver([&delivered] {
    stock::Deliver();
    delivered.store(true, std::memory_order_relaxed);
  });
  while (!delivered.load(std::memory_order_relaxed)) std::this_thread::yield();
  stock::Deliver();
  driver.join();
}
