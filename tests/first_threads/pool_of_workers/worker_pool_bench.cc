// The cost of having an empty task carried out and waiting for it, one at a time; and the cost of a task that has
// another one carried out, with enough workers for both.

#include <worker_pool.h>

#include "benchmark/benchmark.h"

namespace {

void OneTask(benchmark::State& state) {
  WorkerPool pool(2);
  for (auto _ : state) pool.Submit([] {}).get();
}
BENCHMARK(OneTask)->UseRealTime();

void TaskAndSubtask(benchmark::State& state) {
  WorkerPool pool(2);
  for (auto _ : state) pool.Submit([&] { pool.Submit([] {}).get(); }).get();
}
BENCHMARK(TaskAndSubtask)->UseRealTime();

}  // namespace
