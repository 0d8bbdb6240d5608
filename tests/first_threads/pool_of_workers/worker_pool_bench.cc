// What it costs to have an empty task carried out and to wait for it, one at a time; and a task that has another one
// carried out, where there are workers enough for both.

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
