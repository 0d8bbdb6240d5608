// Real reports of every kind that a program can provoke on Linux: made by tests/sanitizers/corpus/every_kind.cc as each
// compiler on this machine builds it, and kept as text for machines that lack one.

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/symbolizer.h"
#include "sanitizers/verdict/tsan_run.h"
#include "tests/sanitizers/report/known_reports.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string Folder() { return absl::StrCat(RACELAB_SOURCE_DIR, "/tests/sanitizers/corpus/texts"); }

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The texts of compilers, by the compiler's folder.
TEST(CommittedReports, AreAllRead) {
  size_t read = 0;
  for (const auto& folder : std::filesystem::directory_iterator(Folder())) {
    const std::string compiler = folder.path().filename();
    for (const KnownReport& known : KnownReports()) {
      const std::string text = ReadFile(folder.path() / (known.mode + ".txt"));
      if (text.empty()) continue;
      CheckReport(compiler, known, text);
      ++read;
    }
    for (const KnownFatal& known : KnownFatals()) {
      const std::string text = ReadFile(folder.path() / (known.mode + ".txt"));
      if (text.empty()) continue;
      CheckFatal(compiler, known, text);
      ++read;
    }
  }
  EXPECT_GT(read, 100u);
}

class RealCorpus : public testing::TestWithParam<std::string> {
 protected:
  static std::string Program() { return absl::StrCat(RACELAB_CORPUS_PROGRAMS, "/", GetParam(), "/every_kind"); }

  void SetUp() override {
    if (!std::filesystem::exists(Program())) GTEST_SKIP() << "no " << GetParam() << " on this machine";
  }

  // What the program prints on stderr. Where the machine's addresses are too random for an older runtime, runs it
  // without randomisation.
  static ChildResult Run(const std::string& mode, std::string_view options = "") {
    ChildSpec spec;
    spec.argv = {Program(), mode};
    std::string all = absl::StrCat("exitcode=66:color=never:second_deadlock_stack=1:print_module_map=0:", options);
    // g++'s runtime looks up names without a program.
    if (GetParam() != "g++") absl::StrAppend(&all, ":external_symbolizer_path=", FindSymbolizer());
    spec.environment = {{"TSAN_OPTIONS", all}};
    ChildResult result = RunChild(spec);
    if (!DiedOfRandomisation(result.err)) return result;
    spec.fixed_addresses = true;
    return RunChild(spec);
  }
};

TEST_P(RealCorpus, ReportsOfEveryKindAreRead) {
  for (const KnownReport& known : KnownReports()) CheckReport(GetParam(), known, Run(known.mode, known.options).err);
}

TEST_P(RealCorpus, FatalErrorsAreRead) {
  for (const KnownFatal& known : KnownFatals()) CheckFatal(GetParam(), known, Run(known.mode, known.options).err);
}

TEST_P(RealCorpus, ASecondStackOfALockOrderInversionIsOptional) {
  const ParsedReports parsed = ParseThreadSanitizer(Run("lock_order", "second_deadlock_stack=0").err);
  ASSERT_THAT(parsed.reports, SizeIs(1));
  EXPECT_FALSE(parsed.reports[0].damaged);
  ASSERT_THAT(parsed.reports[0].edges, SizeIs(2));
  EXPECT_FALSE(parsed.reports[0].edges[0].held_stack.has_value());
}

TEST_P(RealCorpus, ColoursChangeNothing) {
  for (const char* mode : {"global", "heap", "lock_order", "leak_one", "destroy_locked"}) {
    const std::string coloured = Run(mode, "color=always").err;
    EXPECT_THAT(coloured, HasSubstr("\x1b["));
    const ParsedReports parsed = ParseThreadSanitizer(coloured), plain = ParseThreadSanitizer(Run(mode).err);
    ASSERT_THAT(parsed.reports, SizeIs(1)) << coloured;
    ASSERT_THAT(plain.reports, SizeIs(1));
    EXPECT_EQ(Signature(parsed.reports[0]), Signature(plain.reports[0]));
    EXPECT_EQ(Accesses(parsed.reports[0]), Accesses(plain.reports[0]));
    EXPECT_EQ(parsed.reports[0].edges.size(), plain.reports[0].edges.size());
    EXPECT_FALSE(parsed.reports[0].damaged);
    EXPECT_THAT(parsed.reports[0].text, Not(HasSubstr("\x1b")));
  }
}

TEST_P(RealCorpus, WithoutSymbolsModulesAndOffsetsAreKept) {
  const ParsedReports named = ParseThreadSanitizer(Run("heap").err),
                      bare = ParseThreadSanitizer(Run("heap", "symbolize=0").err);
  ASSERT_THAT(named.reports, SizeIs(1));
  ASSERT_THAT(bare.reports, SizeIs(1));
  const Frame& frame = bare.reports[0].stacks.at(0).frames.at(0);
  EXPECT_EQ(frame.function, "");
  EXPECT_EQ(frame.file, "");
  EXPECT_EQ(frame.module, "every_kind");
  EXPECT_EQ(frame.offset, named.reports[0].stacks.at(0).frames.at(0).offset);
  EXPECT_FALSE(bare.reports[0].damaged);
}

TEST_P(RealCorpus, AFileOfReportsIsRead) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / absl::StrCat("corpus-", GetParam());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const ChildResult result = Run("two_races", absl::StrCat("log_path=", (folder / "log").string()));
  EXPECT_THAT(result.err, Not(HasSubstr("ThreadSanitizer")));
  size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    ++files;
    const ParsedReports parsed = ParseThreadSanitizer(ReadFile(file.path()));
    ASSERT_THAT(parsed.reports, SizeIs(2));
    EXPECT_TRUE(absl::EndsWith(file.path().string(), absl::StrCat(".", parsed.reports[0].pid)));
    EXPECT_NE(Signature(parsed.reports[0]), Signature(parsed.reports[1]));
  }
  EXPECT_EQ(files, 1u);
}

TEST_P(RealCorpus, TwoProcessesAreToldApartOrSaidToBeMixed) {
  const ParsedReports parsed = ParseThreadSanitizer(Run("two_processes").err);
  EXPECT_EQ(parsed.reports.size() + parsed.incomplete.size(), 2u);
  for (const Report& report : parsed.reports) EXPECT_EQ(report.kind, ReportKind::kDataRace);
  for (const IncompleteReport& report : parsed.incomplete) EXPECT_EQ(report.kind, ReportKind::kDataRace);
}

TEST_P(RealCorpus, MatchedSuppressionsAreListed) {
  const std::string file = absl::StrCat(testing::TempDir(), "corpus-", GetParam(), ".supp");
  std::ofstream(file) << "race:WriteBlock\nrace:Unused\n";
  const ParsedReports parsed =
      ParseThreadSanitizer(Run("two_races", absl::StrCat("print_suppressions=1:suppressions=", file)).err);
  EXPECT_THAT(parsed.reports, SizeIs(1));
  ASSERT_THAT(parsed.suppressions, SizeIs(1));
  EXPECT_EQ(parsed.suppressions[0].pattern, "race:WriteBlock");
  EXPECT_EQ(parsed.suppressions[0].hits, 1u);
  EXPECT_EQ(parsed.suppressions[0].pid, parsed.reports.at(0).pid);
}

INSTANTIATE_TEST_SUITE_P(By, RealCorpus,
                         testing::Values("clang++-14", "clang++-16", "clang++-17", "clang++-18", "clang++-19", "g++"),
                         [](const auto& info) { return absl::StrReplaceAll(info.param, {{"+", "x"}, {"-", "_"}}); });

}  // namespace
}  // namespace racelab
