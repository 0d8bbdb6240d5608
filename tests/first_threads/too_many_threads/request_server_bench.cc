// The cost of accepting and answering a request, one after the other, and when four come at once.

#include <request_server.h>

#include <string>

#include "absl/synchronization/blocking_counter.h"
#include "benchmark/benchmark.h"

namespace {

std::string Answer(int request) { return "page " + std::to_string(request); }

void Serve(benchmark::State& state, int at_once) {
  RequestServer server(Answer, 4);
  for (auto _ : state) {
    absl::BlockingCounter answers(at_once);
    for (int request = 0; request < at_once; ++request) {
      server.Accept(request, [&](const std::string&) { answers.DecrementCount(); });
    }
    answers.Wait();
  }
}

void OneRequest(benchmark::State& state) { Serve(state, 1); }
BENCHMARK(OneRequest)->UseRealTime();

void FourRequestsAtOnce(benchmark::State& state) { Serve(state, 4); }
BENCHMARK(FourRequestsAtOnce)->UseRealTime();

}  // namespace
