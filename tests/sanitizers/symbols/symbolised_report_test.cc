#include "sanitizers/symbols/symbolised_report.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/symbolise.h"
#include "sanitizers/verdict/tsan_run.h"
#include "tests/sanitizers/report/site_names.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StrEq;

// A victim's reports, symbolised by ThreadSanitizer itself, in the program, or by us.
std::string Reports(const std::string& tree, const std::string& victim, bool by_us) {
  ChildSpec spec = Victim(tree, victim);
  if (!by_us) spec.environment = {{"TSAN_OPTIONS", "suppressions="}};  // needs the names in the program
  return RunUnderThreadSanitizer(spec).err;
}

// A report's stacks, in no particular order: which of two racing threads comes second, and so makes the report, differs
// between runs of the same program.
using Stacks = std::multiset<std::vector<std::string>>;

// The file and line of each frame in the program. g++'s runtime symbolises more of the libraries than llvm-symbolizer
// does.
Stacks Places(const Report& report) {
  Stacks stacks;
  for (const Stack& stack : report.stacks) {
    std::vector<std::string> places;
    for (const Frame& frame : stack.frames) {
      if (absl::StrContains(frame.module, ".so")) continue;
      places.push_back(absl::StrCat(frame.module, " ", frame.file, ":", frame.line));
    }
    stacks.insert(places);
  }
  return stacks;
}

Stacks Functions(const Report& report) {
  Stacks stacks;
  for (const Stack& stack : report.stacks) {
    std::vector<std::string> functions;
    for (const Frame& frame : stack.frames) functions.push_back(frame.function);
    stacks.insert(functions);
  }
  return stacks;
}

std::multiset<std::string> Roles(const Report& report) {
  std::multiset<std::string> roles;
  for (const Stack& stack : report.stacks) roles.insert(std::string(Name(stack.role)));
  return roles;
}

// Without the address, which differs in each run.
std::string Location(const Report& report) { return report.location.substr(0, report.location.find(" at 0x")); }

class SymbolisedReport : public VictimTest {};

TEST_P(SymbolisedReport, SaysWhatThreadSanitizersOwnSays) {
  for (const char* victim :
       {"data_race", "global_race", "use_after_free", "lock_order", "lock_cycle", "vptr_race", "lambda_race",
        "bad_unlock", "double_lock", "destroy_locked", "invalid_mutex", "thread_leak", "signal_unsafe"}) {
    SCOPED_TRACE(victim);
    const std::string ours = Reports(GetParam(), victim, true);
    const std::string theirs = Reports(GetParam(), victim, false);
    SCOPED_TRACE(ours);
    SCOPED_TRACE(theirs);
    const std::vector<Report> reports = ParseThreadSanitizer(ours).reports;
    const std::vector<Report> expected = ParseThreadSanitizer(theirs).reports;
    ASSERT_EQ(reports.size(), 1u);
    ASSERT_EQ(expected.size(), 1u);
    EXPECT_EQ(Roles(reports[0]), Roles(expected[0]));
    EXPECT_EQ(Places(reports[0]), Places(expected[0]));
    EXPECT_EQ(Location(reports[0]), Location(expected[0]));
    EXPECT_EQ(SiteNames(reports[0]), SiteNames(expected[0]));
    if (GetParam() == "tsan") EXPECT_EQ(Functions(reports[0]), Functions(expected[0]));
  }
}

TEST_P(SymbolisedReport, NamesTheGlobal) {
  const std::string report = Reports(GetParam(), "global_race", true);
  EXPECT_THAT(report, HasSubstr("Location is global 'stock::g_items' of size 8 at 0x"));
}

TEST_P(SymbolisedReport, SumsUpWithTheSite) {
  // g++'s runtime names its own pthread_create in the summary.
  EXPECT_THAT(Reports(GetParam(), "thread_leak", true),
              ContainsRegex("\nSUMMARY: ThreadSanitizer: thread leak /.*/thread_leak.cc:11 in Service::Start\\(\\)\n"));
}

TEST_P(SymbolisedReport, KeepsWhatElseIsPrinted) {
  ChildSpec spec = Victim(GetParam(), "noise_in_report");
  spec.environment = {{"TSAN_OPTIONS", "halt_on_error=0"}};
  const std::string text = RunUnderThreadSanitizer(spec).err;
  EXPECT_THAT(text, Not(HasSubstr("<null> <null> (noise_in_report+")));
  EXPECT_THAT(text, HasSubstr("progress: still at it, thank you\n"));
}

TEST(SymboliseReports, KeepsWhatStandsInFrontOfAFrameAndFramesOfUnknownPrograms) {
  EXPECT_THAT(SymboliseReports("WARNING: ThreadSanitizer: data race (pid=1)\n"
                               "progress: 30 %    #0 <null> <null> (/none/program+0x1) 0x1001\n"
                               "cut he",
                               ""),
              StrEq("WARNING: ThreadSanitizer: data race (pid=1)\n"
                    "progress: 30 %    #0 <null> <null> (program+0x1)\n"
                    "cut he"));
}

// The files that the debug information names for places throughout the code.
std::vector<std::string> Files(const std::string& program) {
  std::vector<std::string> places, files;
  for (int offset = 0x1000; offset < 0x4000; offset += 0x40) {
    places.push_back(absl::StrFormat("%s+0x%x", program, offset));
  }
  const auto frames = Symbolise(places, "");
  for (const std::string& place : places) files.push_back(frames.at(place).at(0).file);
  return files;
}

TEST_P(SymbolisedReport, IsOfTheProgramAsItIsNow) {
  const std::string first = Victim(GetParam(), "data_race").argv[0];
  const std::string second = Victim(GetParam(), "lock_order").argv[0];
  ASSERT_NE(Files(first), Files(second));
  const std::filesystem::path copy = testing::TempDir() + "rebuilt_" + GetParam();
  for (const std::string& program : {first, second, first}) {
    std::filesystem::copy_file(program, copy, std::filesystem::copy_options::overwrite_existing);
    EXPECT_EQ(Files(copy), Files(program));
  }
  std::filesystem::remove(copy);
}

RACELAB_FOR_EACH_TREE(SymbolisedReport);

}  // namespace
}  // namespace racelab
