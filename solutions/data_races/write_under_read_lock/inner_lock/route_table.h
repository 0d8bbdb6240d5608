#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The routes of a parcel hub: the carrier to which its sorting belts give the parcels for a region, and how many they
// have given it. The carrier is paid by that number.
//
// Safe to use from any number of threads at once. Each parcel is counted once, and for the carrier that got it.
//
// Two locks, since there are two things: the routes, which belts read, and the counts, which belts change. A belt
// shares the first and, while it holds that, takes the second alone; so a change of the route, which takes both in the
// same order, finds all parcels of the old carrier counted. The price: two locks for each parcel, the second one for
// the time of an addition. It pays where finding the route takes longer than counting.
//
//   const int carrier = routes.Route(kNorth);
//   if (carrier != RouteTable::kNoCarrier) ...
class RouteTable {
 public:
  static constexpr int kNoCarrier = -1;

  // For the regions 0 to `regions` - 1. At first, none of them has a carrier.
  explicit RouteTable(int regions) : carriers_(regions, kNoCarrier), parcels_(regions) {}

  // Gives the region's parcels to `carrier` from now on. Returns how many the one before has got; for the new one,
  // counting begins at 0.
  std::int64_t Assign(int region, int carrier) {
    absl::MutexLock lock(&routes_mutex_);
    absl::MutexLock counts_lock(&counts_mutex_);
    carriers_[region] = carrier;
    return std::exchange(parcels_[region], 0);
  }

  // Routes a parcel to the region: returns the carrier that gets it, and counts the parcel. If the region has no
  // carrier, returns kNoCarrier, and there is nothing to count.
  int Route(int region) {
    absl::ReaderMutexLock lock(&routes_mutex_);
    const int carrier = carriers_[region];
    if (carrier == kNoCarrier) return kNoCarrier;
    absl::MutexLock counts_lock(&counts_mutex_);
    ++parcels_[region];
    return carrier;
  }

  // How many parcels the region's carrier has got.
  std::int64_t Count(int region) const {
    absl::MutexLock lock(&counts_mutex_);
    return parcels_[region];
  }

 private:
  absl::Mutex routes_mutex_;
  mutable absl::Mutex counts_mutex_ ABSL_ACQUIRED_AFTER(routes_mutex_);
  std::vector<int> carriers_ ABSL_GUARDED_BY(routes_mutex_);          // By region.
  std::vector<std::int64_t> parcels_ ABSL_GUARDED_BY(counts_mutex_);  // By region.
};

#endif  // RACELAB_ROUTE_TABLE_H_
