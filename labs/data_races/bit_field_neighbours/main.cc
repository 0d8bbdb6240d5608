// A boiler's burner goes on and off all day, while its water gauge reports low water and enough water in turn. After
// each report, the gauge looks at its lamp on the panel: does it show what was reported?

#include <atomic>
#include <cstdio>
#include <thread>

#include <boiler_status.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

// Only a report that one of the burner crosses can be missed. On a busy machine the two threads seldom run at the same
// time, and few are crossed; so those are counted. The limit on all reports is for a machine with a single processor.
constexpr int kCrossed = 200'000;
constexpr int kReports = 50'000'000;

// The number of the first report that the lamp does not show; 0 if it shows all of them.
int FirstMissed(BoilerStatus& boiler, const std::atomic<int>& reports_of_burner) {
  int crossed = 0;
  int last_seen = 0;
  for (int report = 1; report <= kReports && crossed < kCrossed; ++report) {
    const bool low = report % 2 == 1;
    boiler.SetLowWater(low);
    if (boiler.LowWater() != low) return report;
    const int now = reports_of_burner;
    if (now != last_seen) ++crossed;
    last_seen = now;
  }
  return 0;
}

}  // namespace

int main() {
  BoilerStatus boiler;
  std::atomic<bool> evening = false;
  std::atomic<int> reports_of_burner = 0;
  std::thread burner([&] {
    for (bool lit = true; !evening; lit = !lit) {
      boiler.SetBurner(lit);
      ++reports_of_burner;
    }
  });
  const int missed = FirstMissed(boiler, reports_of_burner);
  evening = true;
  burner.join();

  if (missed == 0) {
    std::printf("the lamp has shown each report of the water gauge\n");
    return 0;
  }
  std::printf("report %d of the water gauge: the water is %s, and the lamp is %s\n", missed,
              missed % 2 == 1 ? "low" : "not low", missed % 2 == 1 ? "off" : "on");
  return 1;
}
