// The cost of copying a handle and destroying the copy, with one to four threads that copy the same one.

#include <shared_font.h>

#include <vector>

#include "benchmark/benchmark.h"

namespace {

void CopyAndDestroy(benchmark::State& state) {
  static const SharedFont* const font = new SharedFont(std::vector<int>(128, 7), [] {});
  for (auto _ : state) {
    SharedFont copy = *font;
    benchmark::DoNotOptimize(copy);
  }
}
BENCHMARK(CopyAndDestroy)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
