// What it gains to run two functions at once, and what can go wrong: starts two, looks at their log while they run, waits
// for both, and looks again.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "labs/first_threads/two_at_once/side_by_side.h"
#include <progress_log.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kSteps = 200'000;

// Loads the accounts.
void Func1(ProgressLog& log) {
  for (int step = 1; step <= kSteps; ++step) log.Append("func1", step);
}

// Loads the prices.
void Func2(ProgressLog& log) {
  for (int step = 1; step <= kSteps; ++step) log.Append("func2", step);
}

// The lines in the log that say something.
std::size_t Count(const ProgressLog& log) {
  const std::vector<std::string> lines = log.Lines();
  return lines.size() - std::count(lines.begin(), lines.end(), "");
}

}  // namespace

int main() {
  side_by_side::PrintTable();

  constexpr std::size_t kAppended = 2 * kSteps;
  ProgressLog log(kAppended);

  std::thread thread1(Func1, std::ref(log));
  std::thread thread2(Func2, std::ref(log));
  const std::size_t before = Count(log);
  thread1.join();
  thread2.join();
  const std::size_t after = Count(log);

  std::printf("func1 and func2 appended %d lines each\n", kSteps);
  std::printf("read while they ran: %zu lines\n", before);
  std::printf("read after the join: %zu lines, %zu are missing\n", after, kAppended - after);
  return after == kAppended ? 0 : 1;
}
