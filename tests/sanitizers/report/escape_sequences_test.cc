#include "sanitizers/report/escape_sequences.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "sanitizers/process/child.h"
#include "sanitizers/report/report.h"
#include "sanitizers/report/report_reader.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string Plain(std::string_view text) {
  std::string buffer;
  return std::string(WithoutEscapeSequences(text, buffer));
}

// What ThreadSanitizer, compilers, grep, tput and terminals' own programs write.
const std::vector<std::string>& Sequences() {
  static const std::vector<std::string>& sequences =
      *new std::vector<std::string>{"\x1b[0m",
                                    "\x1b[m",
                                    "\x1b[1;31m",
                                    "\x1b[01;35m\x1b[K",
                                    "\x1b[38:2::1:20:255m",
                                    "\x1b[38;5;208m",
                                    "\x1b[2K",
                                    "\x1b[?25l",
                                    "\x1b[3;7H",
                                    "\x1b[0 q",
                                    "\x1b(B\x1b[m",
                                    "\x1b"
                                    "7",
                                    "\x1bM",
                                    "\x1b]0;title\a",
                                    "\x1b]8;;https://example.org/a_b\x1b\\"};
  return sequences;
}

// Sequences whose rest was lost.
const std::vector<std::string>& CutSequences() {
  static const std::vector<std::string>& sequences =
      *new std::vector<std::string>{"\x1b", "\x1b[", "\x1b[1;3", "\x1b[0 ", "\x1b("};
  return sequences;
}

TEST(EscapeSequences, AreErased) {
  for (const std::string& sequence : Sequences()) {
    EXPECT_EQ(Plain(absl::StrCat("a", sequence, "b\n", sequence)), "ab\n") << sequence.substr(1);
  }
  for (const std::string& sequence : CutSequences()) {
    EXPECT_EQ(Plain(absl::StrCat("a", sequence, "\nb", sequence)), "a\nb") << sequence.substr(1);
    EXPECT_EQ(Plain(absl::StrCat("a", sequence, "\x1b[0mb")), "ab") << sequence.substr(1);
    EXPECT_EQ(Plain(absl::StrCat("a", sequence, "\xc3\xa4")), "a\xc3\xa4") << sequence.substr(1);
  }
  EXPECT_EQ(Plain("\x1b]8;;https://example.org\nb\a"), "8;;https://example.org\nb\a");  // no end on its line
}

std::vector<std::string> Texts() {
  std::vector<std::string> texts;
  const std::filesystem::path folder = absl::StrCat(RACELAB_SOURCE_DIR, "/tests/sanitizers/corpus/texts");
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path());
    texts.push_back(Plain(std::string(std::istreambuf_iterator<char>(in), {})));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

struct Reading {
  std::vector<Report> reports;
  std::vector<IncompleteReport> incomplete;
  std::vector<FatalError> fatals;

  friend bool operator==(const Reading&, const Reading&) = default;
};

Reading Read(const std::vector<std::string_view>& pieces) {
  Reading reading;
  ReportReader reader([&](ReportEvent event) {
    if (auto* report = std::get_if<Report>(&event)) reading.reports.push_back(std::move(*report));
    if (auto* incomplete = std::get_if<IncompleteReport>(&event)) reading.incomplete.push_back(std::move(*incomplete));
    if (auto* fatal = std::get_if<FatalError>(&event)) reading.fatals.push_back(std::move(*fatal));
  });
  for (const std::string_view piece : pieces) reader.Feed(piece);
  reader.Finish();
  return reading;
}

std::vector<std::string_view> AnyPieces(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const auto size = *rc::gen::inRange<size_t>(1, 200);
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(std::min(size, text.size()));
  }
  return pieces;
}

// A headline may be cut by colours; lines may be read alone, or as many at once.
TEST(EscapeSequences, ChangeNothingWhereverTheyStand) {
  const std::vector<std::string> texts = Texts();
  ASSERT_THAT(texts, SizeIs(testing::Ge(50)));
  EXPECT_TRUE(rc::check("sequences in a real log, read in pieces", [&] {
    const std::string text = *rc::gen::elementOf(texts);
    std::string coloured;
    for (const char c : text) {
      if (*rc::gen::weightedElement<bool>({{30, false}, {1, true}})) {
        coloured += *rc::gen::elementOf(c == '\n' ? CutSequences() : Sequences());
      }
      coloured += c;
    }
    RC_ASSERT(Plain(coloured) == text);
    const Reading plain = Read({text});
    RC_ASSERT(Read({coloured}) == plain);
    RC_ASSERT(Read(AnyPieces(coloured)) == plain);
  }));
}

TEST(EscapeSequences, OfARealGrepChangeNothing) {
  const std::string log = absl::StrCat(RACELAB_SOURCE_DIR, "/tests/sanitizers/corpus/texts/clang-19/global.txt");
  for (const char* pattern : {"Thread", "Sanitizer: data", "size|#", "=", "0x"}) {
    ChildSpec spec;
    spec.argv = {"grep", "-E", "--color=always", "-C1000", pattern, log};
    const ChildResult result = RunChild(spec);
    ASSERT_THAT(result.out, HasSubstr("\x1b[")) << result.err;
    const ParsedReports parsed = ParseThreadSanitizer(result.out);
    ASSERT_THAT(parsed.reports, SizeIs(1)) << result.out;
    EXPECT_FALSE(parsed.reports[0].damaged);
    EXPECT_THAT(parsed.reports[0].text, HasSubstr("WARNING: ThreadSanitizer: data race"));
  }
}

}  // namespace
}  // namespace racelab
