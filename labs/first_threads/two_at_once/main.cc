// Shows what running two functions at once gains, and how it can go wrong: starts two, reads their log while they run,
// waits for both, and reads the log again.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <progress_log.h>  // In angle brackets: the include path decides which variant of it is built.
#include "labs/first_threads/two_at_once/side_by_side.h"

namespace {

constexpr int kSteps = 200'000;
constexpr std::size_t kAppended = 2 * kSteps;
constexpr int kStarts = 4;  // On a busy machine, the two sometimes do not meet.

// Loads the accounts.
void Func1(ProgressLog& log) {
  for (int step = 1; step <= kSteps; ++step) log.Append("func1", step);
}

// Loads the prices.
void Func2(ProgressLog& log) {
  for (int step = 1; step <= kSteps; ++step) log.Append("func2", step);
}

// The number of lines in the log that are not empty.
std::size_t Count(const ProgressLog& log) {
  const std::vector<std::string> lines = log.Lines();
  return lines.size() - std::count(lines.begin(), lines.end(), "");
}

struct Counts {
  std::size_t while_they_ran, after_the_join;
};

Counts StartUp() {
  ProgressLog log(kAppended);
  std::thread thread1(Func1, std::ref(log));
  std::thread thread2(Func2, std::ref(log));
  const std::size_t before = Count(log);
  thread1.join();
  thread2.join();
  return {before, Count(log)};
}

}  // namespace

int main() {
  side_by_side::PrintTable();

  Counts counts = {};
  for (int i = 0; i < kStarts; ++i) {
    counts = StartUp();
    if (counts.after_the_join != kAppended) break;
  }
  std::printf("func1 and func2 appended %d lines each\n", kSteps);
  std::printf("read while they ran: %zu lines\n", counts.while_they_ran);
  std::printf("read after the join: %zu lines, missing: %zu\n", counts.after_the_join,
              kAppended - counts.after_the_join);
  return counts.after_the_join == kAppended ? 0 : 1;
}
