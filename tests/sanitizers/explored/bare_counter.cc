// The counter of counts.cc with as little else as possible, to measure the runtime.
//
//   bare_counter [N]    by default 5

#include <pthread.h>

#include <atomic>
#include <cstdlib>

namespace {

std::atomic<int> x;
int n = 5;

void* Count(void*) {
  for (int i = 0; i < n; ++i) {
    const int value = x.load();
    x.store(value + 1);
  }
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) n = std::atoi(argv[1]);
  pthread_t one, other;
  pthread_create(&one, nullptr, Count, nullptr);
  pthread_create(&other, nullptr, Count, nullptr);
  pthread_join(one, nullptr);
  pthread_join(other, nullptr);
}
