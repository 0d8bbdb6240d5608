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
// Two locks, since there are two things: the routes, which calls read, and the counts, which calls change. A call
// shares the first and, while it holds that, takes the second alone; so a change of the route, which takes both in the
// same order, finds all calls over the old trunk counted. The price: two locks for each call, the second one for the
// time of an addition. It pays where finding the route takes longer than counting.
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
    absl::MutexLock lock(&routes_mutex_);
    absl::MutexLock counts_lock(&counts_mutex_);
    trunks_[area] = trunk;
    return std::exchange(calls_[area], 0);
  }

  // Routes a call to the area: returns the trunk, and counts the call. If the area has no trunk, returns kNoTrunk, and
  // there is nothing to count.
  int Route(int area) {
    absl::ReaderMutexLock lock(&routes_mutex_);
    const int trunk = trunks_[area];
    if (trunk == kNoTrunk) return kNoTrunk;
    absl::MutexLock counts_lock(&counts_mutex_);
    ++calls_[area];
    return trunk;
  }

  // How many calls have gone over the area's trunk.
  std::int64_t Calls(int area) const {
    absl::MutexLock lock(&counts_mutex_);
    return calls_[area];
  }

 private:
  absl::Mutex routes_mutex_;
  mutable absl::Mutex counts_mutex_ ABSL_ACQUIRED_AFTER(routes_mutex_);
  std::vector<int> trunks_ ABSL_GUARDED_BY(routes_mutex_);          // By area.
  std::vector<std::int64_t> calls_ ABSL_GUARDED_BY(counts_mutex_);  // By area.
};

#endif  // RACELAB_ROUTE_TABLE_H_
