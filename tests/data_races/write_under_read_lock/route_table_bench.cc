// The cost of routing a parcel, with one to four threads that send parcels to the same region.

#include <route_table.h>

#include "benchmark/benchmark.h"

namespace {

RouteTable& Shared() {
  static RouteTable* const routes = [] {
    auto* made = new RouteTable(1);
    made->Assign(0, 7);
    return made;
  }();
  return *routes;
}

void RouteAParcel(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Route(0));
}
BENCHMARK(RouteAParcel)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
