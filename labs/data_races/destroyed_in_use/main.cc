// A telephone exchange, and the thread that serves a booth. Anna speaks for one unit and hangs up; Ben, who is next,
// hangs up before the next pulse. Anna's line is a long one.

#include <atomic>
#include <cstdio>
#include <optional>
#include <thread>

#include <exchange.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kTimes = 20;
constexpr int kLongLine = 200;

void Await(const std::atomic<int>& event, int time) {
  while (event < time) std::this_thread::yield();
}

}  // namespace

int main() {
  Exchange exchange;
  std::atomic<int> due = 0, on_the_line = 0, bens_turn = 0, over = 0;  // How often each has happened.
  Booth ben{.signal = [] {}};
  Booth anna{.signal = [&] {
    ++on_the_line;
    for (int i = 0; i < kLongLine && bens_turn < on_the_line; ++i) std::this_thread::yield();
  }};

  std::thread clock([&] {
    for (int time = 1; time <= kTimes; ++time) {
      Await(due, time);
      exchange.Pulse();
      ++over;
    }
  });
  std::optional<Call> call;
  for (int time = 1; time <= kTimes; ++time) {
    call.emplace(anna);
    exchange.Connect(*call);
    ++due;
    Await(on_the_line, time);
    exchange.Disconnect(*call);
    call.emplace(ben);
    ++bens_turn;
    Await(over, time);
    exchange.Connect(*call);
    exchange.Disconnect(*call);
  }
  clock.join();
  call.reset();

  std::printf("Anna has called %d times, for one unit each:   %2d units are on her bill\n", kTimes, anna.bill);
  std::printf("Ben has called %d times, and never heard a pulse: %2d units are on his\n", kTimes, ben.bill);
  return anna.bill == kTimes && ben.bill == 0 ? 0 : 1;
}
