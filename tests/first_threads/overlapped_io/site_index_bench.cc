// The cost of building an index apart from waiting: the pages are there at once.

#include <site_index.h>

#include <string>

#include "benchmark/benchmark.h"

namespace {

class QuickWire : public Wire {
 public:
  std::string Fetch(int) override { return "four words a page"; }
};

void BuildOfEightPages(benchmark::State& state) {
  QuickWire wire;
  SiteIndex index(wire);
  for (auto _ : state) benchmark::DoNotOptimize(index.Build(8));
}
BENCHMARK(BuildOfEightPages)->UseRealTime();

}  // namespace
