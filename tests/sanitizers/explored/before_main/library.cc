#include "tests/sanitizers/explored/before_main/service.h"

namespace racelab {

void Service::Start() {
  worker_ = std::thread([this] { Work(); });
}

void Service::Ask(bool locks) {
  std::unique_lock lock(mutex_, std::defer_lock);
  if (locks) lock.lock();
  asked_ = true;
  changed_.notify_one();
}

void Service::Join() { worker_.join(); }

void Service::Work() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return asked_; });
  worked_ = true;
}

Service& ServiceOfLibrary() {
  static Service service;
  return service;
}

namespace {

// Called like the constructor of a global, but knows the arguments.
[[gnu::constructor]] void Begin(int arguments, char**) {
  if (arguments == 3) ServiceOfLibrary().Start();
}

}  // namespace
}  // namespace racelab
