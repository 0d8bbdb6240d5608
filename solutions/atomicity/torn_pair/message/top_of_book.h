#ifndef RACELAB_TOP_OF_BOOK_H_
#define RACELAB_TOP_OF_BOOK_H_

#include <thread>
#include <variant>

#include "solutions/support/channel.h"

// The top of a share's order book: the highest price that anybody bids, and the lowest that anybody asks.
//
// One thread, which listens to the exchange, calls Set(); any number of threads may call Read(). Read() returns the two
// prices of one instant: a quote that was set, and none older than one that the same thread has already read.
//
// The quote belongs to a thread of the book's own, so nobody else ever sees one price alone. Messages of one sender
// arrive in order, so a thread that sets a quote and then reads finds it.
//
// The price is the promise that nobody waits: a reader waits for its answer, and Set() for room in the inbox.
class TopOfBook {
 public:
  // In cents; below zero where the difference of two prices is traded.
  struct Quote {
    int bid;
    int ask;
    bool operator==(const Quote&) const = default;
  };

  explicit TopOfBook(Quote first) : owner_([this, first] { Serve(first); }) {}

  ~TopOfBook() {
    inbox_.Close();
    owner_.join();
  }

  // The exchange has sent a new quote. Returns before readers can see it.
  void Set(Quote quote) { inbox_.Send(quote); }

  Quote Read() const {
    Channel<Quote> answer;
    inbox_.Send(&answer);
    return *answer.Receive();
  }

 private:
  // A new quote, or where to send the last one.
  using Message = std::variant<Quote, Channel<Quote>*>;

  void Serve(Quote quote) {
    while (const auto message = inbox_.Receive()) {
      if (const Quote* next = std::get_if<Quote>(&*message)) {
        quote = *next;
      } else {
        std::get<Channel<Quote>*>(*message)->Send(quote);
      }
    }
  }

  mutable Channel<Message> inbox_{1024};  // Bounded: a sender that is faster than the owner has to wait.
  std::thread owner_;                     // Last: it begins to receive at once.
};

#endif  // RACELAB_TOP_OF_BOOK_H_
