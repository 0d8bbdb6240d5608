// A server with four workers, and a dashboard that shows how many requests the server answers each day of a week.

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <hit_counter.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 7;
constexpr int kWorkers = 4;
constexpr int kRequestsPerWorker = 100'000;

// The server's work: makes the answer to one request.
std::string Answer(int request) { return "HTTP/1.1 200 OK\r\n\r\npage " + std::to_string(request % 7); }

// Answers a day's requests; returns how many the dashboard shows.
long long ServeForADay() {
  HitCounter hits;
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&hits] {
      for (int request = 0; request < kRequestsPerWorker; ++request) {
        if (!Answer(request).empty()) hits.Record();
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return hits.Total();
}

}  // namespace

int main() {
  constexpr int kAnswered = kWorkers * kRequestsPerWorker;
  for (int day = 1; day <= kDays; ++day) {
    const long long counted = ServeForADay();
    if (counted != kAnswered) {
      std::printf("day %d: answered %d, counted %lld\n", day, kAnswered, counted);
      return 1;
    }
  }
  std::printf("%d days: answered and counted %d on each\n", kDays, kAnswered);
  return 0;
}
