// Waits on a condition variable that nobody will ever notify.

#include <condition_variable>
#include <mutex>

int main() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock<std::mutex> lock(mutex);
  never.wait(lock, [] { return false; });
}
