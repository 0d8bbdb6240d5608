// The cost of borrowing a frame and returning it, with one to four threads that share a pool.

#include <frame_pool.h>

#include "benchmark/benchmark.h"

namespace {

FramePool& Shared() {
  static FramePool pool(64);
  return pool;
}

void BorrowAndReturn(benchmark::State& state) {
  for (auto _ : state) Shared().Return(*Shared().Borrow());
}
BENCHMARK(BorrowAndReturn)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
