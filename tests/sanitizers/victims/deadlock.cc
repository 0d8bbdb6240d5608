// Two threads take two mutexes in opposite orders and are certain to deadlock: each waits until the other has its
// first.

#include <barrier>
#include <mutex>
#include <thread>

int main() {
  std::mutex a, b;
  std::barrier both(2);
  auto take = [&both](std::mutex& first, std::mutex& second) {
    std::lock_guard<std::mutex> one(first);
    both.arrive_and_wait();
    std::lock_guard<std::mutex> two(second);
  };
  std::thread x([&] { take(a, b); });
  std::thread y([&] { take(b, a); });
  x.join();
  y.join();
}
