// A parcel hub with eight sorting belts, which all give their parcels for the north to one carrier. At the end of a
// month, the carrier is paid by the parcels that the route table has counted; the belts count their own parcels, too.

#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <route_table.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kMonths = 24;
constexpr int kBelts = 8;
constexpr int kParcelsPerBelt = 150'000;
constexpr int kNorth = 0;
constexpr int kCarrier = 7;

// Routes a month's parcels, counted from 0. Returns how many are paid for.
std::int64_t RouteForAMonth(RouteTable& routes) {
  routes.Assign(kNorth, kCarrier);
  std::vector<std::thread> belts;
  for (int belt = 0; belt < kBelts; ++belt) {
    belts.emplace_back([&routes] {
      for (int parcel = 0; parcel < kParcelsPerBelt; ++parcel) routes.Route(kNorth);
    });
  }
  for (std::thread& belt : belts) belt.join();
  return routes.Count(kNorth);
}

}  // namespace

int main() {
  constexpr int kRouted = kBelts * kParcelsPerBelt;
  RouteTable routes(1);
  for (int month = 1; month <= kMonths; ++month) {
    const std::int64_t paid = RouteForAMonth(routes);
    if (paid != kRouted) {
      std::printf("month %d: the belts have sent %d parcels to the north, %lld are paid for\n", month, kRouted,
                  static_cast<long long>(paid));
      return 1;
    }
  }
  std::printf("%d months: the belts have sent %d parcels to the north in each, and all are paid for\n", kMonths,
              kRouted);
  return 0;
}
