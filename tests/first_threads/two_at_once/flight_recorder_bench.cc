// The cost of one entry, with one to four threads recording to the same recorder.

#include <flight_recorder.h>

#include <memory>

#include "benchmark/benchmark.h"

namespace {

constexpr int kEntriesPerThread = 300'000;

std::unique_ptr<FlightRecorder> recorder;

void Record(benchmark::State& state) {
  int step = 0;
  for (auto _ : state) recorder->Record("LoadAccounts", ++step);
}
BENCHMARK(Record)
    ->Iterations(kEntriesPerThread)  // A recorder has room for this many entries and no more.
    ->Setup([](const benchmark::State& state) {
      recorder = std::make_unique<FlightRecorder>(static_cast<std::size_t>(state.threads()) * kEntriesPerThread);
    })
    ->Teardown([](const benchmark::State&) { recorder.reset(); })
    ->DenseThreadRange(1, 4)
    ->UseRealTime();

}  // namespace
