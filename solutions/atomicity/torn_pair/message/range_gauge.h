#ifndef RACELAB_RANGE_GAUGE_H_
#define RACELAB_RANGE_GAUGE_H_

#include <algorithm>
#include <thread>
#include <variant>

#include "solutions/support/channel.h"

// The lowest and the highest value recorded from a sensor.
//
// Safe to use from any number of threads at once. Read() returns the range at one instant: that of all values that
// arrived before the question. The range belongs to a thread of the gauge's own, so nobody else sees one end alone.
// Messages of one sender arrive in order, so a thread that records a value and then reads finds it included.
//
// The price is the promise that nobody waits: a reader waits for its answer, and a sensor for room in the inbox.
class RangeGauge {
 public:
  struct Range {
    int lowest;
    int highest;
    bool operator==(const Range&) const = default;
  };

  // A gauge whose first value is `first`.
  explicit RangeGauge(int first) : owner_([this, first] { Serve({first, first}); }) {}

  ~RangeGauge() {
    inbox_.Close();
    owner_.join();
  }

  // Records `value`, and widens the range if the value is outside. Returns before that has happened.
  void Record(int value) { inbox_.Send(value); }

  Range Read() const {
    Channel<Range> answer;
    inbox_.Send(&answer);
    return *answer.Receive();
  }

 private:
  // A value, or where to send the range.
  using Message = std::variant<int, Channel<Range>*>;

  void Serve(Range range) {
    while (const auto message = inbox_.Receive()) {
      if (const int* value = std::get_if<int>(&*message)) {
        range = {std::min(range.lowest, *value), std::max(range.highest, *value)};
      } else {
        std::get<Channel<Range>*>(*message)->Send(range);
      }
    }
  }

  mutable Channel<Message> inbox_{1024};  // Bounded: a sender that is faster than the owner has to wait.
  std::thread owner_;                     // Last: it begins to receive at once.
};

#endif  // RACELAB_RANGE_GAUGE_H_
