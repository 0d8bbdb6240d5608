// racelab canary: everything that would keep a report from being seen.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/symbols/instrumentation.h"
#include "tests/sanitizers/racelab/scratch_project.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using testing::HasSubstr;
using testing::Not;

ChildResult Canary(const std::string& tsan_options, std::vector<std::string> program = {}) {
  std::vector<std::string> arguments = {"canary"};
  if (!program.empty()) arguments.emplace_back("--");
  arguments.insert(arguments.end(), program.begin(), program.end());
  ChildSpec spec = RacelabCommand(arguments);
  spec.environment.emplace_back("TSAN_OPTIONS", tsan_options);
  spec.limits.time = absl::Minutes(2);
  ChildResult result = RunChild(spec);
  absl::StrReplaceAll({{"\n  ", " "}}, &result.out);  // Where lines are broken depends on the paths.
  return result;
}

TEST(CanaryTest, SingsOnThisMachine) {
  const ChildResult result = Canary("");
  EXPECT_THAT(result.out, HasSubstr("a certain data race is reported here"));
  EXPECT_THAT(result.out, HasSubstr("a program that reports a race fails"));
}

TEST(CanaryTest, NamesWhatHidesAReport) {
  const std::pair<std::string, std::string> kWrong[] = {
      {"exitcode=0", "remove exitcode=0"},
      {"report_bugs=0", "TSAN_OPTIONS=report_bugs=0 hides a certain data race"},
      {"symbolize=0", "with TSAN_OPTIONS=symbolize=0, the report has no lines"},
      {"log_path=/tmp/nobody-reads-it", "reports go to files"},
      {"exitcod=66", "knows no option \"exitcod\""},
      {"detect_deadlocks=false", "lock-order inversions are not reported"},
      {"suppressions=/no/such/file", "the program does not run at all"}};
  for (const auto& [options, words] : kWrong) {
    const ChildResult result = Canary(options);
    EXPECT_EQ(result.exit_code, 1) << options << result.out;
    EXPECT_THAT(result.out, HasSubstr(words));
  }
}

TEST(CanaryTest, NamesTheSuppressionThatHidesTooMuch) {
  const std::string file = absl::StrCat(testing::TempDir(), "canary.", getpid(), ".supp");
  std::ofstream(file) << "race:canary\n";
  const ChildResult result = Canary("suppressions=" + file);
  std::filesystem::remove(file);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("the suppression \"race:canary\" hides even the canary"));
}

TEST(CanaryTest, NamesAProgramThatIsNotBuiltForIt) {
  const ChildResult built = Canary("", {Victim(VictimTrees().front(), "race_free").argv[0]});
  EXPECT_THAT(built.out, HasSubstr("race_free is built with ThreadSanitizer"));
  const ChildResult other = Canary("", {"/bin/sh"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.out, HasSubstr("/bin/sh is not built with ThreadSanitizer"));
  EXPECT_THAT(Canary("", {"/etc/hostname"}).out, HasSubstr("is no program that can be looked at"));
}

TEST(CanaryTest, SaysWhatTheCompilerDoesNotSeeOfLocalObjects) {
  const std::string explored = std::string(RACELAB_BUILD_DIR) + "/" + VictimTrees().front() + "/bin/explored/";
  const std::string note = "! but clang before 21 does not instrument all uses";
  const ChildResult by_default = Canary("", {explored + "locals_left_out"});
  EXPECT_EQ(absl::StrContains(by_default.out, note), LeavesOutLocals(explored + "locals_left_out")) << by_default.out;
  EXPECT_EQ(by_default.exit_code, 0);
  EXPECT_THAT(Canary("", {explored + "locals"}).out, Not(HasSubstr(note)));
}

TEST(CanaryTest, SaysThatInlinedCopiesAreNotSeen) {
  const std::string note = "! but g++ does not instrument calls of memcpy()";
  for (const std::string& tree : VictimTrees()) {
    const std::string explored = std::string(RACELAB_BUILD_DIR) + "/" + tree + "/bin/explored/";
    const ChildResult inlined = Canary("", {explored + "copies_inlined"});
    EXPECT_EQ(absl::StrContains(inlined.out, note), LeavesOutCopies(explored + "copies_inlined")) << inlined.out;
    EXPECT_THAT(Canary("", {explored + "copies"}).out, Not(HasSubstr(note)));
    // Abseil, with which a lab's test is linked, is optimised; the test is not.
    EXPECT_FALSE(LeavesOutCopies(std::string(RACELAB_BUILD_DIR) + "/" + tree + "/bin/lost_update/mutex_test"));
  }
}

}  // namespace
}  // namespace racelab
