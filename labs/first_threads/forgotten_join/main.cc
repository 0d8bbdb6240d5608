// A shop prints its report on the year: a cover, and then a line for each month.

#include <cstdint>
#include <cstdio>
#include <latch>
#include <string>
#include <vector>

#include <report_builder.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kMonths = 12;
constexpr int kSales = 60'000'000;  // In each month.

// Goes through the books of a month; returns the takings in euros.
int Revenue(int month) {
  std::uint32_t sale = month;
  std::int64_t cents = 0;
  for (int i = 0; i < kSales; ++i) {
    sale = sale * 1664525 + 1013904223;
    cents += sale >> 22;
  }
  return static_cast<int>(cents / 100);
}

}  // namespace

int main() {
  std::latch opened(1);  // Whether the books have been opened.
  ReportBuilder builder(kMonths, [&opened](int month) {
    if (month == 1) opened.count_down();
    return Revenue(month);
  });
  opened.wait();  // So that there is a year to print a cover for.
  std::printf("THE YEAR IN %d MONTHS\n", kMonths);
  const std::vector<std::string> lines = builder.Lines();
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  const auto reported = static_cast<int>(lines.size());
  std::printf("(%d months reported, %d are missing)\n", reported, kMonths - reported);
  return reported == kMonths ? 0 : 1;
}
