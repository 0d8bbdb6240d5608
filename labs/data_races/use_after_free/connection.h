#ifndef RACELAB_LABS_DATA_RACES_USE_AFTER_FREE_CONNECTION_H_
#define RACELAB_LABS_DATA_RACES_USE_AFTER_FREE_CONNECTION_H_

#include <string>

// A server's answer.
struct Answer {
  int server;
  std::string text;
};

// An open connection to one server. Any number of threads may use it at once.
class Connection {
 public:
  explicit Connection(int server) : server_(server) {}

  // Asks the server, and waits for its answer.
  Answer Ask(const std::string& question) const {
    return {.server = server_, .text = question + " - ask me tomorrow."};
  }

 private:
  const int server_;
};

#endif  // RACELAB_LABS_DATA_RACES_USE_AFTER_FREE_CONNECTION_H_
