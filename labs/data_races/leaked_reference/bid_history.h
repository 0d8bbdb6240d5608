#ifndef RACELAB_BID_HISTORY_H_
#define RACELAB_BID_HISTORY_H_

#include <cstdint>
#include <mutex>
#include <vector>

// The bids of an auction, in cents.
//
// Safe to use from any number of threads at once.
class BidHistory {
 public:
  // Accepts a bid if it is higher than all earlier ones, and returns whether it was.
  bool Place(std::int64_t bid) {
    std::lock_guard lock(mutex_);
    if (!bids_.empty() && bid <= bids_.back()) return false;
    bids_.push_back(bid);
    return true;
  }

  // The accepted bids, oldest first: each is higher than the one before it.
  const std::vector<std::int64_t>& Bids() const {
    std::lock_guard lock(mutex_);
    return bids_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::int64_t> bids_;
};

// The highest bid so far, or 0 if there is none.
inline std::int64_t HighestBid(const BidHistory& history) {
  const std::vector<std::int64_t>& bids = history.Bids();
  return bids.empty() ? 0 : bids.back();
}

#endif  // RACELAB_BID_HISTORY_H_
