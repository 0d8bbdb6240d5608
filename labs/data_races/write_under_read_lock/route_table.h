#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

// The routes of a telephone exchange: the trunk line over which it sends the calls to an area, and how many calls it
// has sent over it. The trunk's owner is paid by that number.
//
// Safe to use from any number of threads at once. Each call is counted once, and for the trunk over which it went.
//
// There are thousands of calls for each change of a route, so calls share the lock, and only a change holds it alone.
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
    std::unique_lock lock(mutex_);
    return std::exchange(routes_[area], Entry{.trunk = trunk}).calls;
  }

  // Routes a call to the area: returns the trunk, and counts the call. If the area has no trunk, returns kNoTrunk, and
  // there is nothing to count.
  int Route(int area) {
    std::shared_lock lock(mutex_);
    Entry& route = routes_[area];
    if (route.trunk != kNoTrunk) ++route.calls;
    return route.trunk;
  }

  // How many calls have gone over the area's trunk.
  std::int64_t Calls(int area) const {
    std::shared_lock lock(mutex_);
    return routes_[area].calls;
  }

 private:
  struct Entry {
    int trunk = kNoTrunk;
    std::int64_t calls = 0;
  };

  mutable std::shared_mutex mutex_;
  std::vector<Entry> routes_;  // By area.
};

#endif  // RACELAB_ROUTE_TABLE_H_
