#ifndef RACELAB_REQUEST_SERVER_H_
#define RACELAB_REQUEST_SERVER_H_

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Answers requests, several at once, so that a slow one does not hold up the others.
//
// Every request is answered exactly once, whatever the system has left: with what the handler makes of it; or, should
// there be no thread for it now, with kBusy. A request that has been answered holds nothing any longer.
//
// It is, because there are never more threads than places for them: the listener waits until one is free, and joins the
// thread that was there before it starts the next. So the number of threads does not depend on what comes in; and
// should the system have no thread all the same, the request is still in hand, and is told so. The price: a thread is
// created for each request, and nobody listens while all places are taken, nor while join() waits for one last reply to
// be delivered: a place is free once the handler has returned.
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
    Place* place = AwaitPlace();
    // Its handler has returned: join() waits at most for its last reply to be delivered.
    if (place->thread.joinable()) place->thread.join();
    try {
      place->thread = std::thread([this, place, request, reply] {
        const std::string answer = handler_(request);
        Free(*place);
        reply(answer);
      });
    } catch (const std::system_error&) {
      Free(*place);
      reply(kBusy);
    }
  }

 private:
  struct Place {
    std::thread thread;  // Of the request that was here last. Only the listener touches it.
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
