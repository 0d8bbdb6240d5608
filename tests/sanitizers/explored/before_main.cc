// A thread that begins before main(), and ends after it.
//
//   before_main right       shares under a mutex
//   before_main wrong       forgets the mutex
//   before_main deadlock    waits for a thread that waits for main()

#undef NDEBUG
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace {

class Service {
 public:
  void Start(bool waits) {
    worker_ = std::thread([this] { Work(); });
    if (waits) worker_.join();
  }
  ~Service() {
    if (worker_.joinable()) worker_.join();
    assert(worked_ || !asked_);
  }

  void Ask(bool locks) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (locks) lock.lock();
    asked_ = true;
    changed_.notify_one();
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_; });
    worked_ = true;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, worked_ = false;
  std::thread worker_;
};

Service& TheService() {
  static Service service;
  return service;
}

// Called like the constructor of a global, but knows the arguments.
[[gnu::constructor]] void Begin(int arguments, char** argument) {
  if (arguments > 1) TheService().Start(argument[1] == std::string("deadlock"));
}

}  // namespace

int main(int, char** argument) { TheService().Ask(argument[1] != std::string("wrong")); }
