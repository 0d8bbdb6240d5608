#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, however short the system is of resources: with the handler's answer, or, if
// there is no thread for it now, with kBusy. What the server holds does not grow with the number of requests that it
// has answered. Neither handlers nor replies may throw.
//
// No request needs a new thread: all workers are created at the start, and each takes the next request as soon as it
// has answered one, and with it what else has arrived. The listener waits while all workers are busy and the channel is
// full. The price: as many slow requests as there are workers hold up everybody else.
class RequestServer {
 public:
  using Handler = std::function<std::string(int request)>;
  using Reply = std::function<void(const std::string& answer)>;

  static constexpr char kBusy[] = "busy";

  // As a rule, about `expected` requests come at once; more may. The handler is called from several threads at once.
  // Throws std::system_error if not even one worker can be started; with fewer than expected, it is only slower.
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

  // Answers `request` by a call of `reply`, on any thread, now or later. Only the one listening thread calls Accept().
  void Accept(int request, Reply reply) {
    try {
      requests_.Send({request, reply});
    } catch (...) {  // There is no memory for it.
      reply(kBusy);
    }
  }

 private:
  static constexpr std::size_t kBatch = 8;

  struct Request {
    int number;
    Reply reply;
  };

  void Work() {
    while (auto request = requests_.Receive()) {
      std::vector<Request> batch;
      for (; request && batch.size() < kBatch; request = requests_.TryReceive()) batch.push_back(*std::move(request));
      if (request) batch.push_back(*std::move(request));
      for (const Request& next : batch) next.reply(handler_(next.number));
    }
  }

  const Handler handler_;
  Channel<Request> requests_{256};  // Bounded, so that requests do not pile up without limit.
  std::vector<std::thread> workers_;
};

#endif  // RACELAB_REQUEST_SERVER_H_
