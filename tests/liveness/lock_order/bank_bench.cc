// The cost of one transfer, with one to four threads that transfer money between accounts of the same bank, rarely
// between the same two.

#include <bank.h>

#include "benchmark/benchmark.h"

namespace {

constexpr int kAccounts = 1000;

Bank& Shared() {
  static Bank bank(kAccounts, 1'000'000'000);
  return bank;
}

void Transfer(benchmark::State& state) {
  unsigned random = 1 + state.thread_index();
  for (auto _ : state) {
    random = random * 1664525 + 1013904223;  // Numerical Recipes' linear congruential generator.
    const int from = (random >> 8) % kAccounts;
    benchmark::DoNotOptimize(Shared().Transfer(from, (from + 1 + (random >> 20) % 900) % kAccounts, 1));
  }
}
BENCHMARK(Transfer)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
