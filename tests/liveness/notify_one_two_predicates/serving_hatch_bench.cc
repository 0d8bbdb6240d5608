// The cost of passing one plate through: with no other thread, and from several cooks to as many waiters, with room for
// one plate or for sixteen.

#include <serving_hatch.h>

#include <thread>
#include <vector>

#include "benchmark/benchmark.h"

namespace {

void PutAndTakeOnOneThread(benchmark::State& state) {
  ServingHatch hatch(1);
  for (auto _ : state) {
    hatch.Put(1);
    benchmark::DoNotOptimize(hatch.Take());
  }
}
BENCHMARK(PutAndTakeOnOneThread);

void PassThrough(benchmark::State& state) {
  constexpr int kPlatesEach = 2'000;
  const int cooks = static_cast<int>(state.range(0));
  for (auto _ : state) {
    ServingHatch hatch(state.range(1));
    std::vector<std::thread> staff;
    for (int i = 0; i < cooks; ++i) {
      staff.emplace_back([&] {
        for (int plate = 0; plate < kPlatesEach; ++plate) hatch.Put(plate);
      });
      staff.emplace_back([&] {
        for (int plate = 0; plate < kPlatesEach; ++plate) benchmark::DoNotOptimize(hatch.Take());
      });
    }
    for (std::thread& member : staff) member.join();
  }
  state.SetItemsProcessed(state.iterations() * cooks * kPlatesEach);
}
BENCHMARK(PassThrough)->ArgsProduct({{1, 4, 16}, {1, 16}})->ArgNames({"cooks", "room"})->UseRealTime();

}  // namespace
