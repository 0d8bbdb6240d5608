#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <atomic>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The routes of a parcel hub: the carrier to which its sorting belts give the parcels for a region, and how many they
// have given it. The carrier is paid by that number.
//
// Safe to use from any number of threads at once. Each parcel is counted once, and for the carrier that got it.
//
// Belts share the lock, so the one thing that they change is atomic. They count while they hold the lock: a change of
// the route waits for them, and finds all parcels of the old carrier counted. Relaxed suffices everywhere: the lock
// orders a change and the belts, parcels only have to be added up, and nobody concludes anything else from a count.
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
    absl::MutexLock lock(&mutex_);
    carriers_[region] = carrier;
    return parcels_[region].exchange(0, std::memory_order_relaxed);  // Relaxed: the lock orders it after the belts.
  }

  // Routes a parcel to the region: returns the carrier that gets it, and counts the parcel. If the region has no
  // carrier, returns kNoCarrier, and there is nothing to count. Relaxed: see above.
  int Route(int region) {
    absl::ReaderMutexLock lock(&mutex_);
    const int carrier = carriers_[region];
    if (carrier != kNoCarrier) parcels_[region].fetch_add(1, std::memory_order_relaxed);
    return carrier;
  }

  // How many parcels the region's carrier has got. Relaxed: see above.
  std::int64_t Count(int region) const { return parcels_[region].load(std::memory_order_relaxed); }

 private:
  absl::Mutex mutex_;
  std::vector<int> carriers_ ABSL_GUARDED_BY(mutex_);  // By region.
  std::vector<std::atomic<std::int64_t>> parcels_;     // By region. Whoever counts holds the lock, at least shared.
};

#endif  // RACELAB_ROUTE_TABLE_H_
