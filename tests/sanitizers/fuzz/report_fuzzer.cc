// Fuzzes the parser of ThreadSanitizer's reports, under AddressSanitizer and UBSan. Half of the mutations change bytes,
// as libFuzzer does; the other half move whole lines, of the input and of real reports, so that reports are cut, mixed
// and repeated. CONTRIBUTING.md says how to run it for longer than ctest does.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sanitizers/report/report.h"
#include "sanitizers/report/report_reader.h"

// libFuzzer's own mutation of bytes.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace racelab {
namespace {

constexpr std::string_view kLines[] = {
    "==================",
    "WARNING: ThreadSanitizer: data race (pid=12)",
    "WARNING: ThreadSanitizer: data race (pid=13)",
    "WARNING: ThreadSanitizer: thread leak (pid=12)",
    "WARNING: ThreadSanitizer: lock-order-inversion (potential deadlock) (pid=12)",
    "WARNING: ThreadSanitizer: signal handler spoils errno (pid=12)",
    "WARNING: ThreadSanitizer: race on a list of users (pid=12)",
    "  Write of size 8 at 0x7b0400000800 by main thread (mutexes: write M1, read M2):",
    "  Previous atomic read of size 1 at 0x7b0400000800 by thread T12:",
    "  Previous modifying access of a list of users at 0x7b04 by thread T1:",
    " (mutexes: write M12, read M3):",
    "    #0 Tally::Add(int) /src/tally.h:12:5 (a.out+0x1234) (BuildId: 93ac61ec)",
    "    #1 main <null> (a.out+0x99)",
    "    #2 <null> <null> (libtsan.so.2+0x8)",
    "    #0 0x55d5c0c4c250 in free (/usr/lib/libc.so.6+0x8)",
    "    [failed to restore the stack]",
    "",
    "  As if synchronized via sleep:",
    "  Location is global 'g_total' of size 32 at 0x561251730720 (a.out+0x14fe730)",
    "  Location is heap block of size 48 at 0x7b0400000800 allocated by main thread:",
    "  Location is stack of main thread.",
    "  Location is TLS of thread T1.",
    "  Location is file descriptor 3 destroyed by thread T1 at:",
    "  Mutex M1 (0x561251730740) created at:",
    "  Mutex M12 is already destroyed.",
    "  Thread T1 'worker 'one'' (tid=5840, running) created by main thread at:",
    "  Thread T2 (tid=0, finished) is a GCD worker thread",
    "  And 2 more similar thread leaks.",
    "  and:",
    "  Signal 10 handler invoked at:",
    "  Cycle in lock order graph: M1 (0x1) => M2 (0x2) => M1",
    "  Mutex M2 acquired here while holding mutex M1 in thread T1:",
    "  Mutex M1 previously acquired by the same thread here:",
    "SUMMARY: ThreadSanitizer: data race /src/tally.h:12:5 in Tally::Add(int)",
    "ThreadSanitizer: reported 2 warnings",
    "ThreadSanitizer: Matched 3 suppressions (pid=12):",
    "3 race:Tally",
    "ThreadSanitizer:DEADLYSIGNAL",
    "==12==ERROR: ThreadSanitizer: SEGV on unknown address 0x000000000000 (pc 0x55 bp 0x7f sp 0x7f T12)",
    "==12==The signal is caused by a READ memory access.",
    "==12==Hint: address points to the zero page.",
    "==12==ABORTING",
    "ThreadSanitizer: CHECK failed: tsan_rtl.cpp:12 \"((0)) != (0)\" (0x0, 0x0) (tid=1)",
    "FATAL: ThreadSanitizer: unexpected memory mapping 0x1-0x2",
    "==12==ERROR: ThreadSanitizer: requested allocation size 0xc exceeds maximum supported size of 0x1",
    "progress: 30 %",
};

constexpr std::string_view kEscapes[] = {"\x1b[1m", "\x1b[01;31m\x1b[K", "\x1b(B", "\x1b]0;a\a", "\x1b", "\x1b[3"};

constexpr std::string_view kPrefixes[] = {
    "2026-01-02T03:04:05.1234567Z ", "web-1  | ", "db-1   | ", "12: ", "[12:34:56] ", "\x1b[1m", "  "};

struct Reading {
  std::vector<Report> reports;
  std::vector<IncompleteReport> incomplete;
  std::vector<FatalError> fatals;

