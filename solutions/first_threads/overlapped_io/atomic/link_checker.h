#ifndef RACELAB_LINK_CHECKER_H_
#define RACELAB_LINK_CHECKER_H_

#include <atomic>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/wire.h"

// Finds the dead links of a site.
//
// Over each connection, one link after the other is tried; over different connections, links are tried at once. So with
// as many connections as links, the result is there as soon as the slowest server has answered.
//
// Each link has an atomic of its own, which no other thread touches until all have been joined. So the atomic needs no
// order (the join hands it over), and would not even have to be one: a byte would do. It pays as soon as somebody wants
// to look at the results before the end.
class LinkChecker {
 public:
  // Requires connections > 0.
  LinkChecker(Wire& wire, int connections) : wire_(wire), connections_(connections) {}

  // Tries the links 0 to `links` - 1; returns the numbers of the dead ones, in ascending order. Throws
  // std::system_error if there is no thread for one of the connections.
  std::vector<int> DeadLinks(int links) {
    std::vector<std::atomic<bool>> alive(links);
    {
      std::vector<std::jthread> threads;  // Joined at the end of the block, even if one of them cannot begin.
      for (int connection = 0; connection < connections_; ++connection) {
        threads.emplace_back([&, connection] {
          // Relaxed: the join hands it over.
          for (int link = connection; link < links; link += connections_) {
            alive[link].store(wire_.IsAlive(link), std::memory_order_relaxed);
          }
        });
      }
    }
    std::vector<int> dead;
    for (int link = 0; link < links; ++link) {
      if (!alive[link].load(std::memory_order_relaxed)) dead.push_back(link);
    }
    return dead;
  }

 private:
  Wire& wire_;
  const int connections_;
};

#endif  // RACELAB_LINK_CHECKER_H_
