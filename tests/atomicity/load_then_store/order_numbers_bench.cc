// The cost of one number, with one to four threads that take numbers from the same sequence.

#include <order_numbers.h>

#include "benchmark/benchmark.h"

namespace {

OrderNumbers& Shared() {
  static OrderNumbers numbers;
  return numbers;
}

void Next(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Next());
}
BENCHMARK(Next)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
