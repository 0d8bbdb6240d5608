// The cost of requesting the device and giving it back, with one to four threads that want it.

#include <device_gate.h>

#include "benchmark/benchmark.h"

namespace {

DeviceGate& Shared() {
  static DeviceGate gate;
  return gate;
}

void TryBeginAndEnd(benchmark::State& state) {
  for (auto _ : state) {
    if (Shared().TryBegin()) Shared().End();
  }
}
BENCHMARK(TryBeginAndEnd)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
