#ifndef RACELAB_ROUTE_TABLE_H_
#define RACELAB_ROUTE_TABLE_H_

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <utility>
#include <vector>

// The routes of a parcel hub: the carrier to which its sorting belts give the parcels for a region, and how many they
// have given it. The carrier is paid by that number.
//
// Safe to use from any number of threads at once. Each parcel is counted once, and for the carrier that got it.
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
    std::unique_lock lock(mutex_);
    return std::exchange(routes_[region], Entry{.carrier = carrier}).parcels;
  }

  // Routes a parcel to the region: returns the carrier that gets it, and counts the parcel. If the region has no
  // carrier, returns kNoCarrier, and there is nothing to count.
  int Route(int region) {
    std::shared_lock lock(mutex_);
    Entry& route = routes_[region];
    if (route.carrier != kNoCarrier) ++route.parcels;
    return route.carrier;
  }

  // How many parcels the region's carrier has got.
  std::int64_t Count(int region) const {
    std::shared_lock lock(mutex_);
    return routes_[region].parcels;
  }

 private:
  struct Entry {
    int carrier = kNoCarrier;
    std::int64_t parcels = 0;
  };

  // There are thousands of parcels for each change of a route, so belts share the lock, and only a change holds it
  // alone.
  mutable std::shared_mutex mutex_;
  std::vector<Entry> routes_;  // By region.
};

#endif  // RACELAB_ROUTE_TABLE_H_
