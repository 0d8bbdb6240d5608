// The cost of one line, with one to four threads appending to the same log.

#include <progress_log.h>

#include <memory>

#include "benchmark/benchmark.h"

namespace {

constexpr int kLinesPerThread = 300'000;

std::unique_ptr<ProgressLog> log;

void Append(benchmark::State& state) {
  int step = 0;
  for (auto _ : state) log->Append("func1", ++step);
}
BENCHMARK(Append)
    ->Iterations(kLinesPerThread)  // A log has room for this many lines and no more.
    ->Setup([](const benchmark::State& state) {
      log = std::make_unique<ProgressLog>(static_cast<std::size_t>(state.threads()) * kLinesPerThread);
    })
    ->Teardown([](const benchmark::State&) { log.reset(); })
    ->DenseThreadRange(1, 4)
    ->UseRealTime();

}  // namespace
