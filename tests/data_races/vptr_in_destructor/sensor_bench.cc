// The cost of polling a sensor, whose instrument answers at once, with one to four threads that poll the same one; and
// the cost of opening and closing one.

#include <sensor.h>

#include "benchmark/benchmark.h"

namespace {

void Poll(benchmark::State& state) {
  static RainGauge gauge([] { return 3; }, [](double) {});
  for (auto _ : state) gauge.Poll();
}
BENCHMARK(Poll)->DenseThreadRange(1, 4)->UseRealTime();

void OpenAndClose(benchmark::State& state) {
  for (auto _ : state) RainGauge([] { return 3; }, [](double) {});
}
BENCHMARK(OpenAndClose)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
