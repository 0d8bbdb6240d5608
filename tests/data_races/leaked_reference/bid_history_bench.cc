// The cost of looking through a list of 10, 100 and 1000 bids, with one to four threads; and the cost of a bid.

#include <bid_history.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <vector>

#include "benchmark/benchmark.h"

namespace {

// The history of an auction with this many bids.
const BidHistory& Shared(int bids) {
  static std::mutex mutex;
  static std::map<int, std::unique_ptr<BidHistory>> histories;
  std::lock_guard lock(mutex);
  std::unique_ptr<BidHistory>& history = histories[bids];
  if (history == nullptr) {
    history = std::make_unique<BidHistory>();
    for (int bid = 1; bid <= bids; ++bid) history->Place(bid);
  }
  return *history;
}

void AddUpBids(benchmark::State& state) {
  const BidHistory& history = Shared(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    const auto& bids = history.Bids();
    benchmark::DoNotOptimize(std::accumulate(bids.begin(), bids.end(), std::int64_t{0}));
  }
}
BENCHMARK(AddUpBids)->Arg(10)->Arg(100)->Arg(1000)->ArgName("bids")->ThreadRange(1, 4)->UseRealTime();

void RefuseBid(benchmark::State& state) {
  static BidHistory history;
  history.Place(1);
  for (auto _ : state) benchmark::DoNotOptimize(history.Place(1));
}
BENCHMARK(RefuseBid)->ThreadRange(1, 4)->UseRealTime();

}  // namespace
