// A thread is neither joined nor detached: thread leak, created in Service::Start.

#include <pthread.h>

#include <atomic>

class Service {
 public:
  void Start() {
    pthread_t thread;
    pthread_create(
        &thread, nullptr,
        [](void* done) -> void* {
          static_cast<std::atomic<bool>*>(done)->store(true);
          return nullptr;
        },
        &done_);
    while (!done_) {
    }
  }

 private:
  std::atomic<bool> done_{false};
};

int main() {
  static Service service;
  service.Start();
}
