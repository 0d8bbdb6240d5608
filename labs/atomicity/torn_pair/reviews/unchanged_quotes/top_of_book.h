#ifndef RACELAB_TOP_OF_BOOK_H_
#define RACELAB_TOP_OF_BOOK_H_

#include <atomic>

// The top of a share's order book: the highest price that anybody bids, and the lowest that anybody asks.
//
// One thread, which listens to the exchange, calls Set(); any number of threads may call Read(). Read() returns the two
// prices of one instant: a quote that was set, and none older than one that the same thread has already read. Nobody
// ever waits.
//
// It does not, because both prices are in one atomic object of eight bytes: one load reads both, one store replaces
// both. Relaxed suffices: all threads agree on one order of the changes to one atomic object, and a quote hands over no
// other data.
class TopOfBook {
 public:
  // In cents; below zero where the difference of two prices is traded.
  struct Quote {
    int bid;
    int ask;
    bool operator==(const Quote&) const = default;
  };

  explicit TopOfBook(Quote first) : quote_(first) {}

  // The exchange has sent a new quote, which is often the same as before. Relaxed.
  void Set(Quote quote) {
    if (quote_.load(std::memory_order_relaxed) == quote) return;
    quote_.store(quote, std::memory_order_relaxed);
  }

  // Relaxed.
  Quote Read() const { return quote_.load(std::memory_order_relaxed); }

 private:
  std::atomic<Quote> quote_;
  static_assert(std::atomic<Quote>::is_always_lock_free);
};

#endif  // RACELAB_TOP_OF_BOOK_H_
