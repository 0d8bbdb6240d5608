// The cost of finding the logbook when it has long been open, with one to four threads that ask for the same one.

#include <crossing.h>

#include "benchmark/benchmark.h"

namespace {

Crossing& Shared() {
  static Archive archive([](int) {});
  static Crossing crossing(1, archive);
  return crossing;
}

void FindLog(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(&Shared().Log());
}
BENCHMARK(FindLog)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
