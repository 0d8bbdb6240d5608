// The cost of storing an order on 2 and on 16 replicas that answer at once: that of the threads, and of the data they
// share.

#include <replica_set.h>

#include "benchmark/benchmark.h"

namespace {

void Store(benchmark::State& state, int replicas) {
  const ReplicaSet set(replicas, [](int, const Order&) { return Status::kOk; });
  for (auto _ : state) benchmark::DoNotOptimize(set.Store({"pear", 3}));
}

void StoreOnTwo(benchmark::State& state) { Store(state, 2); }
BENCHMARK(StoreOnTwo)->UseRealTime();

void StoreOnSixteen(benchmark::State& state) { Store(state, 16); }
BENCHMARK(StoreOnSixteen)->UseRealTime();

}  // namespace
