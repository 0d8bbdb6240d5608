// The cost of pushing a page and taking one, with one to four threads that share a stack.

#include <work_stack.h>

#include "benchmark/benchmark.h"

namespace {

WorkStack& Shared() {
  static WorkStack stack;
  return stack;
}

void PushAndTake(benchmark::State& state) {
  for (auto _ : state) {
    Shared().Push(1);
    benchmark::DoNotOptimize(Shared().TakeNext());
  }
}
BENCHMARK(PushAndTake)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
