// Shows what running two functions at once gains, and how it can go wrong: a program that loads accounts and prices at
// once, and whose flight recorder is read while they are loaded, and again when both have been.

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <flight_recorder.h>  // In angle brackets: the include path decides which variant of it is built.
#include "labs/first_threads/two_at_once/side_by_side.h"

namespace {

constexpr int kSteps = 200'000;
constexpr std::size_t kRecorded = 2 * kSteps;
constexpr int kStarts = 10;  // On a busy machine, the two sometimes do not meet.

// Loads the accounts.
void LoadAccounts(FlightRecorder& recorder) {
  for (int step = 1; step <= kSteps; ++step) recorder.Record("LoadAccounts", step);
}

// Loads the prices.
void LoadPrices(FlightRecorder& recorder) {
  for (int step = 1; step <= kSteps; ++step) recorder.Record("LoadPrices", step);
}

// The number of entries in the recorder that are not empty.
std::size_t Count(const FlightRecorder& recorder) {
  const std::vector<std::string> entries = recorder.Entries();
  return entries.size() - std::count(entries.begin(), entries.end(), "");
}

struct Counts {
  std::size_t while_they_ran, after_the_join;
};

Counts StartUp() {
  FlightRecorder recorder(kRecorded);
  std::thread thread1(LoadAccounts, std::ref(recorder));
  std::thread thread2(LoadPrices, std::ref(recorder));
  const std::size_t before = Count(recorder);
  thread1.join();
  thread2.join();
  return {before, Count(recorder)};
}

}  // namespace

int main() {
  side_by_side::PrintTable();

  Counts counts = {};
  for (int i = 0; i < kStarts; ++i) {
    counts = StartUp();
    if (counts.after_the_join != kRecorded) break;
  }
  std::printf("LoadAccounts and LoadPrices recorded %d entries each\n", kSteps);
  std::printf("read while they ran: %zu entries\n", counts.while_they_ran);
  std::printf("read after the join: %zu entries, missing: %zu\n", counts.after_the_join,
              kRecorded - counts.after_the_join);
  return counts.after_the_join == kRecorded ? 0 : 1;
}
