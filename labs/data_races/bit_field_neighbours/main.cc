// A boiler's burner goes on and off all day, while its water gauge reports low water and enough water in turn. After
// each report, the gauge looks at its lamp on the panel: does it show what was reported?

#include <atomic>
#include <cstdio>
#include <thread>

#include <boiler_status.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kReports = 50'000'000;

// The number of the first report that the lamp does not show; 0 if it shows all of them.
int FirstMissed(BoilerStatus& boiler) {
  for (int report = 1; report <= kReports; ++report) {
    const bool low = report % 2 == 1;
    boiler.SetLowWater(low);
    if (boiler.LowWater() != low) return report;
  }
  return 0;
}

}  // namespace

int main() {
  BoilerStatus boiler;
  std::atomic<bool> evening = false;
  std::thread burner([&] {
    for (bool lit = true; !evening; lit = !lit) boiler.SetBurner(lit);
  });
  const int missed = FirstMissed(boiler);
  evening = true;
  burner.join();

  if (missed == 0) {
    std::printf("the lamp has shown each of %d reports of the water gauge\n", kReports);
    return 0;
  }
  std::printf("report %d of the water gauge: the water is %s, and the lamp is %s\n", missed,
              missed % 2 == 1 ? "low" : "not low", missed % 2 == 1 ? "off" : "on");
  return 1;
}
