// How fast ThreadSanitizer's reports are read: MB/s and peak memory for 100 MB of log, in which the reports of a file
// repeat, with foreign text between them.
//
//   report_speed FILE [PERCENT] [MEGABYTES]     PERCENT: the share of the reports in the log (default: 1, 10, 50, 100)

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "sanitizers/report/report.h"
#include "sanitizers/report/report_reader.h"

namespace {

constexpr size_t kPiece = size_t{1} << 16;  // as a pipe delivers it
constexpr size_t kMegabyte = size_t{1} << 20;

// A few megabytes of which `percent` are reports.
std::string Log(std::string_view reports, int percent) {
  std::string log;
  size_t printed = 0;
  for (int line = 0; log.size() < 4 * kMegabyte; ++line) {
    if (printed * 100 < log.size() * static_cast<size_t>(percent)) {
      log += reports;
      printed += reports.size();
    } else {
      log += "[ RUN      ] Suite.Test" + std::to_string(line) + ": 30 % done, nothing to see in this line of a log\n";
    }
  }
  return log;
}

void Measure(std::string_view log, int percent, size_t megabytes, bool in_full) {
  std::map<std::uint64_t, size_t> counts;  // of equal reports
  size_t reports = 0;
  const auto on_event = [&](const racelab::ReportEvent& event) {
    if (const auto* report = std::get_if<racelab::Report>(&event)) {
      ++counts[racelab::Signature(*report)];
      ++reports;
    }
  };
  const auto on_repeat = [&](const racelab::RepeatedReport& repeated) {
    ++counts[repeated.signature];
    ++reports;
  };
  racelab::ReportReader reader = in_full ? racelab::ReportReader(on_event) : racelab::ReportReader(on_event, on_repeat);
  const auto begin = std::chrono::steady_clock::now();
  size_t read = 0;
  while (read < megabytes * kMegabyte) {
    for (std::string_view rest = log; !rest.empty(); rest.remove_prefix(std::min(kPiece, rest.size()))) {
      reader.Feed(rest.substr(0, kPiece));
    }
    read += log.size();
  }
  reader.Finish();
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%3d %% reports, %s: %6.0f MB/s, %zu reports, %zu different, peak memory %ld MB\n", percent,
              in_full ? "each parsed in full" : "repeats counted    ",
              static_cast<double>(read) / kMegabyte / time.count(), reports, counts.size(), usage.ru_maxrss / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: report_speed FILE [PERCENT] [MEGABYTES]\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  const std::string reports(std::istreambuf_iterator<char>(file), {});
  const size_t megabytes = argc > 3 ? static_cast<size_t>(std::atoi(argv[3])) : 100;
  for (const int percent : {1, 10, 50, 100}) {
    if (argc > 2 && std::atoi(argv[2]) != percent) continue;
    for (const bool in_full : {false, true}) Measure(Log(reports, percent), percent, megabytes, in_full);
  }
}
