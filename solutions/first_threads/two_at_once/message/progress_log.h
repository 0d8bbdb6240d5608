#ifndef RACELAB_PROGRESS_LOG_H_
#define RACELAB_PROGRESS_LOG_H_

#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// The lines that the functions of a start-up have logged, in the order in which they were appended.
//
// Several functions may append at once, and the log may be read at the same time: a reader gets the beginning of the
// final log. Only the log's own thread ever touches the lines; the functions send their lines to it, and a reader asks
// it for a copy. The log is in the order in which the messages arrived. The price: a thread, and for each line a
// message that costs more than the line itself.
class ProgressLog {
 public:
  // A log with room for `capacity` lines.
  explicit ProgressLog(std::size_t capacity) : keeper_([this, capacity] { Keep(capacity); }) {}

  ~ProgressLog() {
    inbox_.Close();
    keeper_.join();
  }

  // Appends the line "<function>: step <step>". Requires that there is room for it. Returns before the line has been
  // written.
  void Append(const char* function, int step) {
    inbox_.Send({.line = std::string(function) + ": step " + std::to_string(step)});
  }

  // The lines so far, oldest first.
  std::vector<std::string> Lines() const {
    Channel<std::vector<std::string>> answer;
    inbox_.Send({.answer = &answer});
    return *answer.Receive();
  }

 private:
  // A line; or, if `answer` is set, the question for all lines so far.
  struct Message {
    std::string line = {};
    Channel<std::vector<std::string>>* answer = nullptr;
  };

  void Keep(std::size_t capacity) {
    std::vector<std::string> lines;
    lines.reserve(capacity);
    while (auto message = inbox_.Receive()) {
      if (message->answer == nullptr) {
        lines.push_back(std::move(message->line));
      } else {
        message->answer->Send(lines);
      }
    }
  }

  mutable Channel<Message> inbox_{1024};  // Bounded: a sender that is faster than the keeper has to wait.
  std::thread keeper_;                    // Last: it begins to receive at once.
};

#endif  // RACELAB_PROGRESS_LOG_H_
