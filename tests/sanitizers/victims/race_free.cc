// Correct: two threads count under one lock. Prints its arguments, for tests.

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

int main(int argc, char** argv) {
  std::mutex mutex;
  int total = 0;
  auto work = [&] {
    for (int i = 0; i < 1000; ++i) {
      std::lock_guard<std::mutex> lock(mutex);
      ++total;
    }
  };
  std::thread first(work), second(work);
  first.join();
  second.join();
  std::printf("counted %d\n", total);
  for (int i = 1; i < argc; ++i) {
    const char* value = std::getenv(argv[i]);
    std::printf("%s=%s\n", argv[i], value != nullptr ? value : "(unset)");
  }
  std::fprintf(stderr, "and this is stderr\n");
}
