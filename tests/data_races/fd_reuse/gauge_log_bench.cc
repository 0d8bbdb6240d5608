// The cost of writing down a reading that is there at once, with one to four threads and one log. The file is
// /dev/null, which takes everything and keeps nothing.

#include <fcntl.h>
#include <gauge_log.h>

#include <string>

#include "benchmark/benchmark.h"

namespace {

GaugeLog& Shared() {
  static GaugeLog log([] { return open("/dev/null", O_WRONLY | O_CLOEXEC); });
  return log;
}

void Record(benchmark::State& state) {
  const std::string reading = "1.25 m";
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Record([&] { return reading; }));
}
BENCHMARK(Record)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
