// An exchange with eight switching racks, which all send their calls to the north over one trunk. At the end of a
// month, its owner is paid by the calls that the route table has counted; the racks count their own calls, too.

#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <route_table.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kMonths = 24;
constexpr int kRacks = 8;
constexpr int kCallsPerRack = 150'000;
constexpr int kNorth = 0;

// Routes a month's calls. Returns how many are paid for.
std::int64_t RouteForAMonth(RouteTable& routes, int trunk) {
  routes.Connect(kNorth, trunk);
  std::vector<std::thread> racks;
  for (int rack = 0; rack < kRacks; ++rack) {
    racks.emplace_back([&routes] {
      for (int call = 0; call < kCallsPerRack; ++call) routes.Route(kNorth);
    });
  }
  for (std::thread& rack : racks) rack.join();
  return routes.Calls(kNorth);
}

}  // namespace

int main() {
  constexpr int kRouted = kRacks * kCallsPerRack;
  RouteTable routes(1);
  for (int month = 1; month <= kMonths; ++month) {
    const std::int64_t paid = RouteForAMonth(routes, /*trunk=*/month);
    if (paid != kRouted) {
      std::printf("month %d: the racks have sent %d calls to the north, %lld are paid for\n", month, kRouted,
                  static_cast<long long>(paid));
      return 1;
    }
  }
  std::printf("%d months: the racks have sent %d calls to the north in each, and all are paid for\n", kMonths, kRouted);
  return 0;
}
