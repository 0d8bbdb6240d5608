#ifndef RACELAB_TOP_OF_BOOK_H_
#define RACELAB_TOP_OF_BOOK_H_

#include <atomic>
#include <cstdint>

// The top of a share's order book: the highest price that anybody bids, and the lowest that anybody asks.
//
// One thread, which listens to the exchange, calls Set(); any number of threads may call Read(). Read() returns the two
// prices of one instant: a quote that was set, and none older than one that the same thread has already read.
//
// A version number goes up before and after each change. A reader that
// finds the same number before and after it has read the prices knows that nothing has changed in between. (It is
// not enough to find the same *price* again: prices come back, the number does not, for it has 64 bits.) This is a
// sequence lock. The thread that sets never waits; and however much there is to read, a reader writes nothing.
//
// The price: a reader starts again while the prices change, so a reader may wait for Set(), and there must be only one
// thread that sets.
class TopOfBook {
 public:
  // In cents; below zero where the difference of two prices is traded.
  struct Quote {
    int bid;
    int ask;
    bool operator==(const Quote&) const = default;
  };

  explicit TopOfBook(Quote first) : bid_(first.bid), ask_(first.ask) {}

  // The exchange has sent a new quote. Release: a thread that has acquired a new price, or the last version, finds all
  // that was stored before it, so it finds neither an older version nor an older price afterwards. Relaxed suffices for
  // the version's own thread, and for the odd version, which the prices release.
  void Set(Quote quote) {
    const std::uint64_t version = version_.load(std::memory_order_relaxed);
    version_.store(version + 1, std::memory_order_relaxed);
    bid_.store(quote.bid, std::memory_order_release);
    ask_.store(quote.ask, std::memory_order_release);
    version_.store(version + 2, std::memory_order_release);
  }

  // Acquire. Relaxed at the end: the last load comes after those that acquire the prices.
  Quote Read() const {
    while (true) {
      const std::uint64_t before = version_.load(std::memory_order_acquire);
      const int bid = bid_.load(std::memory_order_acquire);
      const int ask = ask_.load(std::memory_order_acquire);
      if (version_.load(std::memory_order_relaxed) == before) return {bid, ask};
    }
  }

 private:
  std::atomic<std::uint64_t> version_ = 0;
  std::atomic<int> bid_;
  std::atomic<int> ask_;
};

#endif  // RACELAB_TOP_OF_BOOK_H_
