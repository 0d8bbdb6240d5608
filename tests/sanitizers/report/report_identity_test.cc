// Model -> text -> model is the identity, and what happens to a report on its way through logs does not change it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "sanitizers/report/report.h"
#include "sanitizers/report/report_reader.h"
#include "tests/sanitizers/report/report_printer.h"

namespace racelab {

void showValue(const Report& report, std::ostream& out) {  // NOLINT(readability-identifier-naming): rapidcheck's name
  out << (report.damaged ? "damaged\n" : "") << PrintReport(report);
}

namespace {

using rc::gen::arbitrary;
using rc::gen::elementOf;
using rc::gen::inRange;

std::string AnyName() {
  return *elementOf(std::vector<std::string>{
      "Record", "HitCounter::Record()", "(anonymous namespace)::Tally::Add(int, long)", "main",
      "std::map<int, std::pair<char, Box [2]>, std::less<int> >::operator[](int const&)", "operator()",
      "Box::operator bool() const", "void Run<Open()::{lambda(int)#1}>(Open()::{lambda(int)#1}&&)",
      "operator new(unsigned long)", "f[abi:cxx11]()", "~Pool", "Map<(Kind)3, 'x'>::operator<<(char const*)",
      "decltype(auto) At<0ul>(Row&)"});
}

std::string AnyWords() {
  std::string words = *rc::gen::container<std::string>(
      rc::gen::weightedOneOf<char>({{8, inRange('a', 'z')}, {1, elementOf(std::string(" '()_-."))}}));
  return absl::StrCat("w", words, "w");
}

Frame AnyFrame() {
  Frame frame;
  if (*inRange(0, 10) > 0) frame.function = AnyName();
  if (!frame.function.empty() && *inRange(0, 4) > 0) {
    frame.file =
        *elementOf(std::vector<std::string>{"/src/hit_counter.h", "/home/some one/a b.cc", "../csu/libc-start.c",
                                            "/usr/include/c++/12/bits/invoke.h", "src/main.cc"});
    frame.line = *inRange(1, 100'000);
    if (*arbitrary<bool>()) frame.column = *inRange(1, 200);
  }
  if (*inRange(0, 8) > 0) {
    frame.module =
        *elementOf(std::vector<std::string>{"a_test", "/home/some one/a.out", "libtsan.so.2", "x+0y", "g++"});
    frame.offset = *arbitrary<std::uint32_t>();
    if (*arbitrary<bool>()) frame.build_id = "93ac61ec5a8eb1396f9fbd350e3169a558528a40";
  }
  return frame;
}

StackIndex AnyStack(Report& report, StackRole role) {
  Stack stack{role, "", {}};
  const int frames = *inRange(0, 5);
  for (int i = 0; i < frames; ++i) stack.frames.push_back(AnyFrame());
  report.stacks.push_back(std::move(stack));
  return report.stacks.size() - 1;
}

std::uint64_t AnyAddress() { return *arbitrary<std::uint64_t>() >> 16; }

void AddAccesses(Report& report) {
  const int count = *inRange(1, 4);
  for (int i = 0; i < count; ++i) {
    ReportedAccess access;
    access.previous = i > 0;
    access.write = *arbitrary<bool>();
    if (report.kind == ReportKind::kExternalRace) {
      access.object = AnyWords();
    } else {
      access.size = *elementOf(std::vector<std::uint64_t>{1, 2, 4, 8, 16, 1000});
      access.atomic = *arbitrary<bool>();
    }
    access.address = AnyAddress();
    access.thread = *inRange(0, 100);
    for (int held = *inRange(0, 3); held > 0; --held) access.mutexes.push_back({AnyAddress() >> 8, *arbitrary<bool>()});
    access.stack = AnyStack(report, access.previous ? StackRole::kPreviousAccess : StackRole::kAccess);
    report.accesses.push_back(access);
  }
  if (*arbitrary<bool>()) report.sleep = AnyStack(report, StackRole::kSleep);
}

void AddCycle(Report& report) {
  const auto size = *inRange<size_t>(2, 5);
  for (size_t i = 0; i < size; ++i) report.cycle.push_back({AnyAddress() >> 8, AnyAddress()});
  const bool second_stack = *arbitrary<bool>();
  for (size_t i = 0; i < size; ++i) {
    LockOrderEdge edge{report.cycle[(i + 1) % size].id, report.cycle[i].id, *inRange(0, 100), 0, std::nullopt};
    edge.acquired_stack = AnyStack(report, StackRole::kLockAcquired);
    if (second_stack) edge.held_stack = AnyStack(report, StackRole::kLockHeld);
    report.edges.push_back(edge);
  }
}

void AddLocation(Report& report) {
  ReportedLocation location;
  location.kind = *elementOf(std::vector<LocationKind>{LocationKind::kGlobal, LocationKind::kHeap, LocationKind::kStack,
                                                       LocationKind::kThreadLocal, LocationKind::kFileDescriptor});
  if (location.kind == LocationKind::kGlobal || location.kind == LocationKind::kHeap) {
    location.size = *inRange<std::uint64_t>(1, 10'000);
    location.address = AnyAddress();
  }
  if (location.kind == LocationKind::kGlobal) {
    location.name = AnyWords();
    location.module = "a_test";
    location.offset = *arbitrary<std::uint32_t>();
    if (*arbitrary<bool>()) location.size = 0;
  } else {
    location.thread = *inRange(0, 100);
  }
  if (location.kind == LocationKind::kHeap) location.stack = AnyStack(report, StackRole::kHeapAllocated);
  if (location.kind == LocationKind::kFileDescriptor) {
    location.descriptor = *inRange(0, 1000);
    location.closed = *arbitrary<bool>();
    location.stack = AnyStack(report, StackRole::kFileDescriptor);
  }
  report.locations.push_back(location);
}

void AddThread(Report& report) {
  ReportedThread thread;
  thread.id = *inRange(1, 100);
  if (*arbitrary<bool>()) thread.name = AnyWords();
  thread.os_id = *arbitrary<std::uint32_t>();
  thread.running = *arbitrary<bool>();
  thread.is_pool_worker = *inRange(0, 10) == 0;
  if (!thread.is_pool_worker) {
    thread.creator = *inRange(0, 100);
    thread.stack = AnyStack(report, StackRole::kThreadCreated);
  }
  report.threads.push_back(thread);
}

// A report as ThreadSanitizer can print it, whose headline is in `first_line`.
Report AnyReport(size_t first_line) {
  Report report;
  report.kind = *elementOf(AllReportKinds());
  for (const std::string_view headline :
       {"data race", "data race on vptr (ctor/dtor vs virtual call)", "heap-use-after-free",
        "heap-use-after-free (virtual call vs free)", "race on a list of users",
        "lock-order-inversion (potential deadlock)", "unlock of an unlocked mutex (or by a wrong thread)",
        "double lock of a mutex", "read lock of a write locked mutex", "read unlock of a write locked mutex",
        "destroy of a locked mutex", "use of an invalid mutex (e.g. uninitialized or destroyed)",
        "mutex held in the wrong context", "thread leak", "signal-unsafe call inside of a signal",
        "signal handler spoils errno"}) {
    if (ReportKindFromHeadline(headline) == report.kind) report.headline = headline;
  }
  report.pid = *inRange(1, 1 << 22);
  if (report.kind == ReportKind::kLockOrderInversion) {
    AddCycle(report);
  } else if (report.kind <= ReportKind::kExternalRace) {
    AddAccesses(report);
  } else if (report.kind == ReportKind::kErrnoInSignalHandler) {
    report.signal = *inRange(1, 64);
    AnyStack(report, StackRole::kSignalHandler);
  } else if (report.kind != ReportKind::kThreadLeak) {
    AnyStack(report, StackRole::kHere);
    if (*arbitrary<bool>()) AnyStack(report, StackRole::kHereBefore);
  }
  for (int i = *inRange(0, 3); i > 0; --i) AddLocation(report);
  if (report.kind != ReportKind::kLockOrderInversion) {
    for (int i = *inRange(0, 3); i > 0; --i) {
      ReportedMutex mutex{AnyAddress() >> 8, AnyAddress(), std::nullopt};
      if (*inRange(0, 4) > 0) {
        mutex.stack = AnyStack(report, StackRole::kMutexCreated);
      } else {
        mutex.address = 0;
      }
      report.mutexes.push_back(mutex);
    }
  }
  for (int i = *inRange(report.kind == ReportKind::kThreadLeak ? 1 : 0, 3); i > 0; --i) AddThread(report);
  if (report.kind == ReportKind::kThreadLeak) report.similar_leaks = *inRange(0, 3);
  // ThreadSanitizer prints none if the first stack could not be restored.
  const bool has_frames = !report.stacks.empty() && !report.stacks.front().frames.empty();
  if (has_frames && *inRange(0, 4) > 0) report.summary = absl::StrCat(report.headline, " /src/a.cc:3:4 in ", AnyName());
  Describe(report, first_line);
  return report;
}

// Reports one after the other, as one process prints them.
std::vector<Report> AnyReports(size_t most) {
  std::vector<Report> reports;
  size_t line = 2;
  for (auto i = *inRange<size_t>(1, most + 1); i > 0; --i) {
    reports.push_back(AnyReport(line));
    line = reports.back().lines.last + 2;
  }
  return reports;
}

std::string PrintReports(const std::vector<Report>& reports) {
  std::string text;
  for (const Report& report : reports) absl::StrAppend(&text, PrintReport(report));
  return text;
}

std::vector<Report> WithoutPlace(std::vector<Report> reports) {
  for (Report& report : reports) {
    report.lines = {};
    report.text.clear();
    report.source.clear();
  }
  return reports;
}

TEST(ReportIdentity, OfModelToTextToModel) {
  EXPECT_TRUE(rc::check("model -> text -> model", [] {
    const std::vector<Report> reports = AnyReports(3);
    const ParsedReports parsed = ParseThreadSanitizer(PrintReports(reports));
    RC_ASSERT(!parsed.truncated);
    RC_ASSERT(parsed.reports.size() == reports.size());
    for (size_t i = 0; i < reports.size(); ++i) {
      if (!(parsed.reports[i] == reports[i])) {
        RC_LOG() << reports[i].text << "\n--- became ---\n" << PrintReport(parsed.reports[i]);
      }
      RC_ASSERT(parsed.reports[i] == reports[i]);
    }
  }));
}

TEST(ReportIdentity, OfAnyPiecesInWhichTheTextArrives) {
  EXPECT_TRUE(rc::check("pieces of any size", [] {
    const std::string text = PrintReports(AnyReports(3));
    const std::vector<Report> expected = ParseThreadSanitizer(text).reports;
    std::vector<Report> reports;
    ReportReader reader([&](ReportEvent event) {
      if (Report* report = std::get_if<Report>(&event)) reports.push_back(std::move(*report));
    });
    for (size_t at = 0; at < text.size();) {
      const auto size = *inRange<size_t>(1, 400);
      reader.Feed(std::string_view(text).substr(at, size));
      at += size;
    }
    reader.Finish();
    RC_ASSERT(reports == expected);
  }));
}

TEST(ReportIdentity, OfReportsThatRepeat) {
  EXPECT_TRUE(rc::check("repeats", [] {
    std::vector<Report> reports = AnyReports(3);
    const std::string text = PrintReports(reports);
    for (Report& report : reports) report.pid += 1;  // another process, which reports the same
    std::vector<Report> parsed;
    std::vector<RepeatedReport> repeated;
    ReportReader reader(
        [&](ReportEvent event) {
          if (Report* report = std::get_if<Report>(&event)) parsed.push_back(std::move(*report));
        },
        [&](const RepeatedReport& repeat) { repeated.push_back(repeat); });
    reader.Feed(absl::StrCat(text, PrintReports(reports)));
    reader.Finish();
    RC_ASSERT(parsed.size() + repeated.size() == 2 * reports.size());
    RC_ASSERT(repeated.size() >= reports.size());
    for (size_t i = 0; i < reports.size(); ++i) {
      const RepeatedReport& repeat = repeated[repeated.size() - reports.size() + i];
      RC_ASSERT(repeat.pid == reports[i].pid);
      RC_ASSERT(repeat.signature == Signature(reports[i]));
    }
  }));
}

// What a service puts in front of each line, and what names the line's source in it.
struct Prefix {
  const char* text;
  const char* source;
};

constexpr Prefix kPrefixes[] = {
    {"2026-01-02T03:04:05.1234567Z ", ""},
    {"build\tRun tests\t2026-01-02T03:04:05.1234567Z ", "build"},
    {"2026-01-02T03:04:05.123456Z 01O ", ""},
    {"[2026-01-02T03:04:05.123Z] ", ""},
    {"2026-01-02 03:04:05,123 ", ""},
    {"03:04:05  ", ""},
    {"[12:34:56] ", ""},
    {"Jan 02 03:04:05 builder server[123]: ", "server[123]"},
    {"2026-01-02T03:04:05+01:00 builder server[123]: ", "server[123]"},
    {"12: ", "12"},
    {"web-1  | ", "web-1"},
    {"[1,0]<stderr>:", "1,0"},
    {"[pod/web/main] ", "pod/web/main"},
    {"2026-01-02T03:04:05.1234567Z 12: ", "12"},
    {"\x1b[36mweb-1  |\x1b[0m ", "web-1"},
};

std::string WithPrefix(std::string_view text, std::string_view prefix, std::string_view end = "\n") {
  std::string result;
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    if (line.data() + line.size() < text.data() + text.size()) absl::StrAppend(&result, prefix, line, end);
  }
  return result;
}

TEST(ReportIdentity, OfEachPrefixAndLineEnd) {
  EXPECT_TRUE(rc::check("prefixes", [] {
    const std::vector<Report> reports = AnyReports(2);
    for (const Prefix& prefix : kPrefixes) {
      const std::string end = *elementOf(std::vector<std::string>{"\n", "\r\n"});
      const ParsedReports parsed = ParseThreadSanitizer(WithPrefix(PrintReports(reports), prefix.text, end));
      RC_LOG() << prefix.text;
      RC_ASSERT(parsed.reports.size() == reports.size());
      for (size_t i = 0; i < reports.size(); ++i) {
        RC_ASSERT(parsed.reports[i].source == prefix.source);
        Report report = parsed.reports[i];
        report.source.clear();
        RC_ASSERT(report == reports[i]);
      }
    }
  }));
}

TEST(ReportIdentity, OfSourcesWhoseLinesAreMixed) {
  EXPECT_TRUE(rc::check("lines of two containers", [] {
    const std::vector<Report> one = AnyReports(2), other = AnyReports(2);
    std::vector<std::string> first = absl::StrSplit(WithPrefix(PrintReports(one), "web-1  | "), '\n'),
                             second = absl::StrSplit(WithPrefix(PrintReports(other), "db-1   | "), '\n');
    first.pop_back();
    second.pop_back();
    std::string text;
    for (size_t i = 0, j = 0; i < first.size() || j < second.size();) {
      const bool take_first = j == second.size() || (i < first.size() && *arbitrary<bool>());
      absl::StrAppend(&text, take_first ? first[i++] : second[j++], "\n");
    }
    std::vector<Report> of_one, of_other;
    for (const Report& report : ParseThreadSanitizer(text).reports) {
      (report.source == "web-1" ? of_one : of_other).push_back(report);
    }
    RC_ASSERT(WithoutPlace(of_one) == WithoutPlace(one));
    RC_ASSERT(WithoutPlace(of_other) == WithoutPlace(other));
  }));
}

// Whether each of `found` is, but for what was lost, one of `printed`: nothing is invented.
bool AreAmong(const std::vector<Report>& found, const std::vector<Report>& printed) {
  return std::all_of(found.begin(), found.end(), [&](const Report& report) {
    return std::any_of(printed.begin(), printed.end(), [&](const Report& other) {
      return report.headline == other.headline && report.pid == other.pid &&
             report.accesses.size() <= other.accesses.size() && report.stacks.size() <= other.stacks.size() + 1;
    });
  });
}

TEST(ReportIdentity, OfAllReportsButTheOneThatLostALine) {
  EXPECT_TRUE(rc::check("a line removed", [] {
    const std::vector<Report> reports = AnyReports(3);
    std::vector<std::string> lines = absl::StrSplit(PrintReports(reports), '\n');
    const auto lost = *inRange<size_t>(0, lines.size() - 1);
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(lost));
    const std::vector<Report> found = WithoutPlace(ParseThreadSanitizer(absl::StrJoin(lines, "\n")).reports);
    RC_ASSERT(found.size() <= reports.size());
    RC_ASSERT(AreAmong(found, reports));
    const std::vector<Report> whole = WithoutPlace(reports);
    for (size_t i = 0; i < reports.size(); ++i) {
      // Its lines are from the rule before the headline to the rule at its end.
      const bool disturbed = lost + 1 >= reports[i].lines.first - 1 && lost + 1 <= reports[i].lines.last;
      // Without a summary, the rule at the end of a report and the rule before the next cannot be told apart.
      const bool next_lost_rule = reports[i].summary.empty() && lost + 1 == reports[i].lines.last + 1;
      if (disturbed || next_lost_rule) continue;
      RC_LOG() << "without line " << lost + 1 << ", report " << i << " is lost:\n" << PrintReports(reports);
      RC_ASSERT(std::find(found.begin(), found.end(), whole[i]) != found.end());
    }
  }));
}

TEST(ReportIdentity, OfReportsBetweenWhichAnythingElseStands) {
  EXPECT_TRUE(rc::check("foreign lines", [] {
    const std::vector<Report> reports = AnyReports(3);
    const auto foreign = elementOf(std::vector<std::string>{
        "progress: 30 %", "[INFO] started", "12: Test timeout computed", "", "#0 not a frame",
        "==============================", "  indented", "SUMMARY: none", "2026-01-02T03:04:05Z ready", "a | b",
        "\xff\x1b[31mred", "    - item", "Thread T1 is up", "I said ThreadSanitizer: it is good"});
    std::string text;
    for (const std::string_view line : absl::StrSplit(PrintReports(reports), '\n')) {
      for (int i = *rc::gen::weightedElement<int>({{3, 0}, {1, 1}, {1, 2}}); i > 0; --i) {
        absl::StrAppend(&text, *foreign, "\n");
      }
      absl::StrAppend(&text, line, "\n");
    }
    const ParsedReports parsed = ParseThreadSanitizer(text);
    RC_LOG() << text;
    RC_ASSERT(!parsed.truncated);
    RC_ASSERT(WithoutPlace(parsed.reports) == WithoutPlace(reports));
  }));
}

TEST(ReportIdentity, OfNothingThatIsNotThere) {
  EXPECT_TRUE(rc::check("lines of two processes, mixed", [] {
    std::vector<Report> one{AnyReport(2)}, other{AnyReport(2)};
    other[0].pid = one[0].pid + 1;
    std::vector<std::string> first = absl::StrSplit(PrintReports(one), '\n'),
                             second = absl::StrSplit(PrintReports(other), '\n');
    std::string text;
    for (size_t i = 0, j = 0; i < first.size() || j < second.size();) {
      const bool take_first = j == second.size() || (i < first.size() && *arbitrary<bool>());
      absl::StrAppend(&text, take_first ? first[i++] : second[j++], "\n");
    }
    const ParsedReports parsed = ParseThreadSanitizer(text);
    RC_LOG() << text;
    RC_ASSERT(parsed.reports.size() + parsed.incomplete.size() == 2u);
    for (const Report& report : WithoutPlace(parsed.reports)) {
      const Report printed = WithoutPlace(report.pid == one[0].pid ? one : other)[0];
      RC_ASSERT(report.damaged || report == printed);
    }
  }));
}

}  // namespace
}  // namespace racelab
