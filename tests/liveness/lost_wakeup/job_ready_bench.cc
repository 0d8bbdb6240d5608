// The cost of creating a job, marking it ready and waiting for it, on one thread, which never sleeps; and the cost of
// signalling another thread and getting a signal back, for which both threads sleep.

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
