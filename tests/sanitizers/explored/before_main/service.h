#ifndef RACELAB_TESTS_SANITIZERS_EXPLORED_BEFORE_MAIN_SERVICE_H_
#define RACELAB_TESTS_SANITIZERS_EXPLORED_BEFORE_MAIN_SERVICE_H_

#include <condition_variable>
#include <mutex>
#include <thread>

namespace racelab {

// Has a thread that waits until it is asked.
class Service {
 public:
  void Start();
  void Ask(bool locks);
  void Join();
  bool worked() const { return worked_; }

 private:
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false, worked_ = false;
  std::thread worker_;
};

Service& ServiceOfLibrary();  // Starts before main() if the program has two arguments.

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_EXPLORED_BEFORE_MAIN_SERVICE_H_
