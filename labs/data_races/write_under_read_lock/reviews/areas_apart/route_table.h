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
// To route a call is to write, since it is counted; so it holds the area's mutex like every other change, alone. No
// call of this class is about two areas, so each area has a mutex of its own. The price: a mutex for each area; and
// calls to the same area wait for one another.
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
    Entry& route = routes_[area];
    absl::MutexLock lock(&route.mutex);
    route.trunk = trunk;
    return std::exchange(route.calls, 0);
  }

  // Routes a call to the area: returns the trunk, and counts the call. If the area has no trunk, returns kNoTrunk, and
  // there is nothing to count.
  int Route(int area) {
    Entry& route = routes_[area];
    absl::MutexLock lock(&route.mutex);
    if (route.trunk != kNoTrunk) ++route.calls;
    return route.trunk;
  }

  // How many calls have gone over the area's trunk.
  std::int64_t Calls(int area) const {
    const Entry& route = routes_[area];
    absl::MutexLock lock(&route.mutex);
    return route.calls;
  }

 private:
  struct Entry {
    mutable absl::Mutex mutex;
    int trunk ABSL_GUARDED_BY(mutex) = kNoTrunk;
    std::int64_t calls ABSL_GUARDED_BY(mutex) = 0;
  };

  std::vector<Entry> routes_;  // By area. Its size never changes.
};

#endif  // RACELAB_ROUTE_TABLE_H_
