// racelab as users run it: a real process, its output and its exit code.

#include <unistd.h>

#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/lab.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

ChildResult Racelab(std::vector<std::string> arguments, std::string directory = RACELAB_SOURCE_DIR,
                    std::vector<std::pair<std::string, std::string>> environment = {}) {
  ChildSpec spec = RacelabCommand(std::move(arguments), std::move(directory));
  spec.environment = std::move(environment);
  return RunChild(spec);
}

class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / (name + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_;
};

TEST(CommandLine, WithoutACommandShowsTheTour) {
  const ChildResult result = Racelab({});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("racelab --help"));
}

TEST(CommandLine, SuggestsTheCommandThatWasMeant) {
  const ChildResult result = Racelab({"verfiy"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean verify?"));
}

TEST(CommandLine, NamesNoLabsBugBesideItsSymptom) {
  for (const char* command : {"show", "run", "start", "verify", "bench"}) {
    const ChildResult result = Racelab({command, "quantum"});
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_EQ(result.err, "racelab: no lab 'quantum'; `racelab list` names them\n") << command;
  }
}

TEST(CommandLine, SuggestsTheLabThatWasMeant) {
  const ChildResult result = Racelab({"show", "lost_updaet"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("did you mean lost_update?"));
}

// In a checkout where nobody has solved anything yet.
class BeforeALabIsSolved : public testing::Test {
 protected:
  std::vector<std::string> Candidates(std::vector<std::string> words) const {
    words.insert(words.begin(), {"completion", "--", "racelab"});
    return absl::StrSplit(scratch_.Racelab(std::move(words)).out, '\n', absl::SkipEmpty());
  }
  void Solve() const {
    scratch_.Write("workspace/.progress.json",
                   R"({"version": 1, "labs": {"lost_update": {"solved": "2026-01-01T00:00:00Z"}}})");
  }

  const ScratchProject scratch_{ScratchProject::Checkout::kUsed};
};

TEST_F(BeforeALabIsSolved, ErrorsNameNoFix) {
  const std::vector<std::string> variants = LoadLab(scratch_.project(), "data_races", "lost_update")->variants;
  for (const char* command : {"run", "explore", "verify", "mutate", "bench", "check", "step", "report", "diff"}) {
    scratch_.Write("workspace/forgetful_counter/hit_counter.h", TextOf("labs/data_races/lost_update/hit_counter.h"));
    for (const char* wrong : {"semaphore", "mutxe"}) {
      const ChildResult result = scratch_.Racelab({command, "forgetful_counter", wrong});
      EXPECT_EQ(result.exit_code, 2) << command;
      EXPECT_THAT(result.err, HasSubstr("Its fixes are named here once it is solved.")) << command;
      for (const std::string& variant : variants) {
        if (variant != "lab" && variant != "mine") EXPECT_THAT(result.err, Not(HasSubstr(variant))) << command;
      }
    }
  }
  Solve();
  EXPECT_THAT(scratch_.Racelab({"run", "forgetful_counter", "semaphore"}).err,
              HasSubstr("there are: lab, mutex, atomic, message"));
  EXPECT_THAT(scratch_.Racelab({"run", "forgetful_counter", "mutxe"}).err, HasSubstr("did you mean mutex?"));
}

// A lab has variants that have no benchmark: itself, rejected repairs, changes.
TEST_F(BeforeALabIsSolved, MeasuresNoFixUnlessAsked) {
  const ChildResult unasked = scratch_.Racelab({"bench", "forgetful_counter"});
  EXPECT_EQ(unasked.exit_code, 1);
  EXPECT_THAT(unasked.out, AllOf(HasSubstr("racelab bench forgetful_counter --anyway"), Not(HasSubstr("mutex"))));
  const ChildResult asked = scratch_.Racelab({"bench", "forgetful_counter", "--min-time=0.01", "--anyway"});
  EXPECT_EQ(asked.exit_code, 0) << asked.err;
  for (const char* fix : {"mutex", "atomic", "message"}) EXPECT_THAT(asked.out, HasSubstr(fix));
  Solve();
  EXPECT_EQ(scratch_.Racelab({"bench", "forgetful_counter", "--min-time=0.01"}).out.substr(0, 30),
            asked.out.substr(0, 30));
}

TEST_F(BeforeALabIsSolved, CompletesCommandsOptionsLabsAndVariants) {
  EXPECT_THAT(Candidates({""}), AllOf(Contains("verify"), Contains("watch"), Contains("step")));
  EXPECT_THAT(Candidates({"verify", "-"}), AllOf(Contains("--tool"), Contains("--repeat"), Contains("--help")));
  EXPECT_THAT(Candidates({"verify", "--tool", ""}), ElementsAre("tsan", "interleave", "both"));
  EXPECT_THAT(Candidates({"run", ""}), AllOf(Contains("forgetful_counter"), Not(Contains("lost_update"))));
  EXPECT_THAT(Candidates({"run", "forgetful_counter", ""}), ElementsAre("lab"));
  EXPECT_THAT(Candidates({"nonsense", ""}), IsEmpty());
  EXPECT_THAT(Candidates({"review", ""}), ElementsAre("start", "grade", "export"));
  EXPECT_THAT(Candidates({"review", "start", ""}), Contains("forgetful_counter"));
  EXPECT_THAT(Candidates({"review", "start", "-"}), Contains("--seed"));
  EXPECT_THAT(Candidates({"review", "grade", ""}), IsEmpty());
  Solve();
  EXPECT_THAT(Candidates({"run", ""}), AllOf(Contains("lost_update"), Contains("flight_recorder")));
  EXPECT_THAT(Candidates({"explore", "--all", "lost_update", ""}), AllOf(Contains("mutex"), Contains("message")));
}

TEST_F(BeforeALabIsSolved, TheManPageHasEveryCommandAndOption) {
  const std::string page = TextOf("sanitizers/racelab/racelab.1");
  for (const std::string& command : Candidates({""})) {
    EXPECT_TRUE(absl::StrContains(page, "Cm " + command)) << command;
    for (std::string_view option : Candidates({command, "-"})) {  // The commands of `review` are here, too.
      const std::string entry = absl::ConsumePrefix(&option, "--") ? "Fl \\-" : "Cm review ";
      EXPECT_TRUE(absl::StrContains(page, absl::StrCat(entry, option))) << command << ": " << option;
    }
  }
}

// In the shell itself, as a user's tab does it.
TEST(CommandLine, CompletesInBash) {
  ChildSpec spec;
  spec.argv = {"bash", "-c",
               "PATH=" RACELAB_BUILD_DIR
               "/bin:$PATH; source <(racelab completion); "
               "COMP_WORDS=(racelab run flight); COMP_CWORD=2; _racelab; echo ${COMPREPLY[@]}"};
  EXPECT_EQ(RunChild(spec).out, "flight_recorder\n");
}

TEST(CommandLine, ExploringNoTestIsMisuse) {
  for (const char* jobs : {"1", "2"}) {
    const ChildResult result = Racelab({"explore", "lost_update", "--test", "No Such*", "-j", jobs});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("no test of lost_update matches 'No Such*'"));
  }
}

TEST(CommandLine, KeepsItsReportsInAnyFolder) {
  const TemporaryFolder folder("a, b=c");
  const ChildResult result =
      Racelab({"explore", "check_then_act", "mutex"}, RACELAB_SOURCE_DIR, {{"TMPDIR", folder.path()}});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr(" scenarios, "), HasSubstr(" 0 failed")));
}

