#ifndef RACELAB_HIT_COUNTER_H_
#define RACELAB_HIT_COUNTER_H_

#include <cstdint>
#include <thread>

#include "solutions/support/channel.h"

// The number of requests that a server has answered.
//
// Safe to use from any number of threads at once: only the counter's own thread ever touches the total, and the other
// threads send messages to it. Messages of one sender arrive in order, so a thread that records and then asks finds its
// own hits counted.
class HitCounter {
 public:
  HitCounter() : owner_([this] { Count(); }) {}

  ~HitCounter() {
    inbox_.Close();
    owner_.join();
  }

  // Records one hit. Returns before it has been counted.
  void Record() { inbox_.Send({}); }

  // The hits recorded so far.
  std::int64_t Total() const {
    Channel<std::int64_t> answer;
    inbox_.Send({.answer = &answer});
    return *answer.Receive();
  }

 private:
  // A hit; or, if `answer` is set, the question for the total.
  struct Message {
    Channel<std::int64_t>* answer = nullptr;
  };

  void Count() {
    std::int64_t total = 0;
    while (auto message = inbox_.Receive()) {
      if (message->answer == nullptr) {
        ++total;
      } else {
        message->answer->Send(total);
      }
    }
  }

  mutable Channel<Message> inbox_{1024};  // Bounded: a sender that is faster than the owner has to wait.
  std::thread owner_;                     // Last: it begins to receive at once.
};

#endif  // RACELAB_HIT_COUNTER_H_
