#include "sanitizers/report/report_reader.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ShortReport(int pid, std::string_view function = "F") {
  return absl::StrCat("==================\nWARNING: ThreadSanitizer: data race (pid=", pid,
                      ")\n"
                      "  Write of size 4 at 0x7b04 by main thread:\n    #0 ",
                      function,
                      " /src/a.h:3 (a+0x1)\n\n"
                      "  Previous write of size 4 at 0x7b04 by thread T1:\n    #0 G /src/a.h:9 (a+0x2)\n\n"
                      "SUMMARY: ThreadSanitizer: data race /src/a.h:3 in ",
                      function, "\n==================\n");
}

TEST(ReportReader, PassesAReportOnAtItsClosingRule) {
  size_t reports = 0;
  ReportReader reader([&](const ReportEvent& event) { reports += std::holds_alternative<Report>(event) ? 1 : 0; });
  const std::string text = ShortReport(1);
  reader.Feed(std::string_view(text).substr(0, text.size() - 1));
  EXPECT_EQ(reports, 0u);
  reader.Feed("\n");
  EXPECT_EQ(reports, 1u);
  reader.Finish();
  EXPECT_EQ(reports, 1u);
}

TEST(ReportReader, EndsAReportInMuchForeignText) {
  const std::string whole = ShortReport(1);
  std::string text = whole.substr(0, whole.find("  Previous"));
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&text, "progress: ", i, " of 100000\n");
  const ParsedReports parsed = ParseThreadSanitizer(absl::StrCat(text, ShortReport(2)));
  ASSERT_THAT(parsed.incomplete, SizeIs(1));
  EXPECT_EQ(parsed.incomplete[0].pid, 1);
  EXPECT_FALSE(parsed.incomplete[0].mixed);
  EXPECT_LT(parsed.incomplete[0].text.size(), 1000u);
  ASSERT_THAT(parsed.reports, SizeIs(1));
  EXPECT_EQ(parsed.reports[0].pid, 2);
}

TEST(ReportReader, ReadsBehindALineWithoutEnd) {
  std::vector<int> pids;
  ReportReader reader([&](const ReportEvent& event) {
    if (const auto* report = std::get_if<Report>(&event)) pids.push_back(report->pid);
  });
  const std::string dots(1 << 16, '.');
  for (int i = 0; i < 200; ++i) reader.Feed(dots);
  reader.Feed(absl::StrCat("\n", ShortReport(3)));
  reader.Finish();
  EXPECT_THAT(pids, ElementsAre(3));
}

TEST(ReportReader, SaysThatAKilledProcessWasCutShort) {
  const std::string whole = ShortReport(1);
  const ParsedReports parsed =
      ParseThreadSanitizer(absl::StrCat(whole.substr(0, whole.find("  Previous")), ShortReport(2), ShortReport(2)));
  ASSERT_THAT(parsed.incomplete, SizeIs(1));
  EXPECT_FALSE(parsed.incomplete[0].mixed);
  EXPECT_THAT(parsed.reports, SizeIs(2));
}

TEST(ReportReader, SaysThatLinesAreMixed) {
  const std::string one = ShortReport(1), other = ShortReport(2);
  const size_t cut = one.find("  Previous");
  const ParsedReports parsed = ParseThreadSanitizer(absl::StrCat(one.substr(0, cut), other, one.substr(cut)));
  EXPECT_THAT(parsed.reports, IsEmpty());
  ASSERT_THAT(parsed.incomplete, SizeIs(2));
  EXPECT_TRUE(parsed.incomplete[0].mixed);
  EXPECT_TRUE(parsed.incomplete[1].mixed);
}

TEST(ReportReader, KeepsADamagedReportAndSaysSo) {
  std::string text = ShortReport(1);
  text.insert(text.find("  Previous") - 1, "    #2 H /src/a.h:5 (a+0x3)\n");
  const ParsedReports parsed = ParseThreadSanitizer(text);
  ASSERT_THAT(parsed.reports, SizeIs(1));
  EXPECT_TRUE(parsed.reports[0].damaged);
}

TEST(ReportReader, IsNotMisledByTheProgramsOwnRule) {
  std::string text = ShortReport(1);
  text.erase(text.find("SUMMARY"), text.rfind("====") + 4 - 18 - text.find("SUMMARY"));
  text.insert(text.find("  Previous"), "==================\n");
  const ParsedReports parsed = ParseThreadSanitizer(text);
  ASSERT_THAT(parsed.reports, SizeIs(1));
  EXPECT_THAT(parsed.reports[0].accesses, SizeIs(2));
  EXPECT_FALSE(parsed.truncated);
}

