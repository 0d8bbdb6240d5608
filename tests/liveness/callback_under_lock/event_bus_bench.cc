// The cost of publishing an event to one, eight and sixty-four subscribers, with one to four publishing threads.

#include <event_bus.h>

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "benchmark/benchmark.h"

namespace {

std::atomic<int> g_lamps = 0;

// The bus with this many subscribers, each with some state, as callbacks have.
EventBus& Shared(int subscribers) {
  static std::mutex mutex;
  static std::map<int, std::unique_ptr<EventBus>> buses;
  std::lock_guard lock(mutex);
  std::unique_ptr<EventBus>& bus = buses[subscribers];
  if (bus == nullptr) {
    bus = std::make_unique<EventBus>();
    for (int i = 0; i < subscribers; ++i) {
      bus->Subscribe([room = std::array<int, 8>{i}](const std::string& event) {
        if (event.size() == 5) g_lamps.store(room[0], std::memory_order_relaxed);
      });
    }
  }
  return *bus;
}

void Publish(benchmark::State& state) {
  EventBus& bus = Shared(static_cast<int>(state.range(0)));
  const std::string event = "bell";
  for (auto _ : state) bus.Publish(event);
}
BENCHMARK(Publish)->Arg(1)->Arg(8)->Arg(64)->ArgName("subscribers")->ThreadRange(1, 4)->UseRealTime();

}  // namespace
