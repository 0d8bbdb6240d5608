#ifndef RACELAB_TOP_OF_BOOK_H_
#define RACELAB_TOP_OF_BOOK_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The top of a share's order book: the highest price that anybody bids, and the lowest that anybody asks.
//
// One thread, which listens to the exchange, calls Set(); any number of threads may call Read(). Read() returns the two
// prices of one instant: a quote that was set, and none older than one that the same thread has already read.
//
// Both prices are read under one lock, and nobody changes either while the lock is held.
//
// The price is the promise that nobody waits: the wait is longest when the holder of the lock has just been preempted,
// and even the thread that listens to the exchange waits for readers.
class TopOfBook {
 public:
  // In cents; below zero where the difference of two prices is traded.
  struct Quote {
    int bid;
    int ask;
    bool operator==(const Quote&) const = default;
  };

  explicit TopOfBook(Quote first) : quote_(first) {}

  // The exchange has sent a new quote.
  void Set(Quote quote) {
    absl::MutexLock lock(&mutex_);
    quote_ = quote;
  }

  Quote Read() const {
    absl::MutexLock lock(&mutex_);
    return quote_;
  }

 private:
  mutable absl::Mutex mutex_;
  Quote quote_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_TOP_OF_BOOK_H_
