#ifndef RACELAB_TOP_OF_BOOK_H_
#define RACELAB_TOP_OF_BOOK_H_

#include <atomic>

// The top of a share's order book: the highest price that anybody bids, and the lowest that anybody asks.
//
// One thread, which listens to the exchange, calls Set(); any number of threads may call Read(). Read() returns the two
// prices of one instant: a quote that was set, and none older than one that the same thread has already read. Nobody
// ever waits.
class TopOfBook {
 public:
  // In cents; below zero where the difference of two prices is traded.
  struct Quote {
    int bid;
    int ask;
    bool operator==(const Quote&) const = default;
  };

  explicit TopOfBook(Quote first) : bid_(first.bid), ask_(first.ask) {}

  // The exchange has sent a new quote.
  void Set(Quote quote) {
    bid_ = quote.bid;
    ask_ = quote.ask;
  }

  Quote Read() const { return {bid_, ask_}; }

 private:
  std::atomic<int> bid_;
  std::atomic<int> ask_;
};

#endif  // RACELAB_TOP_OF_BOOK_H_
