// A weather station in a week of drizzle: its rain gauge is polled each full hour. At seven in the morning, the gauge
// is closed, which makes the day's last reading, and opened again for the new day.

#include <atomic>
#include <cstdio>
#include <vector>

#include <sensor.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 7;
constexpr int kHours = 24;
constexpr int kTips = 3;     // In each hour.
constexpr double kMm = 0.6;  // So much rain is that.

}  // namespace

int main() {
  int wrong = 0;
  for (int day = 0; day < kDays; ++day) {
    std::vector<double> readings;
    std::atomic<int> logged = 0;
    {
      RainGauge gauge([] { return kTips; },
                      [&](double mm) {
                        readings.push_back(mm);
                        ++logged;
                        logged.notify_one();
                      });
      for (int hour = 1; hour < kHours; ++hour) {
        gauge.Poll();
        logged.wait(hour - 1);
      }
    }
    for (const double mm : readings) wrong += mm > kMm - 0.01 && mm < kMm + 0.01 ? 0 : 1;
    std::printf("day %d: 08:00 %.1f mm, 09:00 %.1f mm ... 06:00 %.1f mm, 07:00 %.1f mm\n", day + 1, readings.front(),
                readings[1], readings[kHours - 2], readings.back());
  }
  std::printf("%d tips of the bucket in each hour, which is %.1f mm; %d hours were different\n", kTips, kMm, wrong);
  return wrong == 0 ? 0 : 1;
}
