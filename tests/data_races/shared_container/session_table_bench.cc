// The cost of a look-up, and of a login and logout, with one to four threads that use the same table of a thousand
// sessions.

#include <session_table.h>

#include "benchmark/benchmark.h"

namespace {

constexpr int kSessions = 1000;

SessionTable& Shared() {
  static SessionTable table(2 * kSessions);
  static const bool filled = [] {
    for (int user = 0; user < kSessions; ++user) table.Open(user);
    return true;
  }();
  benchmark::DoNotOptimize(filled);
  return table;
}

void LookUp(benchmark::State& state) {
  int user = state.thread_index() * (kSessions / 4);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Shared().TicketOf(user));
    user = (user + 1) % kSessions;
  }
}
BENCHMARK(LookUp)->DenseThreadRange(1, 4)->UseRealTime();

void LogInAndOut(benchmark::State& state) {
  const int user = kSessions + state.thread_index();
  for (auto _ : state) {
    benchmark::DoNotOptimize(Shared().Open(user));
    Shared().Close(user);
  }
}
BENCHMARK(LogInAndOut)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
