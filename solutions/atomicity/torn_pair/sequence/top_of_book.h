#ifndef RACELAB_TOP_OF_BOOK_H_
#define RACELAB_TOP_OF_BOOK_H_

#include <atomic>
#include <cstdint>

// The top of a share's order book: the highest price that anybody bids, and the lowest that anybody asks.
//
// One thread, which listens to the exchange, calls Set(); any number of threads may call Read(). Read() returns the two
// prices of one instant: a quote that was set, and none older than one that the same thread has already read.
//
// A version number goes up before and after each change, so it is odd while the prices are being changed. A reader that
// finds the same even number before and after it has read the prices knows that nothing has changed in between. (It is
// not enough to find the same *price* again: prices come back, the number does not, for it has 64 bits.) This is a
// sequence lock. The thread that sets never waits; and however much there is to read, a reader writes nothing.
//
// The price: a reader starts again while the prices change, so a reader may wait for Set(), and there must be only one
// thread that sets.
class TopOfBook {
 public:
  // In cents.
  struct Quote {
    int bid;
    int ask;
    bool operator==(const Quote&) const = default;
  };

  explicit TopOfBook(Quote first) : bid_(first.bid), ask_(first.ask) {}

  // The exchange has sent a new quote. Sequentially consistent, as Read() is: the proof above is about three objects,
  // and needs one order of the accesses to all of them.
  void Set(Quote quote) {
    const std::uint64_t version = version_;
    version_ = version + 1;
    bid_ = quote.bid;
    ask_ = quote.ask;
    version_ = version + 2;
  }

  // Sequentially consistent.
  Quote Read() const {
    while (true) {
      const std::uint64_t before = version_;
      const Quote quote = {bid_, ask_};
      if (before % 2 == 0 && version_ == before) return quote;
    }
  }

 private:
  std::atomic<std::uint64_t> version_ = 0;
  std::atomic<int> bid_;
  std::atomic<int> ask_;
};

#endif  // RACELAB_TOP_OF_BOOK_H_