TEST(ReportReader, PutsTogetherALineThatOutputHasCut) {
  std::string text = ShortReport(1);
  text.replace(text.find(" by thread T1:"), 14, " by thread T1done\n (mutexes: write M12, read M3):");
  const ParsedReports parsed = ParseThreadSanitizer(text);
  ASSERT_THAT(parsed.reports, SizeIs(1));
  EXPECT_THAT(parsed.reports[0].accesses.at(1).mutexes, ElementsAre(HeldMutex{12, true}, HeldMutex{3, false}));
}

TEST(ReportReader, TellsFatalErrorsApart) {
  const struct {
    const char* line;
    FatalKind kind;
    int pid;
  } lines[] = {
      {"FATAL: ThreadSanitizer: unexpected memory mapping 0x5f1c-0x5f1d", FatalKind::kMemoryMapping, 0},
      {"==7==FATAL: ThreadSanitizer: memory layout is incompatible even though ASLR is disabled.",
       FatalKind::kMemoryMapping, 7},
      {"FATAL: ThreadSanitizer can not mmap the shadow memory", FatalKind::kMemoryMapping, 0},
      {"==7==ERROR: ThreadSanitizer failed to allocate 0x1000 (4096) bytes of stack depot (error code: 12)",
       FatalKind::kOutOfMemory, 7},
      {"==7==ERROR: ThreadSanitizer: out of memory: allocator is trying to allocate 0x10 bytes",
       FatalKind::kOutOfMemory, 7},
      {"FATAL: ThreadSanitizer: internal allocator is out of memory trying to allocate 0x10 bytes",
       FatalKind::kOutOfMemory, 0},
      {"==7==ERROR: ThreadSanitizer: invalid allocation alignment: 3, alignment must be a power of two",
       FatalKind::kAllocation, 7},
      {"==7==ERROR: ThreadSanitizer: pvalloc parameters overflow: size 0xf rounded up", FatalKind::kAllocation, 7},
      {"ThreadSanitizer: CHECK failed: tsan_rtl.cpp:12 \"((0)) != (0)\" (0x0, 0x0) (tid=1)", FatalKind::kCheckFailed,
       0},
      {"FATAL: ThreadSanitizer CHECK failed: tsan_rtl.cc:12 \"((0)) != (0)\" (0x0, 0x0)", FatalKind::kCheckFailed, 0},
      {"==7==ERROR: ThreadSanitizer: Joining already joined thread, aborting.", FatalKind::kOther, 7},
      {"ThreadSanitizer: nested bug in the same thread, aborting.", FatalKind::kOther, 0},
  };
  for (const auto& [line, kind, pid] : lines) {
    const ParsedReports parsed = ParseThreadSanitizer(absl::StrCat("before\n", line, "\nafter\n"));
    ASSERT_THAT(parsed.fatals, SizeIs(1)) << line;
    EXPECT_EQ(Name(parsed.fatals[0].kind), Name(kind)) << line;
    EXPECT_EQ(parsed.fatals[0].pid, pid) << line;
    EXPECT_EQ(parsed.fatals[0].lines, (LineRange{2, 2})) << line;
    EXPECT_FALSE(parsed.fatal.empty());
    EXPECT_FALSE(parsed.signal.has_value());
  }
}

TEST(ReportReader, DoesNotTakeASummaryForAFatalError) {
  const ParsedReports parsed = ParseThreadSanitizer(ShortReport(1, "void Dying<int>(int)"));
  EXPECT_THAT(parsed.fatals, IsEmpty());
  ASSERT_THAT(parsed.reports, SizeIs(1));
  EXPECT_EQ(parsed.reports[0].summary, "data race /src/a.h:3 in void Dying<int>(int)");
}

TEST(ReportReader, DoesNotTakeAWarningWithoutProcessForAReport) {
  const ParsedReports parsed = ParseThreadSanitizer(
      "==7==WARNING: ThreadSanitizer: LargeMmapAllocator allocation overflow: 0x10 bytes with 0x8 alignment requested\n"
      "I like \"WARNING: ThreadSanitizer: data race\"\n"
      "ThreadSanitizer: reported 3 warnings\n");
  EXPECT_THAT(parsed.reports, IsEmpty());
  EXPECT_FALSE(parsed.truncated);
  ASSERT_FALSE(parsed.notices.empty());
  EXPECT_EQ(parsed.notices.back().warnings, 3);
  EXPECT_EQ(parsed.notices.back().line, 3u);
}

}  // namespace
}  // namespace racelab
