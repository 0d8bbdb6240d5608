#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <vector>

// The routes of a telephone exchange: the trunk line over which it sends the calls to an area, and how many calls it
// has sent over it. The trunk's owner is paid by that number.
//
// Safe to use from any number of threads at once. Each call is counted once, and for the trunk over which it went.
//
// Calls share the lock, so the one thing that they change is atomic.
//
//   const int trunk = routes.Route(kNorth);
//   if (trunk != RouteTable::kNoTrunk) ...
class RouteTable {
 public:
  static constexpr int kNoTrunk = -1;

  // For the areas 0 to `areas` - 1. At first, none of them has a trunk.
  explicit RouteTable(int areas) : trunks_(areas, kNoTrunk), calls_(areas) {}

  // Sends calls to the area over `trunk` from now on. Returns how many calls went over the one before; for the new one,
  // counting begins at 0.
  std::int64_t Connect(int area, int trunk) {
    std::unique_lock lock(mutex_);
    trunks_[area] = trunk;
    return calls_[area].exchange(0);
  }

  // Routes a call to the area: returns the trunk, and counts the call. If the area has no trunk, returns kNoTrunk, and
  // there is nothing to count.
  int Route(int area) {
    std::shared_lock lock(mutex_);
    const int trunk = trunks_[area];
    if (trunk != kNoTrunk) calls_[area] = calls_[area] + 1;
    return trunk;
  }

  // How many calls have gone over the area's trunk.
  std::int64_t Calls(int area) const { return calls_[area]; }

 private:
  std::shared_mutex mutex_;
  std::vector<int> trunks_;                       // By area.
  std::vector<std::atomic<std::int64_t>> calls_;  // By area.
};

#endif  // RACELAB_ROUTE_TABLE_H_
