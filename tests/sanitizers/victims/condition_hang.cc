// Waits on a condition variable that is never notified.

#include <condition_variable>
#include <mutex>

int main() {
  std::mutex mutex;
  std::condition_variable never;
  std::unique_lock<std::mutex> lock(mutex);
  never.wait(lock, [] { return false; });
}
