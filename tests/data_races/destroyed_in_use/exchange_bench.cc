// The cost of a call that ends at once, with one to four threads that serve booths; and the cost of a pulse to eight
// calls on quick lines, with one to four exchanges.

#include <exchange.h>

#include <deque>

#include "benchmark/benchmark.h"

namespace {

void ConnectAndDisconnect(benchmark::State& state) {
  static Exchange exchange;
  Booth booth{.signal = [] {}};
  for (auto _ : state) {
    Call call(booth);
    exchange.Connect(call);
    exchange.Disconnect(call);
  }
}
BENCHMARK(ConnectAndDisconnect)->DenseThreadRange(1, 4)->UseRealTime();

void PulseToEight(benchmark::State& state) {
  Exchange exchange;
  Booth booth{.signal = [] {}};
  std::deque<Call> calls;
  for (int i = 0; i < 8; ++i) exchange.Connect(calls.emplace_back(booth));
  for (auto _ : state) exchange.Pulse();
  for (Call& call : calls) exchange.Disconnect(call);
}
BENCHMARK(PulseToEight)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
