// A server with four workers, and a dashboard that shows how many requests it has answered.

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <hit_counter.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kWorkers = 4;
constexpr int kRequestsPerWorker = 100'000;

// What the server is there for: the answer to one request.
std::string Answer(int request) { return "HTTP/1.1 200 OK\r\n\r\npage " + std::to_string(request % 7); }

}  // namespace

int main() {
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

  constexpr int kAnswered = kWorkers * kRequestsPerWorker;
  std::printf("answered %d, counted %lld\n", kAnswered, static_cast<long long>(hits.Total()));
  return hits.Total() == kAnswered ? 0 : 1;
}
