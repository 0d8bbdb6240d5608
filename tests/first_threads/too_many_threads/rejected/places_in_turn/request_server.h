#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, however short the system is of resources: with the handler's answer, or, if
// there is no thread for it now, with kBusy. What the server holds does not grow with the number of requests that it
// has answered. Neither handlers nor replies may throw.
//
// The requests are given the places in turn, and the place's last thread is joined before the next one starts.
class RequestServer {
 public:
  using Handler = std::function<std::string(int request)>;
  using Reply = std::function<void(const std::string& answer)>;

  static constexpr char kBusy[] = "busy";

  // As a rule, about `expected` requests come at once; more may. The handler is called from several threads at once.
  RequestServer(Handler handler, int expected) : handler_(std::move(handler)), threads_(expected) {}

  // Returns when every request has been answered.
  ~RequestServer() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  // Answers `request` by a call of `reply`, on any thread, now or later. Only the one listening thread calls Accept().
  void Accept(int request, Reply reply) {
    std::thread& thread = threads_[next_];
    next_ = (next_ + 1) % threads_.size();
    if (thread.joinable()) thread.join();
    try {
      thread = std::thread([this, request, reply] { reply(handler_(request)); });
    } catch (...) {
      reply(kBusy);
    }
  }

 private:
  const Handler handler_;
  std::vector<std::thread> threads_;
  std::size_t next_ = 0;
};

#endif  // RACELAB_REQUEST_SERVER_H_
