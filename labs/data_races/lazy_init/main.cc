// A ferry makes 20 crossings. On each, the bridge and the car deck have something to write when it casts off; the
// harbour office takes its time to answer, so both have taken up their pens by then. In the evening, the inspector is
// shown the first logbook that the archive has for each crossing.

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

#include <crossing.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kCrossings = 20;

}  // namespace

int main() {
  std::atomic<int> pens_taken_up = 0;
  Archive archive([&](int) {
    while (pens_taken_up < 2) std::this_thread::yield();
  });
  int logbooks = 0;
  int shown = 0;
  for (int number = 1; number <= kCrossings; ++number) {
    pens_taken_up = 0;
    Crossing crossing(number, archive);
    const auto write = [&](const std::string& line) {
      ++pens_taken_up;
      crossing.Log().Write(line);
    };
    std::thread bridge(write, "cast off");
    std::thread car_deck(write, "ramp up, 42 cars");
    bridge.join();
    car_deck.join();
    logbooks += archive.Of(number).size();
    shown += archive.Of(number).front()->Entries().size();
  }
  std::printf("%d crossings, %d logbooks\n", kCrossings, logbooks);
  std::printf("the inspector is shown %d of %d entries\n", shown, 2 * kCrossings);
  return logbooks == kCrossings && shown == 2 * kCrossings ? 0 : 1;
}
