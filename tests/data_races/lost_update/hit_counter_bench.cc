// The cost of one hit, with one to four threads recording into the same counter.

#include <hit_counter.h>

#include "benchmark/benchmark.h"

namespace {

HitCounter& Shared() {
  static HitCounter counter;
  return counter;
}

void Record(benchmark::State& state) {
  for (auto _ : state) Shared().Record();
}
BENCHMARK(Record)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
