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
  std::thread reader([&] {
    for (int i = 0; i < 1'000; ++i) settings.Current();
    if (argc > 1) settings.Count();
  });
  for (int i = 0; i < 1'000; ++i) settings.Publish(i);
  if (argc > 1) settings.Count();
  reader.join();
  std::printf("at last %d\n", settings.Current());
}
