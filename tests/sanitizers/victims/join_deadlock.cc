// Joins a thread while holding the mutex that the thread needs.

#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  std::thread worker([&mutex] { std::lock_guard<std::mutex> wait(mutex); });
  worker.join();
}
