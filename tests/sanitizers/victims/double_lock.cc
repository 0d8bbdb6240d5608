// A home-made lock lets a second thread in while the first still holds it: a double lock in Journal::Append.
//
// Locking a std::mutex twice simply hangs. This lock announces its operations to the detector, by the annotations that
// the sanitizer offers to authors of mutexes, but does not exclude other threads.

#include <sanitizer/tsan_interface.h>

#include <thread>

class BrokenLock {
 public:
  BrokenLock() { __tsan_mutex_create(this, 0); }
  void Lock() {
    __tsan_mutex_pre_lock(this, 0);
    __tsan_mutex_post_lock(this, 0, 0);
  }
};

class Journal {
 public:
  void Append() { lock_.Lock(); }

 private:
  BrokenLock lock_;
};

int main() {
  Journal journal;
  journal.Append();
  std::thread([&] { journal.Append(); }).join();
}
