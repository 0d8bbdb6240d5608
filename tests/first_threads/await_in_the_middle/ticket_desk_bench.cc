// The cost of selling 1 and 32 seats to as many customers at once, if the bank answers in the next turn of the loop.

#include <ticket_desk.h>

#include <deque>
#include <optional>
#include <string_view>

#include "benchmark/benchmark.h"

namespace {

Task<bool> AskBank(EventLoop& loop) {
  co_await loop.NextTurn();
  co_return true;
}

void Sell(benchmark::State& state, int customers) {
  for (auto _ : state) {
    EventLoop loop;
    TicketDesk desk(loop, customers, [&loop](std::string_view) { return AskBank(loop); });
    std::deque<Task<std::optional<int>>> calls;
    for (int i = 0; i < customers; ++i) {
      calls.push_back(desk.Sell("Ann"));
      loop.Start(calls.back());
    }
    loop.Run();
  }
}

void SellToOne(benchmark::State& state) { Sell(state, 1); }
BENCHMARK(SellToOne)->UseRealTime();

void SellToThirtyTwo(benchmark::State& state) { Sell(state, 32); }
BENCHMARK(SellToThirtyTwo)->UseRealTime();

}  // namespace
