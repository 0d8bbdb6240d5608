// The cost of a lookup in a warm cache, with one to four threads that look up prices.

#include <price_cache.h>

#include "benchmark/benchmark.h"

namespace {

constexpr int kArticles = 1 << 12;

PriceCache& Warm() {
  static PriceCache* const cache = [] {
    auto* made = new PriceCache(kArticles, [](int article) { return article; });
    made->WarmUp();
    return made;
  }();
  return *cache;
}

void LookUp(benchmark::State& state) {
  PriceCache& cache = Warm();
  int article = state.thread_index();
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache.Price(article));
    article = (article + 7) % kArticles;
  }
}
BENCHMARK(LookUp)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