  friend bool operator==(const Reading&, const Reading&) = default;
};

// Reads `text` in pieces of `piece` bytes.
Reading Read(std::string_view text, size_t piece) {
  Reading reading;
  ReportReader reader([&](ReportEvent event) {
    if (auto* report = std::get_if<Report>(&event)) reading.reports.push_back(std::move(*report));
    if (auto* incomplete = std::get_if<IncompleteReport>(&event)) reading.incomplete.push_back(std::move(*incomplete));
    if (auto* fatal = std::get_if<FatalError>(&event)) reading.fatals.push_back(std::move(*fatal));
  });
  for (; text.size() > piece; text.remove_prefix(piece)) reader.Feed(text.substr(0, piece));
  reader.Feed(text);
  reader.Finish();
  return reading;
}

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

size_t Count(std::string_view text, std::string_view words) {
  size_t count = 0;
  for (size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

void Check(std::string_view text) {
  const Reading reading = Read(text, text.size() + 1);
  Require(reading == Read(text, text.size() % 61 + 1), "what is read depends on the pieces in which it arrives");
  // Colours may stand in the middle of a headline.
  if (text.find('\x1b') == std::string_view::npos) {
    Require(reading.reports.size() + reading.incomplete.size() <= Count(text, "WARNING: ThreadSanitizer: "),
            "a report was invented");
  }
  const size_t lines = Count(text, "\n");
  for (const Report& report : reading.reports) {
    Require(report.lines.first > 0 && report.lines.first <= report.lines.last && report.lines.last <= lines,
            "a report's lines are not those of the input");
    for (const ReportedAccess& access : report.accesses) {
      Require(access.stack < report.stacks.size(), "an access has no stack");
    }
    for (const ReportedThread& thread : report.threads) {
      Require(!thread.stack.has_value() || *thread.stack < report.stacks.size(), "a thread has no stack");
    }
    NamedSites(report);
    Signature(report);
  }
}

std::vector<std::string> SplitLines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    lines.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

size_t WriteLines(const std::vector<std::string>& lines, uint8_t* data, size_t max_size) {
  size_t size = 0;
  for (const std::string& line : lines) {
    const size_t part = std::min(line.size(), max_size - size);
    std::memcpy(data + size, line.data(), part);
    size += part;
  }
  return size;
}

size_t MutateLines(std::string_view text, uint8_t* data, size_t max_size, std::minstd_rand& random) {
  std::vector<std::string> lines = SplitLines(text);
  const auto below = [&random](size_t end) { return static_cast<size_t>(random()) % end; };
  for (size_t changes = 1 + below(4); changes > 0; --changes) {
    const size_t at = below(lines.size() + 1);
    const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
    switch (below(7)) {
      case 0:  // one of ThreadSanitizer's lines
        lines.insert(place, std::string(kLines[below(std::size(kLines))]) + "\n");
        break;
      case 1:  // removes a line
        if (at < lines.size()) lines.erase(place);
        break;
      case 2:  // a line from elsewhere in the input
        if (!lines.empty()) {
          std::string line = lines[below(lines.size())];
          lines.insert(place, std::move(line));
        }
        break;
      case 3:  // swaps two lines
        if (at < lines.size()) std::swap(lines[at], lines[below(lines.size())]);
        break;
      case 4:  // a line behind something else
        if (at < lines.size()) lines[at].insert(0, kPrefixes[below(std::size(kPrefixes))]);
        break;
      case 5:  // colours, and cut ones, anywhere
        if (at < lines.size()) lines[at].insert(below(lines[at].size()), kEscapes[below(std::size(kEscapes))]);
        break;
      default:  // a line cut in two
        if (at < lines.size()) lines[at].insert(below(lines[at].size()), "\n");
        break;
    }
  }
  return WriteLines(lines, data, max_size);
}

std::string_view AsText(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace
}  // namespace racelab

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  racelab::Check(racelab::AsText(data, size));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed) {
  std::minstd_rand random(seed);
  if (random() % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  const std::string text(racelab::AsText(data, size));
  return racelab::MutateLines(text, data, max_size, random);
}

// Interleaves the lines of two inputs, as if two processes shared their output.
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1, const uint8_t* data2, size_t size2,
                                            uint8_t* out, size_t max_out_size, unsigned int seed) {
  std::minstd_rand random(seed);
  const std::vector<std::string> one = racelab::SplitLines(racelab::AsText(data1, size1));
  const std::vector<std::string> other = racelab::SplitLines(racelab::AsText(data2, size2));
  std::vector<std::string> mixed;
  for (size_t i = 0, j = 0; i < one.size() || j < other.size();) {
    const bool take_one = j == other.size() || (i < one.size() && random() % 8 != 0);
    mixed.push_back(take_one ? one[i++] : other[j++]);
  }
  return racelab::WriteLines(mixed, out, max_out_size);
}
