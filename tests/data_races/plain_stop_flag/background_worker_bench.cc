// The cost that checking the stop flag adds to a batch; and the cost of starting and stopping a worker, with one to
// four threads that each have their own workers.

#include <background_worker.h>

#include <latch>

#include "benchmark/benchmark.h"

namespace {

void Batch(benchmark::State& state) {
  constexpr int kBatches = 100'000;
  while (state.KeepRunningBatch(kBatches)) {
    std::latch done(1);
    int left = kBatches;
    BackgroundWorker worker([&] {
      if (--left > 0) return true;
      done.count_down();
      return false;
    });
    done.wait();
  }
}
BENCHMARK(Batch)->DenseThreadRange(1, 4)->UseRealTime();

void BeginAndStop(benchmark::State& state) {
  for (auto _ : state) BackgroundWorker([] { return true; }).Stop();
}
BENCHMARK(BeginAndStop)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
