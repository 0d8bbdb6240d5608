// A web server written in a guest language, on an interpreter with one lock: two guest threads answer requests.

#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <visit_counter.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 20;
constexpr int kGuestThreads = 2;
constexpr int kRequests = 50'000;  // To each thread, each day.

// Answers a day's requests; returns the guest's own count of them.
std::int64_t ServeForADay() {
  Interpreter interpreter;
  std::vector<std::thread> guests;
  for (int guest = 0; guest < kGuestThreads; ++guest) {
    guests.emplace_back([&interpreter] {
      int left = kRequests;
      interpreter.Run(VisitCounter::Serve(), [&left] { return left-- > 0; });
    });
  }
  for (std::thread& guest : guests) guest.join();
  return interpreter.Run(VisitCounter::Total(), [] { return false; });
}

}  // namespace

int main() {
  constexpr int kAnswered = kGuestThreads * kRequests;
  for (int day = 1; day <= kDays; ++day) {
    const std::int64_t counted = ServeForADay();
    if (counted != kAnswered) {
      std::printf("day %d: answered %d requests, visits = %lld\n", day, kAnswered, static_cast<long long>(counted));
      return 1;
    }
  }
  std::printf("%d days: answered %d requests, visits = %d, each day\n", kDays, kAnswered, kAnswered);
  return 0;
}
