#ifndef RACELAB_LINK_CHECKER_H_
#define RACELAB_LINK_CHECKER_H_

#include <algorithm>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/wire.h"
#include "solutions/support/channel.h"

// Finds the dead links of a site.
//
// Over each connection, one link after the other is tried; over different connections, links are tried at once. So with
// as many connections as links, the result is there as soon as the slowest server has answered.
//
// The threads share nothing but a channel, into which they send the dead links. Only the caller has them all; it could
// show the first one while the last server still thinks about its answer.
class LinkChecker {
 public:
  // Requires connections > 0.
  LinkChecker(Wire& wire, int connections) : wire_(wire), connections_(connections) {}

  // Tries the links 0 to `links` - 1; returns the numbers of the dead ones, in ascending order. Throws
  // std::system_error if there is no thread for one of the connections.
  std::vector<int> DeadLinks(int links) {
    Channel<int> found;
    {
      const int workers = std::min(connections_, kMostThreads);
      std::vector<std::jthread> threads;  // Joined at the end of the block, even if one of them cannot begin.
      for (int worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&, worker] {
          for (int link = worker; link < links; link += workers) {
            if (!wire_.IsAlive(link)) found.Send(link);
          }
        });
      }
    }
    std::vector<int> dead;
    while (const auto link = found.TryReceive()) dead.push_back(*link);
    std::sort(dead.begin(), dead.end());
    return dead;
  }

 private:
  static constexpr int kMostThreads = 16;  // As many as our machines have processors.

  Wire& wire_;
  const int connections_;
};

#endif  // RACELAB_LINK_CHECKER_H_
