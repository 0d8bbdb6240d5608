// A virtual call races with the destructor: data race on vptr, Plugin::Run against Plugin's destructor.

#include <atomic>
#include <thread>

class Plugin {
 public:
  virtual ~Plugin() {
    stop_.store(true, std::memory_order_relaxed);
    while (!done_.load(std::memory_order_relaxed)) std::this_thread::yield();
  }
  void Run() {
    while (!stop_.load(std::memory_order_relaxed)) std::this_thread::yield();
    Step();
    done_.store(true, std::memory_order_relaxed);
  }
  virtual void Step() {}

 private:
  std::atomic<bool> stop_{false};
  std::atomic<bool> done_{false};
};

class Codec : public Plugin {
 public:
  void Step() override {}
};

int main() {
  Codec codec;
  Plugin* plugin = &codec;
  std::thread runner([plugin] { plugin->Run(); });
  codec.~Codec();
  runner.join();
  new (&codec) Codec;
  std::_Exit(0);
}
