#ifndef RACELAB_BID_HISTORY_H_
#define RACELAB_BID_HISTORY_H_

#include <atomic>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The bids of an auction, in cents.
//
// Safe to use from any number of threads at once: no reference, pointer or iterator to the list leaves the class.
// Callers get their own copy, made while the mutex is held, and right at the moment of asking. The price: each call of
// Bids() copies the list, under the lock, and bidders wait for that. Only those do whose bid goes into the list: a bid
// that is too low is refused without the lock.
class BidHistory {
 public:
  // Accepts a bid if it is higher than all earlier ones, and returns whether it was.
  bool Place(std::int64_t bid) {
    if (bid <= highest_.load(std::memory_order_acquire)) return false;
    absl::MutexLock lock(&mutex_);
    bids_.push_back(bid);
    highest_.store(bid, std::memory_order_release);
    return true;
  }

  // The accepted bids, oldest first: each is higher than the one before it.
  std::vector<std::int64_t> Bids() const {
    absl::MutexLock lock(&mutex_);
    return bids_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::int64_t> bids_ ABSL_GUARDED_BY(mutex_);
  std::atomic<std::int64_t> highest_ = std::numeric_limits<std::int64_t>::min();  // The last of bids_.
};

// The highest bid so far, or 0 if there is none.
inline std::int64_t HighestBid(const BidHistory& history) {
  const std::vector<std::int64_t> bids = history.Bids();
  return bids.empty() ? 0 : bids.back();
}

#endif  // RACELAB_BID_HISTORY_H_
