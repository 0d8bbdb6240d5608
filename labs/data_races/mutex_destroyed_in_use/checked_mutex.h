#ifndef RACELAB_LABS_DATA_RACES_MUTEX_DESTROYED_IN_USE_CHECKED_MUTEX_H_
#define RACELAB_LABS_DATA_RACES_MUTEX_DESTROYED_IN_USE_CHECKED_MUTEX_H_

#include <pthread.h>

#include <atomic>
#include <cstdio>
#include <cstring>

// A mutex that writes down what the system says of each call, if it is no success; std::mutex would keep it to itself.
class CheckedMutex {
 public:
  CheckedMutex() {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex_, &attributes);
    pthread_mutexattr_destroy(&attributes);
  }
  ~CheckedMutex() { Check("pthread_mutex_destroy", pthread_mutex_destroy(&mutex_)); }
  CheckedMutex(const CheckedMutex&) = delete;
  CheckedMutex& operator=(const CheckedMutex&) = delete;

  void lock() { Check("pthread_mutex_lock", pthread_mutex_lock(&mutex_)); }
  void unlock() { Check("pthread_mutex_unlock", pthread_mutex_unlock(&mutex_)); }

  // How many calls have failed, of all such mutexes.
  static int Errors() { return errors.load(std::memory_order_relaxed); }

 private:
  static void Check(const char* function, int error) {
    if (error == 0) return;
    errors.fetch_add(1, std::memory_order_relaxed);
    std::printf("%s: %s\n", function, std::strerror(error));
  }

  inline static std::atomic<int> errors = 0;
  pthread_mutex_t mutex_;
};

#endif  // RACELAB_LABS_DATA_RACES_MUTEX_DESTROYED_IN_USE_CHECKED_MUTEX_H_