TEST(CommandLine, AnUnknownOptionIsMisuse) {
  EXPECT_EQ(Racelab({"verify", "--frobnicate"}).exit_code, 2);
  EXPECT_EQ(Racelab({"verify", "--repeat", "0"}).exit_code, 2);
  EXPECT_EQ(Racelab({"verify", "--compiler", "msvc"}).exit_code, 2);
}

TEST(CommandLine, FindsItsProjectFromElsewhere) {
  const ChildResult result = Racelab({"list", "--names"}, "/");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("forgetful_counter\n"));
}

TEST(CommandLine, ListsLabsAsJson) {
  const nlohmann::json json = nlohmann::json::parse(Racelab({"list", "--json"}).out, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_GE(json["labs"].size(), 7u);
  EXPECT_EQ(json["tracks"][0]["name"], json["labs"][0]["track"]);
  EXPECT_NE(json["tracks"][0]["title"], "");
  EXPECT_THAT(json["labs"][0]["variants"].get<std::vector<std::string>>(), Contains("lab"));
}

TEST(CommandLine, PrintsNoColoursIntoAPipe) { EXPECT_THAT(Racelab({"list"}).out, Not(HasSubstr("\033"))); }

TEST(CommandLine, ShowsTheLabGoingWrongAndTheFixGoingRight) {
  const ChildResult wrong = Racelab({"run", "lost_update"});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.out, MatchesRegex("day [1-7]: answered 400000, counted [0-9]+\n"));
  const ChildResult right = Racelab({"run", "lost_update", "mutex"});
  EXPECT_EQ(right.exit_code, 0);
  EXPECT_EQ(right.out, "7 days: answered and counted 400000 on each\n");
}

