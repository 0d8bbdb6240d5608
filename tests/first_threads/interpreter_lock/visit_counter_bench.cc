// The cost of answering and counting one request, with one to four guest threads on one interpreter.

#include <visit_counter.h>

#include "benchmark/benchmark.h"

namespace {

Interpreter& Shared() {
  static Interpreter interpreter;
  return interpreter;
}

void ServeRequest(benchmark::State& state) {
  Shared().Run(VisitCounter::Serve(), [&] { return state.KeepRunning(); });
}
BENCHMARK(ServeRequest)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
