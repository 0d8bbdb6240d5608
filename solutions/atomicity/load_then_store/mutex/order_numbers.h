#ifndef RACELAB_ORDER_NUMBERS_H_
#define RACELAB_ORDER_NUMBERS_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The numbers of a shop's orders: 1, 2, 3 and so on.
//
// Safe to use from any number of threads at once: no two calls return the same number. A caller holds the lock from
// reading the last number until it has written, and knows, its own number.
class OrderNumbers {
 public:
  // The number of the next order.
  std::int64_t Next() {
    absl::MutexLock lock(&mutex_);
    return ++last_;
  }

 private:
  absl::Mutex mutex_;
  std::int64_t last_ ABSL_GUARDED_BY(mutex_) = 0;
};

#endif  // RACELAB_ORDER_NUMBERS_H_
