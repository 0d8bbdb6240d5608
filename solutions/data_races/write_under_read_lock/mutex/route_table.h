#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The routes of a telephone exchange: the trunk line over which it sends the calls to an area, and how many calls it
// has sent over it. The trunk's owner is paid by that number.
//
// Safe to use from any number of threads at once. Each call is counted once, and for the trunk over which it went.
//
// To route a call is to write, since it is counted; so it holds the mutex like every other change, alone. The price:
// calls wait for one another, for the length of a look-up and an addition.
//
//   const int trunk = routes.Route(kNorth);
//   if (trunk != RouteTable::kNoTrunk) ...
class RouteTable {
 public:
  static constexpr int kNoTrunk = -1;

  // For the areas 0 to `areas` - 1. At first, none of them has a trunk.
  explicit RouteTable(int areas) : routes_(areas) {}

  // Sends calls to the area over `trunk` from now on. Returns how many calls went over the one before; for the new one,
  // counting begins at 0.
  std::int64_t Connect(int area, int trunk) {
    absl::MutexLock lock(&mutex_);
    return std::exchange(routes_[area], Entry{.trunk = trunk}).calls;
  }

  // Routes a call to the area: returns the trunk, and counts the call. If the area has no trunk, returns kNoTrunk, and
  // there is nothing to count.
  int Route(int area) {
    absl::MutexLock lock(&mutex_);
    Entry& route = routes_[area];
    if (route.trunk != kNoTrunk) ++route.calls;
    return route.trunk;
  }

  // How many calls have gone over the area's trunk.
  std::int64_t Calls(int area) const {
    absl::MutexLock lock(&mutex_);
    return routes_[area].calls;
  }

 private:
  struct Entry {
    int trunk = kNoTrunk;
    std::int64_t calls = 0;
  };

  mutable absl::Mutex mutex_;
  std::vector<Entry> routes_ ABSL_GUARDED_BY(mutex_);  // By area.
};

#endif  // RACELAB_ROUTE_TABLE_H_
