// The cost of one payment, with one to four threads that pay with the same voucher.

#include <voucher.h>

#include "benchmark/benchmark.h"

namespace {

Voucher& Shared() {
  static Voucher voucher(1'000'000'000'000);
  return voucher;
}

void Redeem(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Redeem(1));
}
BENCHMARK(Redeem)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
