// The cost of one hit, with one to four threads recording into the same board. To the mutex, the processor and the
// kernel, threads of several processes are no different.

#include <hit_board.h>

#include "benchmark/benchmark.h"

namespace {

HitBoard& Shared() {
  static HitBoard board;
  return board;
}

void Record(benchmark::State& state) {
  for (auto _ : state) Shared().Record();
}
BENCHMARK(Record)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
