// The cost of one withdrawal, with one to four threads that withdraw from the same account.

#include <account.h>

#include "benchmark/benchmark.h"

namespace {

Account& Shared() {
  static Account account(1'000'000'000'000);
  return account;
}

void Withdraw(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Withdraw(1));
}
BENCHMARK(Withdraw)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
