// The cost of a shift that ends at once, and of offering a customer to a cab that does not take him, with one to four
// threads that use the same radio.

#include <cab.h>

#include <memory>
#include <set>

#include "benchmark/benchmark.h"

namespace {

void Shift(benchmark::State& state) {
  static TaxiRadio radio;
  for (auto _ : state) StartShift(radio, [] { return std::set<int>{13}; });
}
BENCHMARK(Shift)->DenseThreadRange(1, 4)->UseRealTime();

void Offer(benchmark::State& state) {
  static TaxiRadio radio;
  static const std::unique_ptr<Cab> cab = StartShift(radio, [] { return std::set<int>{13}; });
  for (auto _ : state) benchmark::DoNotOptimize(radio.Offer(13));
}
BENCHMARK(Offer)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
