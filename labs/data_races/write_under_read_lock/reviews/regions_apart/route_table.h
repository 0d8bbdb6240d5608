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
// To route a parcel is to write, since it is counted; so a belt holds the region's mutex as every other change does,
// alone. No function of this class is about two regions, so each region has a mutex of its own. The price: a mutex for
// each region; and belts with parcels for the same region wait for one another.
//
//   const int carrier = routes.Route(kNorth);
//   if (carrier != RouteTable::kNoCarrier) ...
class RouteTable {
 public:
  static constexpr int kNoCarrier = -1;

  // For the regions 0 to `regions` - 1. At first, none of them has a carrier.
  explicit RouteTable(int regions) : routes_(regions) {}

  // Gives the region's parcels to `carrier` from now on. Returns how many the one before has got; for the new one,
  // counting begins at 0.
  std::int64_t Assign(int region, int carrier) {
    Entry& route = routes_[region];
    absl::MutexLock lock(&route.mutex);
    route.carrier = carrier;
    return std::exchange(route.parcels, 0);
  }

  // Routes a parcel to the region: returns the carrier that gets it, and counts the parcel. If the region has no
  // carrier, returns kNoCarrier, and there is nothing to count.
  int Route(int region) {
    Entry& route = routes_[region];
    absl::MutexLock lock(&route.mutex);
    if (route.carrier != kNoCarrier) ++route.parcels;
    return route.carrier;
  }

  // How many parcels the region's carrier has got.
  std::int64_t Count(int region) const {
    const Entry& route = routes_[region];
    absl::MutexLock lock(&route.mutex);
    return route.parcels;
  }

 private:
  struct Entry {
    mutable absl::Mutex mutex;
    int carrier ABSL_GUARDED_BY(mutex) = kNoCarrier;
    std::int64_t parcels ABSL_GUARDED_BY(mutex) = 0;
  };

  std::vector<Entry> routes_;  // By region. Its size never changes.
};

#endif  // RACELAB_ROUTE_TABLE_H_
