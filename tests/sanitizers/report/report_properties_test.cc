// Properties of the parser over real reports, damaged in every way that a pipe, a limit or a talkative program can
// cause. For a failure, rapidcheck prints the configuration that replays it: RC_PARAMS="reproduce=…".

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "sanitizers/report/json.h"
#include "sanitizers/report/report.h"
#include "sanitizers/verdict/tsan_run.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

// Real reports of each compiler and of several kinds, produced once.
const std::vector<std::string>& RealReports() {
  static const std::vector<std::string>& reports = *new std::vector<std::string>([] {
    std::vector<std::string> found;
    for (const std::string& tree : VictimTrees()) {
      for (const char* victim : {"data_race", "use_after_free", "lock_order", "destroy_locked", "thread_leak"}) {
        const std::string text = RunUnderThreadSanitizer(Victim(tree, victim)).err;
        if (ParseThreadSanitizer(text).reports.size() == 1) found.push_back(text);
      }
    }
    return found;
  }());
  return reports;
}

// The parts of a report that noise must not change: all but its raw text, and where it is.
std::vector<Report> WithoutText(std::vector<Report> reports) {
  for (Report& report : reports) {
    report.text.clear();
    report.lines = {};
  }
  return reports;
}

TEST(ParserProperty, HasRealReportsToWorkOn) { EXPECT_EQ(RealReports().size(), 10u); }

TEST(ParserProperty, EveryPrefixOfAReportIsCutOrHasNone) {
  for (const std::string& text : RealReports()) {
    const size_t headline = text.find("WARNING: ThreadSanitizer");
    const size_t headline_end = text.find('\n', headline);
    // The last rule includes its line's end.
    const size_t end = text.rfind("==================\n") + 19;
    for (size_t size = 0; size < text.size(); ++size) {
      const ParsedReports parsed = ParseThreadSanitizer(std::string_view(text).substr(0, size));
      ASSERT_EQ(parsed.reports.size(), size >= end ? 1u : 0u) << "prefix of " << size << " bytes of\n" << text;
      ASSERT_EQ(parsed.truncated, size > headline_end && size < end) << "prefix of " << size << " bytes of\n" << text;
    }
  }
}

TEST(ParserProperty, ArbitraryBytesAreRead) {
  const bool holds = rc::check("arbitrary bytes", [](const std::string& bytes) {
    for (const Report& report : ParseThreadSanitizer(bytes).reports) ToJson(report).dump();
    QualifiedName(bytes);
  });
  EXPECT_TRUE(holds);
}

TEST(ParserProperty, PiecesOfReportsInAnyOrderAreRead) {
  std::vector<std::string> lines;
  for (const std::string& text : RealReports()) {
    for (std::string_view line : absl::StrSplit(text, '\n')) lines.emplace_back(line);
  }
  ASSERT_FALSE(lines.empty());
  const bool holds = rc::check("lines of reports, shuffled and cut", [&] {
    std::string text;
    const auto count = *rc::gen::inRange<size_t>(0, 200);
    for (size_t i = 0; i < count; ++i) {
      const std::string line = *rc::gen::elementOf(lines);
      const size_t size = *rc::gen::weightedOneOf<size_t>(
          {{9, rc::gen::just(line.size())}, {1, rc::gen::inRange<size_t>(0, line.size() + 1)}});
      absl::StrAppend(&text, line.substr(0, size), "\n");
    }
    for (const Report& report : ParseThreadSanitizer(text).reports) {
      ToJson(report).dump();
      NamedSites(report);
    }
  });
  EXPECT_TRUE(holds);
}

TEST(ParserProperty, AFlippedByteIsRead) {
  ASSERT_FALSE(RealReports().empty());
  const bool holds = rc::check("a report with bytes changed", [] {
    std::string text = *rc::gen::elementOf(RealReports());
    const auto changes = *rc::gen::container<std::vector<std::pair<size_t, char>>>(
        rc::gen::pair(rc::gen::inRange<size_t>(0, text.size()), rc::gen::arbitrary<char>()));
    for (const auto& [at, byte] : changes) text[at] = byte;
    for (const Report& report : ParseThreadSanitizer(text).reports) ToJson(report).dump();
  });
  EXPECT_TRUE(holds);
}

TEST(ParserProperty, LinesInBetweenChangeNothing) {
  ASSERT_FALSE(RealReports().empty());
  const bool holds = rc::check("a report with foreign lines in it", [] {
    const std::string text = *rc::gen::elementOf(RealReports());
    // Words that a program may print, but ThreadSanitizer does not.
    const auto noise = rc::gen::elementOf(std::vector<std::string>{
        "", "progress: 30 %", "[ RUN      ] HitCounter.Counts", "  indented", "#0 not a frame", "\xff\xfe\x01",
        "========", "==== done ====", "Thread pool is up", "Location unknown"});
    std::string noisy;
    for (std::string_view line : absl::StrSplit(text, '\n')) {
      const auto before = *rc::gen::container<std::vector<std::string>>(2, noise);
      if (*rc::gen::arbitrary<bool>()) absl::StrAppend(&noisy, before[0], "\n", before[1], "\n");
      absl::StrAppend(&noisy, line, "\n");
    }
    const ParsedReports expected = ParseThreadSanitizer(text);
    const ParsedReports parsed = ParseThreadSanitizer(noisy);
    RC_ASSERT(WithoutText(parsed.reports) == WithoutText(expected.reports));
    RC_ASSERT(!parsed.truncated);
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace racelab
