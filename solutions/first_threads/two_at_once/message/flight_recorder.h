#ifndef RACELAB_FLIGHT_RECORDER_H_
#define RACELAB_FLIGHT_RECORDER_H_

#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// What the functions of a program have done, in the order in which they recorded it: for the time after a crash.
//
// Several functions may record at once, and the recorder may be read at the same time: a reader gets the beginning of
// the final recording.
//
// Only the recorder's own thread ever touches the entries; the functions send theirs to it, and a reader asks it for a
// copy. The entries are in the order in which the messages arrived. The price: a thread; for each entry a message,
// which costs more than the entry itself, and memory when it is sent; and what has been sent, but not yet received, is
// lost in a crash.
class FlightRecorder {
 public:
  // A recorder with room for `capacity` entries.
  explicit FlightRecorder(std::size_t capacity) : keeper_([this, capacity] { Keep(capacity); }) {}

  ~FlightRecorder() {
    inbox_.Close();
    keeper_.join();
  }

  // Records "<function>: step <step>". Requires that there is room for it. Returns before the entry has been
  // written.
  void Record(const char* function, int step) {
    inbox_.Send({.entry = std::string(function) + ": step " + std::to_string(step)});
  }

  // What has been recorded so far, oldest first.
  std::vector<std::string> Entries() const {
    Channel<std::vector<std::string>> answer;
    inbox_.Send({.answer = &answer});
    return *answer.Receive();
  }

 private:
  // An entry; or, if `answer` is set, the question for all entries so far.
  struct Message {
    std::string entry = {};
    Channel<std::vector<std::string>>* answer = nullptr;
  };

  void Keep(std::size_t capacity) {
    std::vector<std::string> entries;
    entries.reserve(capacity);
    while (auto message = inbox_.Receive()) {
      if (message->answer == nullptr) {
        entries.push_back(std::move(message->entry));
      } else {
        message->answer->Send(entries);
      }
    }
  }

  mutable Channel<Message> inbox_{1024};  // Bounded: a sender that is faster than the keeper has to wait.
  std::thread keeper_;                    // Last: it begins to receive at once.
};

#endif  // RACELAB_FLIGHT_RECORDER_H_
