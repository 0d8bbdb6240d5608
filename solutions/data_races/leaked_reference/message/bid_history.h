#ifndef RACELAB_BID_HISTORY_H_
#define RACELAB_BID_HISTORY_H_

#include <cstdint>
#include <thread>
#include <vector>

#include "solutions/support/channel.h"

// The bids of an auction, in cents.
//
// Safe to use from any number of threads at once: the list belongs to an auctioneer, a thread of the history's own, and
// is a local variable of this thread. The auctioneer tells a bidder whether the bid was accepted, and sends a copy of
// the list to each caller who asks. There is no member to return a reference to. The price: two thread switches for
// each bid, and the copy.
class BidHistory {
 public:
  BidHistory() : auctioneer_([this] { Preside(); }) {}

  ~BidHistory() {
    inbox_.Close();
    auctioneer_.join();
  }

  // Accepts a bid if it is higher than all earlier ones, and returns whether it was.
  bool Place(std::int64_t bid) {
    Channel<bool> accepted;
    inbox_.Send({.bid = bid, .accepted = &accepted});
    return *accepted.Receive();
  }

  // The accepted bids, oldest first: each is higher than the one before it.
  std::vector<std::int64_t> Bids() const {
    Channel<std::vector<std::int64_t>> copy;
    inbox_.Send({.copy = &copy});
    return *copy.Receive();
  }

 private:
  // A bid, and where to send whether it is accepted; or where to send the list.
  struct Message {
    std::int64_t bid = 0;
    Channel<bool>* accepted = nullptr;
    Channel<std::vector<std::int64_t>>* copy = nullptr;
  };

  void Preside() {
    std::vector<std::int64_t> bids;
    while (auto message = inbox_.Receive()) {
      if (message->copy != nullptr) {
        message->copy->Send(bids);
        continue;
      }
      const bool higher = bids.empty() || message->bid > bids.back();
      if (higher) bids.push_back(message->bid);
      message->accepted->Send(higher);
    }
  }

  mutable Channel<Message> inbox_;
  std::thread auctioneer_;  // Last: it begins to receive at once.
};

// The highest bid so far, or 0 if there is none.
inline std::int64_t HighestBid(const BidHistory& history) {
  const std::vector<std::int64_t> bids = history.Bids();
  return bids.empty() ? 0 : bids.back();
}

#endif  // RACELAB_BID_HISTORY_H_
