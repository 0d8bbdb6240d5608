// Correct, but libstdc++'s std::atomic<std::shared_ptr> is formally in a race with itself. With an argument, the
// program has a race of its own as well.

#include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

class Settings {
 public:
  void Publish(int value) { current_.store(std::make_shared<const int>(value)); }
  int Current() const { return *current_.load(); }
  void Count() { ++readers_; }

 private:
  std::atomic<std::shared_ptr<const int>> current_ = std::make_shared<const int>(0);
  int readers_ = 0;
};

int main(int argc, char**) {
  Settings settings;
  std::atomic<bool> read = false;  // Says when, but does not order: the report must not depend on the scheduler.
  std::thread reader([&] {
    settings.Current();
    if (argc > 1) settings.Count();
    read.store(true, std::memory_order_relaxed);
  });
  while (!read.load(std::memory_order_relaxed)) std::this_thread::yield();
  settings.Publish(1);
  if (argc > 1) settings.Count();
  reader.join();
  std::printf("at last %d\n", settings.Current());
}
