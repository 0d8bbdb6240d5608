#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, however short the system is of resources: with the handler's answer, or, if
// there is no thread for it now, with kBusy. What the server holds does not grow with the number of requests that it
// has answered. Neither handlers nor replies may throw.
//
// The number of threads is bounded by the number of places: the listener waits until a place is free, and joins its
// last thread before it starts the next. So the number of threads does not depend on the number of requests; and if the
// system has no thread all the same, the request is still there and is told so. The price: a thread is created for each
// request, and nobody listens while all places are taken, nor while join() waits until one last reply has been
// delivered: a place is free once the handler has returned.
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
    Place* place = AwaitPlace();
    // Its handler has returned: join() waits at most until its last reply has been delivered.
    if (place->thread.joinable()) place->thread.join();
    try {
      place->thread = std::thread([this, place, request, reply] {
        const std::string answer = handler_(request);
        Free(*place);
        reply(answer);
      });
    } catch (...) {  // There is no thread, or no memory to start one.
      Free(*place);
      reply(kBusy);
    }
  }

 private:
  struct Place {
    std::thread thread;  // Of the last request in this place. Only the listener touches it.
    bool taken = false;  // Guarded by mutex_.
  };

  Place* AwaitPlace() {
    absl::MutexLock lock(&mutex_, absl::Condition(this, &RequestServer::HasFreePlace));
    Place& place = *FindFreePlace();
    place.taken = true;
    return &place;
  }

  void Free(Place& place) {
    absl::MutexLock lock(&mutex_);
    place.taken = false;
  }

  std::deque<Place>::iterator FindFreePlace() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return std::find_if(places_.begin(), places_.end(), [](const Place& place) { return !place.taken; });
  }
  bool HasFreePlace() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return FindFreePlace() != places_.end(); }

  const Handler handler_;
  absl::Mutex mutex_;
  std::deque<Place> places_;
};

#endif  // RACELAB_REQUEST_SERVER_H_
