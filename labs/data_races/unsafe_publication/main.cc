// A tram stop at eleven o'clock at night, when the office sends tomorrow's timetable. Until midnight there is a tram
// every ten minutes, today and tomorrow. A display at the stop asks when the next one comes.

#include <atomic>
#include <cstdio>
#include <optional>
#include <string>
#include <thread>

#include <tram_stop.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kNights = 20;
constexpr int kEleven = 23 * 60;
constexpr int kFirst = 5 * 60;

// Loads a timetable from the lines of a file: every ten minutes, "5:00", "5:10", ...
void LoadFile(TramStop& stop) {
  int line = 0;
  stop.Load([&]() -> std::optional<int> {
    const int time = kFirst + 10 * line++;
    if (time >= TramStop::kDay) return std::nullopt;
    std::string text;
    for (int column = 0; column < 500; ++column) text += std::to_string(time) + ";";
    return std::stoi(text);
  });
}

}  // namespace

int main() {
  TramStop stop;
  LoadFile(stop);
  int asked = 0, none = 0;
  for (int night = 0; night < kNights; ++night) {
    std::atomic<bool> loading = true;
    std::thread office([&] {
      LoadFile(stop);
      loading = false;
    });
    while (loading) {
      ++asked;
      if (!stop.NextFrom(kEleven)) ++none;
    }
    office.join();
  }
  std::printf("at eleven, the display asked %d times when the next tram comes\n", asked);
  std::printf("it showed \"no tram until tomorrow\" %d times\n", none);
  return none == 0 ? 0 : 1;
}
