// The cost of routing a call, with one to four threads that send calls to the same area.

#include <route_table.h>

#include "benchmark/benchmark.h"

namespace {

RouteTable& Shared() {
  static RouteTable* const routes = [] {
    auto* made = new RouteTable(1);
    made->Connect(0, 7);
    return made;
  }();
  return *routes;
}

void RouteACall(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Route(0));
}
BENCHMARK(RouteACall)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
