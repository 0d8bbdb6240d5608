// A crawler with four workers. It visits a site every night, and fetches each of its pages once.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include <work_stack.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kNights = 12;
constexpr int kWorkers = 4;
constexpr int kPages = 20'000;

// Fetches all pages of the site; returns how often each of them was fetched.
std::vector<int> Crawl() {
  WorkStack stack;
  for (int page = 0; page < kPages; ++page) stack.Push(page);

  std::vector<std::atomic<int>> fetched(kPages);
  std::vector<std::thread> workers;
  for (int worker = 0; worker < kWorkers; ++worker) {
    workers.emplace_back([&] {
      while (const auto page = stack.TakeNext()) ++fetched[*page];
    });
  }
  for (std::thread& worker : workers) worker.join();
  return {fetched.begin(), fetched.end()};
}

}  // namespace

int main() {
  for (int night = 1; night <= kNights; ++night) {
    const std::vector<int> fetched = Crawl();
    const auto never = std::count(fetched.begin(), fetched.end(), 0);
    const auto once = std::count(fetched.begin(), fetched.end(), 1);
    if (once != kPages) {
      std::printf("night %d: %d pages, %d never fetched, %d fetched more than once\n", night, kPages,
                  static_cast<int>(never), static_cast<int>(kPages - never - once));
      return 1;
    }
  }
  std::printf("%d nights: %d pages, each fetched once a night\n", kNights, kPages);
  return 0;
}
