// A thread locks a mutex that it already holds, and waits for itself.

#include <mutex>

int main() {
  std::mutex mutex;
  mutex.lock();
  std::mutex* volatile same = &mutex;
  same->lock();
}
