// The counter of counts.cc with N = 5, and as little as can be of anything else: what is measured of it is the runtime.

#include <pthread.h>

#include <atomic>

namespace {

std::atomic<int> x;

void* Count(void*) {
  for (int i = 0; i < 5; ++i) {
    const int value = x.load();
    x.store(value + 1);
  }
  return nullptr;
}

}  // namespace

int main() {
  pthread_t one, other;
  pthread_create(&one, nullptr, Count, nullptr);
  pthread_create(&other, nullptr, Count, nullptr);
  pthread_join(one, nullptr);
  pthread_join(other, nullptr);
}
