// The cost of a question, with one to four displays that ask the same stop.

#include <tram_stop.h>

#include <optional>

#include "benchmark/benchmark.h"

namespace {

const TramStop& Stop() {
  static const TramStop* const stop = [] {
    auto* made = new TramStop;
    made->Load([time = 0]() mutable { return time + 5 < TramStop::kDay ? std::optional(time += 5) : std::nullopt; });
    return made;
  }();
  return *stop;
}

void Ask(benchmark::State& state) {
  int time = state.thread_index();
  for (auto _ : state) {
    benchmark::DoNotOptimize(Stop().NextFrom(time));
    time = (time + 7) % TramStop::kDay;
  }
}
BENCHMARK(Ask)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
