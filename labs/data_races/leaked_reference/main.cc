// An online auction house: bidders drive the price up, and a notary, who has to sign the list of bids, checks it again
// and again.

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <thread>

#include <bid_history.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kAuctions = 1000;
constexpr int kBids = 200;
constexpr std::int64_t kOpening = 100;

struct Fault {
  int place = -1;  // in the list, from 1
  std::int64_t bid = 0;
  std::int64_t before = 0;  // the bid before it
};

// Returns whether each bid is higher than the one before; if not, describes the first wrong bid in `fault`.
bool Signs(const BidHistory& history, Fault& fault) {
  int place = 0;
  std::int64_t before = 0;
  for (const std::int64_t bid : history.Bids()) {
    ++place;
    if (bid <= before) {
      fault = {place, bid, before};
      return false;
    }
    before = bid;
  }
  return true;
}

}  // namespace

int main() {
  for (int auction = 1; auction <= kAuctions; ++auction) {
    BidHistory history;
    history.Place(kOpening);
    std::atomic<bool> open = true;
    std::thread bidders([&] {
      for (int bid = 1; bid <= kBids; ++bid) history.Place(kOpening + 5 * bid);
      open = false;
    });
    Fault fault;
    bool all_well = true;
    while (open && all_well) all_well = Signs(history, fault);
    bidders.join();
    if (!all_well) {
      std::printf("auction %d: the notary does not sign, bid %d was %lld cents, after %lld\n", auction, fault.place,
                  static_cast<long long>(fault.bid), static_cast<long long>(fault.before));
      return 1;
    }
  }
  std::printf("%d auctions: the notary has signed\n", kAuctions);
  return 0;
}
