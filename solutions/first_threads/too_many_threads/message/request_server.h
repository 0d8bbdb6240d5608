#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, whatever the system has left: with what the handler makes of it; or, should
// there be no thread for it now, with kBusy. A request that has been answered holds nothing any longer.
//
// It is, because no request needs a thread of its own to be created: so many workers as there are, there are from the
// start, and each takes the next request as soon as it has answered one. The listener waits while all of them are busy
// and the channel is full. The price: as many slow requests as there are workers hold up everybody else.
class RequestServer {
 public:
  using Handler = std::function<std::string(int request)>;
  using Reply = std::function<void(const std::string& answer)>;

  static constexpr char kBusy[] = "busy";

  // Some `expected` requests come at once, as a rule; more may. The handler is called from several threads at once.
  // Throws std::system_error if not even one worker can be started; with fewer than expected it only takes longer.
  RequestServer(Handler handler, int expected) : handler_(std::move(handler)) {
    workers_.reserve(expected);
    try {
      for (int i = 0; i < expected; ++i) workers_.emplace_back([this] { Work(); });
    } catch (const std::system_error&) {
      if (workers_.empty()) throw;
    }
  }

  // Returns when every request has been answered.
  ~RequestServer() {
    requests_.Close();
    for (std::thread& worker : workers_) worker.join();
  }

  // Answers `request` by a call of `reply`, on any thread, sooner or later. Called by the one thread that listens.
  void Accept(int request, Reply reply) { requests_.Send({request, std::move(reply)}); }

 private:
  struct Request {
    int number;
    Reply reply;
  };

  void Work() {
    while (auto request = requests_.Receive()) request->reply(handler_(request->number));
  }

  const Handler handler_;
  Channel<Request> requests_{256};  // Bounded: what cannot be answered in time should not pile up here.
  std::vector<std::thread> workers_;
};

#endif  // RACELAB_REQUEST_SERVER_H_
