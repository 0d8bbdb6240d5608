#ifndef RACELAB_LINK_CHECKER_H_
#define RACELAB_LINK_CHECKER_H_

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "labs/first_threads/overlapped_io/wire.h"

// Finds the dead links of a site.
//
// Over each connection, one link after the other is tried; over different connections, links are tried at once. So with
// as many connections as links, the result is there as soon as the slowest server has answered.
//
// Every access to the results holds the mutex, so it does not matter that eight of them share a byte. A link counts as
// alive until somebody writes down that it is dead, so most answers access nothing. No thread holds the mutex while a
// server has not answered: the threads wait for the servers at the same time, and for one another only for the moment
// that it takes to write down one bit.
class LinkChecker {
 public:
  // Requires connections > 0.
  LinkChecker(Wire& wire, int connections) : wire_(wire), connections_(connections) {}

  // Tries the links 0 to `links` - 1; returns the numbers of the dead ones, in ascending order. Throws
  // std::system_error if there is no thread for one of the connections.
  std::vector<int> DeadLinks(int links) {
    Results alive(links);
    {
      std::vector<std::jthread> threads;  // Joined at the end of the block, even if one of them cannot begin.
      for (int connection = 0; connection < connections_; ++connection) {
        threads.emplace_back([&, connection] {
          for (int link = connection; link < links; link += connections_) {
            const bool answer = wire_.IsAlive(link);
            alive.Set(link, answer);
          }
        });
      }
    }
    return alive.Dead();
  }

 private:
  class Results {
   public:
    explicit Results(int links) : alive_(links, true) {}

    void Set(int link, bool alive) {
      if (alive) return;
      absl::MutexLock lock(&mutex_);
      alive_[link] = false;
    }

    std::vector<int> Dead() const {
      absl::MutexLock lock(&mutex_);
      std::vector<int> dead;
      for (int link = 0; link < static_cast<int>(alive_.size()); ++link) {
        if (!alive_[link]) dead.push_back(link);
      }
      return dead;
    }

   private:
    mutable absl::Mutex mutex_;
    std::vector<bool> alive_ ABSL_GUARDED_BY(mutex_);
  };

  Wire& wire_;
  const int connections_;
};

#endif  // RACELAB_LINK_CHECKER_H_
