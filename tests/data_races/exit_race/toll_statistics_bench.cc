// The cost of counting a vehicle, with one to four lanes.

#include <toll_statistics.h>

#include <string>

#include "benchmark/benchmark.h"

namespace {

TollStatistics& Shared() {
  static Program& program = *new Program([](const std::string&) {});
  static TollStatistics& statistics = TollStatistics::Of(program);
  return statistics;
}

void Passed(benchmark::State& state) {
  TollStatistics& statistics = Shared();
  for (auto _ : state) statistics.Passed(state.thread_index());
}
BENCHMARK(Passed)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
