// A model ship in a wave tank. It rolls further with every wave: first to port, which the gauge counts below zero, then
// back and equally far to starboard. The screen shows the range again and again.

#include <atomic>
#include <cstdio>
#include <thread>

#include <range_gauge.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kWaves = 5'000'000;

}  // namespace

int main() {
  RangeGauge gauge(0);
  std::atomic<int> wave = 0;
  std::atomic<bool> stop = false;
  std::thread tank([&] {
    while (wave < kWaves && !stop) {
      const int roll = ++wave;  // In millionths of a degree.
      gauge.Record(-roll);
      gauge.Record(roll);
    }
  });

  RangeGauge::Range shown = gauge.Read();
  while (shown.highest <= -shown.lowest && wave < kWaves) shown = gauge.Read();
  stop = true;
  tank.join();

  if (shown.highest > -shown.lowest) {
    std::printf("the screen shows %d to port, %d to starboard\n", -shown.lowest, shown.highest);
    return 1;
  }
  std::printf("%d waves: never further to starboard than to port\n", kWaves);
  return 0;
}
