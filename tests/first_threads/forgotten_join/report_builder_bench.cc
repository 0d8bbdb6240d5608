// The cost of having a short report built in the background and waiting for it: mostly, a thread.

#include <report_builder.h>

#include "benchmark/benchmark.h"

namespace {

void BuildAndRead(benchmark::State& state) {
  for (auto _ : state) {
    ReportBuilder builder(12, [](int month) { return month; });
    benchmark::DoNotOptimize(builder.Lines());
  }
}
BENCHMARK(BuildAndRead)->ThreadRange(1, 4)->UseRealTime();

}  // namespace
