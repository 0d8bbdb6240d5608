// The cost of a report, with one to four threads that report about one boiler: every other about the water.

#include <boiler_status.h>

#include "benchmark/benchmark.h"

namespace {

BoilerStatus& Shared() {
  static BoilerStatus boiler;
  return boiler;
}

void Report(benchmark::State& state) {
  const bool about_water = state.thread_index() % 2 == 1;
  bool on = false;
  for (auto _ : state) {
    on = !on;
    about_water ? Shared().SetLowWater(on) : Shared().SetBurner(on);
  }
}
BENCHMARK(Report)->DenseThreadRange(1, 4)->UseRealTime();

void Show(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Shown());
}
BENCHMARK(Show)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
