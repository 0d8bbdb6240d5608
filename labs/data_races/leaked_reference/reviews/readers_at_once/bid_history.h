#ifndef RACELAB_BID_HISTORY_H_
#define RACELAB_BID_HISTORY_H_

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The bids of an auction, in cents.
//
// Safe to use from any number of threads at once: no reference, pointer or iterator to the list leaves the class.
// Callers get their own copy, right at the moment of asking. It is made after the lock has been released, from a list
// that Place() replaces by a longer one and never changes. The price: each accepted bid copies the list, and so does
// Bids().
class BidHistory {
 public:
  // Accepts a bid if it is higher than all earlier ones, and returns whether it was.
  bool Place(std::int64_t bid) {
    absl::MutexLock lock(&mutex_);
    if (!bids_->empty() && bid <= bids_->back()) return false;
    auto longer = std::make_shared<std::vector<std::int64_t>>(*bids_);
    longer->push_back(bid);
    bids_ = std::move(longer);
    return true;
  }

  // The accepted bids, oldest first: each is higher than the one before it.
  std::vector<std::int64_t> Bids() const {
    std::shared_ptr<const std::vector<std::int64_t>> bids;
    {
      absl::MutexLock lock(&mutex_);
      bids = bids_;
    }
    return *bids;
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const std::vector<std::int64_t>> bids_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<std::vector<std::int64_t>>();
};

// The highest bid so far, or 0 if there is none.
inline std::int64_t HighestBid(const BidHistory& history) {
  const std::vector<std::int64_t> bids = history.Bids();
  return bids.empty() ? 0 : bids.back();
}

#endif  // RACELAB_BID_HISTORY_H_