TEST(CommandLine, NamesTheDeadlockThatAProgramEndsIn) {
  const ChildResult result = Racelab({"run", "lock_order"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("racelab: deadlock, stopped\n"
                                    "  thread 2 waits for a mutex that thread 3 holds\n"
                                    "  thread 3 waits for a mutex that thread 2 holds\n"));
}

TEST(CommandLine, VerifiesOneFixAndCounts) {
  const ChildResult result = Racelab({"verify", "lost_update", "mutex", "--repeat", "3"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, EndsWith("verified: 1 lab, 1 variant, all as they should be\n"));
}

TEST(CommandLine, CountsTheRunsOfAFixThoughOneProcessMakesSeveral) {
  const ChildResult result = Racelab({"verify", "lost_update", "mutex", "--tool", "tsan", "--repeat", "83", "--json"});
  const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out << result.err;
  EXPECT_EQ(json["verifications"][0]["runs"], 83);
  EXPECT_EQ(json["verifications"][0]["wrong"], 0);
}

TEST(CommandLine, VerifiesAsJson) {
  const nlohmann::json json = nlohmann::json::parse(Racelab({"verify", "lost_update", "--json"}).out, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_EQ(json["failed"], 0);
  EXPECT_EQ(json["verifications"][0]["verdict"], "exposed");
  EXPECT_EQ(json["verifications"][0]["reports"][0]["kind"], "data race");
}

TEST(CommandLine, ShowsTheInterleavingThatFailsAndReplaysIt) {
  const std::vector<std::string> command = {"explore", "check_then_act", "--test",
                                            "Voucher.PaysWithTheSameMoneyOnlyOnce"};
  const ChildResult found = Racelab(command);
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_THAT(found.out, HasSubstr("Voucher.PaysWithTheSameMoneyOnlyOnce: fails in interleaving 2\n"));
  EXPECT_THAT(found.out, HasSubstr("lock mutex_  voucher.h:"));
  std::smatch replay;
  ASSERT_TRUE(std::regex_search(found.out, replay, std::regex("--replay ([0-9a-zA-Z:{}]+)"))) << found.out;

  std::vector<std::string> again = command;
  again.insert(again.end(), {"--replay", replay[1]});
  const ChildResult replayed = Racelab(again);
  EXPECT_EQ(replayed.exit_code, 1);
  EXPECT_THAT(replayed.out, HasSubstr(replay[0]));
}

TEST(CommandLine, SplitsASearchAmongMachines) {
  const auto explore = [](const std::vector<std::string>& options) {
    std::vector<std::string> command = {"explore", "load_then_store", "message", "--json"};
    command.insert(command.end(), options.begin(), options.end());
    std::map<std::string, int> interleavings;
    const nlohmann::json json = nlohmann::json::parse(Racelab(command).out, nullptr, false);
    for (const auto& exploration : json)
      interleavings[exploration["scenario"]] += exploration["interleavings"].get<int>();
    return interleavings;
  };
  std::map<std::string, int> sum = explore({"--shard", "1/2"});
  for (const auto& [scenario, count] : explore({"--shard", "2/2"})) sum[scenario] += count;
  EXPECT_THAT(sum, Not(IsEmpty()));
  EXPECT_EQ(sum, explore({}));
}

TEST(CommandLine, LeavesAParticipantsWorkAlone) {
  const ScratchProject scratch;
  EXPECT_EQ(scratch.Racelab({"start", "lost_update"}).exit_code, 0);
  scratch.Write("workspace/lost_update/hit_counter.h", "my work");
  const ChildResult again = scratch.Racelab({"start", "lost_update"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_THAT(again.out, HasSubstr("left as it is"));
  EXPECT_EQ(scratch.Read("workspace/lost_update/hit_counter.h"), "my work");
}

TEST(CommandLine, KnowsALabByEitherName) {
  const ScratchProject scratch;
  EXPECT_THAT(scratch.Racelab({"start", "forgetful_counter"}).out,
              HasSubstr("workspace/forgetful_counter/hit_counter.h"));
  EXPECT_THAT(scratch.Racelab({"start", "lost_update"}).out,
              HasSubstr("workspace/forgetful_counter/hit_counter.h already"));
  EXPECT_THAT(scratch.Racelab({"list", "--variants", "lost_update"}).out, HasSubstr("mine\n"));
}

TEST(CommandLine, KnowsALabByItsFormerName) {
  const ScratchProject scratch;
  scratch.Replace("labs/data_races/lost_update/lab.toml", "level ", "formerly = [\"missing_hits\"]\nlevel ");
  EXPECT_THAT(scratch.Racelab({"start", "missing_hits"}).out, HasSubstr("racelab watch forgetful_counter"));
  EXPECT_EQ(scratch.Racelab({"show", "missing_hits"}).exit_code, 0);
}

TEST(CommandLine, NamesTheBugOnceTheLabIsSolved) {
  const ScratchProject scratch;
  const std::string unsolved = scratch.Racelab({"show", "forgetful_counter"}).out;
  EXPECT_THAT(unsolved, Not(HasSubstr("CWE")));
  EXPECT_THAT(unsolved, Not(HasSubstr("mutex, atomic")));
  EXPECT_THAT(scratch.Racelab({"list"}).out, Not(HasSubstr("lost_update")));
  scratch.Write("workspace/.progress.json",
                R"({"version": 1, "labs": {"lost_update": {"solved": "2026-01-01T00:00:00Z"}}})");
  EXPECT_THAT(scratch.Racelab({"show", "forgetful_counter"}).out, HasSubstr("CWE-366"));
  EXPECT_THAT(scratch.Racelab({"list"}).out, HasSubstr("lost_update"));
}

// The build is interrupted as well, and none of its processes goes on.
TEST(CommandLine, StopsItsBuildWhenInterrupted) {
  const ScratchProject scratch;
  const std::string tree = scratch.project().Tree("tsan").string();
  ChildSpec spec;
  const std::string script =
      "$1 verify lost_update & until [ -e $2/.ninja_log ]; do sleep 0.1; done\n"
      "kill -TERM $!; wait $!; code=$?\n"
      "ps -eo comm=,args= | grep -E '^(cmake|ninja|clang|cc1plus)' | grep -F $2 && exit 1\n"
      "exit $code";
  spec.argv = {"sh", "-c", script, "sh", RACELAB_BUILD_DIR "/bin/racelab", tree};
  spec.directory = scratch.project().root.string();
  spec.limits.time = absl::Minutes(5);
  spec.limits.memory_bytes = int64_t{16} << 30;
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.exit_code, 130) << result.out << result.err;
}

}  // namespace
}  // namespace racelab
