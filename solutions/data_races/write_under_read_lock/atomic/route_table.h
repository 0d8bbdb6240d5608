#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The routes of a telephone exchange: the trunk line over which it sends the calls to an area, and how many calls it
// has sent over it. The trunk's owner is paid by that number.
//
// Safe to use from any number of threads at once. Each call is counted once, and for the trunk over which it went.
//
// Calls share the lock, so the one thing that they change is atomic. They count while they hold the lock: a change of
// the route waits for them, and finds all calls over the old trunk counted. Relaxed suffices everywhere: a change and a
// call are ordered by the lock, two calls only have to be added up, and nobody concludes anything else from a count.
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
    absl::MutexLock lock(&mutex_);
    trunks_[area] = trunk;
    return calls_[area].exchange(0, std::memory_order_relaxed);  // Relaxed: the lock orders it after the calls.
  }

  // Routes a call to the area: returns the trunk, and counts the call. If the area has no trunk, returns kNoTrunk, and
  // there is nothing to count. Relaxed: see above.
  int Route(int area) {
    absl::ReaderMutexLock lock(&mutex_);
    const int trunk = trunks_[area];
    if (trunk != kNoTrunk) calls_[area].fetch_add(1, std::memory_order_relaxed);
    return trunk;
  }

  // How many calls have gone over the area's trunk. Relaxed: see above.
  std::int64_t Calls(int area) const { return calls_[area].load(std::memory_order_relaxed); }

 private:
  absl::Mutex mutex_;
  std::vector<int> trunks_ ABSL_GUARDED_BY(mutex_);  // By area.
  std::vector<std::atomic<std::int64_t>> calls_;     // By area. Whoever counts a call holds the lock, at least shared.
};

#endif  // RACELAB_ROUTE_TABLE_H_
