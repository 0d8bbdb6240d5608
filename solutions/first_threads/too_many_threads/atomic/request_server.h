#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <atomic>
#include <deque>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, whatever the system has left: with what the handler makes of it; or, should
// there be no thread for it now, with kBusy. A request that has been answered holds nothing any longer.
//
// It is, because there are never more threads than places for them. A place is claimed by an exchange, given back once
// the handler has returned, and the thread that was there before is joined before the next one starts. A request for
// which there is no place, or no thread, is told so at once, and waits in no queue. The price: the client has to come
// again. And the place is given back before the answer is delivered, so that a client who has it finds the place free;
// so the listener may have to wait, in join(), for one last reply to be delivered.
class RequestServer {
 public:
  using Handler = std::function<std::string(int request)>;
  using Reply = std::function<void(const std::string& answer)>;

  static constexpr char kBusy[] = "busy";

  // Some `expected` requests come at once, as a rule; more may. The handler is called from several threads at once.
  RequestServer(Handler handler, int expected) : handler_(std::move(handler)), places_(expected) {}

  // Returns when every request has been answered.
  ~RequestServer() {
    for (Place& place : places_) {
      if (place.thread.joinable()) place.thread.join();
    }
  }

  // Answers `request` by a call of `reply`, on any thread, sooner or later. Called by the one thread that listens.
  void Accept(int request, Reply reply) {
    Place* place = ClaimPlace();
    if (place == nullptr) return reply(kBusy);
    // Its handler has returned: join() waits at most for its last reply to be delivered.
    if (place->thread.joinable()) place->thread.join();
    try {
      place->thread = std::thread([this, place, request, reply] {
        const std::string answer = handler_(request);
        place->taken.store(false, std::memory_order_release);  // For the acquire in ClaimPlace().
        reply(answer);
      });
    } catch (const std::system_error&) {
      place->taken.store(false, std::memory_order_release);  // For the acquire in ClaimPlace().
      reply(kBusy);
    }
  }

 private:
  struct Place {
    std::thread thread;  // Of the request that was here last. Only the listener touches it.
    std::atomic<bool> taken = false;
  };

  // Null if all are taken.
  Place* ClaimPlace() {
    for (Place& place : places_) {
      // Pairs with the release of the thread that gave the place back: what the handler did happens before what it does
      // next.
      if (!place.taken.exchange(true, std::memory_order_acquire)) return &place;
    }
    return nullptr;
  }

  const Handler handler_;
  std::deque<Place> places_;
};

#endif  // RACELAB_REQUEST_SERVER_H_
