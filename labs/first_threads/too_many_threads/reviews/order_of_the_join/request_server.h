#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <atomic>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <utility>

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, however short the system is of resources: with the handler's answer, or, if
// there is no thread for it now, with kBusy. What the server holds does not grow with the number of requests that it
// has answered. Neither handlers nor replies may throw.
//
// The number of threads is bounded by the number of places. An exchange claims a place, which is given back once the
// handler has returned; the place's last thread is joined before the next one starts. A request for which there is no
// place, or no thread, is refused at once, and waits in no queue. The price: the client has to try again. And a place
// is given back before the answer is delivered, so that a client with an answer finds the place free; so the listener
// may have to wait, in join(), until one last reply has been delivered.
class RequestServer {
 public:
  using Handler = std::function<std::string(int request)>;
  using Reply = std::function<void(const std::string& answer)>;

  static constexpr char kBusy[] = "busy";

  // As a rule, about `expected` requests come at once; more may. The handler is called from several threads at once.
  RequestServer(Handler handler, int expected) : handler_(std::move(handler)), places_(expected) {}

  // Returns when every request has been answered.
  ~RequestServer() {
    for (Place& place : places_) {
      if (place.thread.joinable()) place.thread.join();
    }
  }

  // Answers `request` by a call of `reply`, on any thread, now or later. Only the one listening thread calls Accept().
  void Accept(int request, Reply reply) {
    Place* place = ClaimPlace();
    if (place == nullptr) return reply(kBusy);
    // Its handler has returned: join() waits at most until its last reply has been delivered.
    if (place->thread.joinable()) place->thread.join();
    try {
      place->thread = std::thread([this, place, request, reply] {
        const std::string answer = handler_(request);
        place->taken.store(false, std::memory_order_relaxed);
        reply(answer);
      });
    } catch (...) {                                          // There is no thread, or no memory to start one.
      place->taken.store(false, std::memory_order_relaxed);  // Nothing was done here that has to be handed over.
      reply(kBusy);
    }
  }

 private:
  struct Place {
    std::thread thread;  // Of the last request in this place. Only the listener touches it.
    std::atomic<bool> taken = false;
  };

  // Null if all places are taken.
  Place* ClaimPlace() {
    for (Place& place : places_) {
      // Relaxed: the listener joins the place's last thread before it starts the next one, so what the last handler did
      // happens before the next handler's call.
      if (!place.taken.exchange(true, std::memory_order_relaxed)) return &place;
    }
    return nullptr;
  }

  const Handler handler_;
  std::deque<Place> places_;
};

#endif  // RACELAB_REQUEST_SERVER_H_
