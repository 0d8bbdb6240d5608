// Healthy, though nothing runs for more than a second: two threads wait for a mutex whose holder sleeps, and main waits
// for them.

#include <chrono>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::unique_lock<std::mutex> lock(mutex);
  auto work = [&mutex] { std::lock_guard<std::mutex> wait(mutex); };
  std::thread first(work), second(work);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  lock.unlock();
  first.join();
  second.join();
}
