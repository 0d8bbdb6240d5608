// What it costs to make a job, say that it is ready and wait for it, on one thread: nobody sleeps. And what it costs to
// pass the word to another thread and to get one back: everybody does.

#include <job_ready.h>

#include <deque>
#include <thread>

#include "benchmark/benchmark.h"

namespace {

void ReadyBeforeTheWait(benchmark::State& state) {
  for (auto _ : state) {
    JobReady job;
    job.MarkReady();
    job.Wait();
  }
}
BENCHMARK(ReadyBeforeTheWait)->DenseThreadRange(1, 4)->UseRealTime();

void ThereAndBack(benchmark::State& state) {
  constexpr int kTrips = 10'000;
  for (auto _ : state) {
    std::deque<JobReady> there(kTrips), back(kTrips);
    std::thread other([&] {
      for (int i = 0; i < kTrips; ++i) {
        there[i].Wait();
        back[i].MarkReady();
      }
    });
    for (int i = 0; i < kTrips; ++i) {
      there[i].MarkReady();
      back[i].Wait();
    }
    other.join();
  }
  state.SetItemsProcessed(state.iterations() * kTrips);
}
BENCHMARK(ThereAndBack)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
