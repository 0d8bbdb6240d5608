// The cost of recording a value and of reading the range, with one to four threads that share a gauge. Few values widen
// the range, as in practice.

#include <range_gauge.h>

#include "benchmark/benchmark.h"

namespace {

RangeGauge& Shared() {
  static RangeGauge gauge(0);
  return gauge;
}

void Record(benchmark::State& state) {
  unsigned random = 1 + state.thread_index();
  for (auto _ : state) {
    random = random * 1664525 + 1013904223;  // Numerical Recipes' linear congruential generator.
    Shared().Record(static_cast<int>(random >> 8));
  }
}
BENCHMARK(Record)->DenseThreadRange(1, 4)->UseRealTime();

void Read(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Read());
}
BENCHMARK(Read)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
