// The cost of setting a quote, and of reading it, with one to four threads that read the same book while nobody sets.

#include <top_of_book.h>

#include "benchmark/benchmark.h"

namespace {

TopOfBook& Shared() {
  static TopOfBook book({10'000, 10'001});
  return book;
}

void Set(benchmark::State& state) {
  int bid = 10'000;
  for (auto _ : state) {
    bid ^= 1;
    Shared().Set({bid, bid + 1});
  }
}
BENCHMARK(Set)->UseRealTime();

void Read(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Read());
}
BENCHMARK(Read)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
