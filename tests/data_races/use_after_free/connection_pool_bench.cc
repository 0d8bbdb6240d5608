// The cost of borrowing a connection, asking one question and returning it, with one to four threads that borrow the
// same one.

#include <connection_pool.h>

#include <string>

#include "benchmark/benchmark.h"

namespace {

ConnectionPool& Shared() {
  static ConnectionPool pool(1);
  return pool;
}

void BorrowAndAsk(benchmark::State& state) {
  const std::string question = "?";
  for (auto _ : state) benchmark::DoNotOptimize(Shared().Lend(0)->Ask(question));
}
BENCHMARK(BorrowAndAsk)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
