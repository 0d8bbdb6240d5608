// The cost of an order: made, completed, asked for and destroyed by one thread, with one to four threads that each have
// their own orders; and of a question to one order that has its result, with one to four threads that ask.

#include <sample_order.h>

#include "benchmark/benchmark.h"

namespace {

void Order(benchmark::State& state) {
  for (auto _ : state) {
    SampleOrder order([] {});
    order.Complete(141);
    benchmark::DoNotOptimize(order.Result());
  }
}
BENCHMARK(Order)->DenseThreadRange(1, 4)->UseRealTime();

void Ask(benchmark::State& state) {
  static SampleOrder* const order = [] {
    auto* made = new SampleOrder([] {});
    made->Complete(141);
    return made;
  }();
  for (auto _ : state) benchmark::DoNotOptimize(order->Result());
}
BENCHMARK(Ask)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
