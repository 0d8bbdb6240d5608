// The cost of checking links apart from waiting: the answers are there at once.

#include <link_checker.h>

#include "benchmark/benchmark.h"

namespace {

class QuickWire : public Wire {
 public:
  bool IsAlive(int link) override { return link % 250 != 7; }
};

void TenThousandLinksOverEightConnections(benchmark::State& state) {
  QuickWire wire;
  LinkChecker checker(wire, 8);
  for (auto _ : state) benchmark::DoNotOptimize(checker.DeadLinks(10'000));
}
BENCHMARK(TenThousandLinksOverEightConnections)->UseRealTime();

}  // namespace
