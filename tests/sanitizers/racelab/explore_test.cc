// racelab explore as users run it: its exit codes, its messages, and the commands that it prints for pasting.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/exploration_run.h"
#include "sanitizers/racelab/temporary_folder.h"
#include "tests/sanitizers/racelab/scratch_project.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExploreTest : public testing::TestWithParam<std::string> {
 protected:
  static std::string Program() { return absl::StrCat(RACELAB_BUILD_DIR, "/", GetParam(), "/bin/explored/endings"); }

  // Explores the program with `arguments`.
  static ChildResult Explore(std::vector<std::string> options, const std::vector<std::string>& arguments) {
    options.insert(options.begin(), "explore");
    options.insert(options.end(), {"--", Program()});
    options.insert(options.end(), arguments.begin(), arguments.end());
    return RunChild(RacelabCommand(std::move(options)));
  }

  static nlohmann::json Json(std::vector<std::string> options, const std::vector<std::string>& arguments) {
    options.push_back("--json");
    return nlohmann::json::parse(Explore(std::move(options), arguments).out, nullptr, false);
  }

  // Runs the command in a shell with `racelab` in its PATH.
  static ChildResult Paste(const std::string& command) {
    ChildSpec spec = RacelabCommand({});
    const std::string racelab = spec.argv[0];
    spec.argv = {"bash", "-c", absl::StrCat("racelab() { \"", racelab, "\" \"$@\"; }\n", command)};
    return RunChild(spec);
  }

  // The line after "again, or with --gdb:".
  static std::string ReplayLine(const std::string& out) {
    const std::string mark = "again, or with --gdb:\n";
    const size_t begin = out.find(mark);
    if (begin == std::string::npos) return "";
    size_t end = out.find('\n', begin + mark.size());
    while (end != std::string::npos && out[end - 1] == '\\') end = out.find('\n', end + 1);
    return out.substr(begin + mark.size(), end - begin - mark.size());
  }
};

TEST_P(ExploreTest, ExitsWithWhatItKnows) {
  const std::vector<std::pair<std::string, int>> endings = {
      {"right", 0}, {"assertions", 1}, {"unsupported", 3}, {"random", 3}, {"many", 0}};
  for (const auto& [ending, code] : endings) {
    for (const char* json : {"--json", "--full"}) {
      const ChildResult result = Explore({json, "--time", "20"}, {ending, "0"});
      EXPECT_EQ(result.exit_code, code) << ending << ": " << result.out << result.err;
    }
  }
}

TEST_P(ExploreTest, TellsMisuseFromWhatCannotBeTold) {
  EXPECT_EQ(Explore({"--replay", "12{3"}, {"right"}).exit_code, 2);
  EXPECT_EQ(Explore({"--replay", "@/no/such/file"}, {"right"}).exit_code, 2);
  EXPECT_EQ(RunChild(RacelabCommand({"explore", "--", "/no/such/program"})).exit_code, 2);
  const ChildResult other = Explore({"--replay", "9999"}, {"right"});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_THAT(other.out, AllOf(HasSubstr("not deterministic"), HasSubstr("the schedule does not fit")));
  const ChildResult killed = RunChild(RacelabCommand({"explore", "--", "sh", "-c", "kill -KILL $$"}));
  EXPECT_EQ(killed.exit_code, 3);
  EXPECT_THAT(killed.err, HasSubstr("killed by SIGKILL"));
  const ChildResult without = RunChild(RacelabCommand({"explore", "--", "/bin/true"}));
  EXPECT_EQ(without.exit_code, 3);
  EXPECT_THAT(without.err, HasSubstr("is the program built with -fsanitize=thread"));
}

TEST_P(ExploreTest, NamesWhatIsNotSupportedAndWhatToDo) {
  const ChildResult result = Explore({}, {"unsupported"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("unsupported: T2 calls fork()"), HasSubstr("next: ")));
  EXPECT_THAT(result.out, HasSubstr("0 failed, 1 cannot be told"));
}

TEST_P(ExploreTest, PrintsALineThatCanBePasted) {
  for (const std::vector<std::string>& ending : std::vector<std::vector<std::string>>{
           {"assertions"}, {"long", "5"}, {"long", "400"}, {"long", "5", "with blanks", "and 'quotes'", ""}}) {
    const ChildResult found = Explore({"--time", "20"}, ending);
    EXPECT_EQ(found.exit_code, 1);
    const std::string line = ReplayLine(found.out);
    ASSERT_THAT(line, HasSubstr("--replay")) << found.out;
    const ChildResult again = Paste(line);
    EXPECT_EQ(again.exit_code, 1) << line << "\n" << again.out << again.err;
    EXPECT_EQ(ReplayLine(again.out), line);
    EXPECT_THAT(again.out, HasSubstr("assertion failed"));
  }
}

TEST_P(ExploreTest, LetsLoadsReturnOlderValues) {
  const std::string program = absl::StrCat(RACELAB_BUILD_DIR, "/", GetParam(), "/bin/explored/misconceptions");
  const std::vector<std::string> entering = {"--", program, "older_value"};
  const auto explore = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "explore");
    words.insert(words.end(), entering.begin(), entering.end());
    return RunChild(RacelabCommand(std::move(words)));
  };
  EXPECT_THAT(explore({}).out, HasSubstr("not explored: effects of orders weaker"));
  const ChildResult found = explore({"--older-values", "2"});
  EXPECT_EQ(found.exit_code, 1) << found.out << found.err;
  const ChildResult again = Paste(ReplayLine(found.out));
  EXPECT_EQ(again.exit_code, 1) << again.out << again.err;
  EXPECT_THAT(again.out, HasSubstr("acquire load inside_[0] → false (older)"));
}

// The formats have what `racelab report` makes of the same exploration; what cannot be told does not pass.
TEST_P(ExploreTest, WritesItsFailuresForOthersToRead) {
  const TemporaryFolder files;
  const auto text = [&](const std::string& name) {
    std::ifstream file(files / name);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  for (const auto& [ending, failures, errors] :
       std::vector<std::tuple<std::string, int, int>>{{"right", 0, 0}, {"assertions", 1, 0}, {"unsupported", 0, 1}}) {
    SCOPED_TRACE(ending);
    const ChildResult result =
        Explore({"--json", "--time", "20", "--sarif", files / "sarif", "--junit", files / "junit", "--markdown",
                 files / "markdown", "--json-findings", files / "json"},
                {ending});
    std::ofstream(files / "explored.json") << result.out;
    const std::string counts = absl::StrCat("tests=\"1\" failures=\"", failures, "\" errors=\"", errors, "\" time=\"");
    EXPECT_THAT(text("junit"),
                AllOf(HasSubstr(counts), HasSubstr("<testcase classname=\"interleavings\" name=\"main\"")));
    const nlohmann::json results = nlohmann::json::parse(text("sarif"))["runs"][0]["results"];
    const nlohmann::json findings = nlohmann::json::parse(text("json"));
    EXPECT_EQ(results.size(), findings["findings"].size());
    EXPECT_EQ(results.empty(), failures == 0);
    EXPECT_THAT(text("markdown"), HasSubstr(failures == 0 ? "racelab found nothing" : "assertion failed"));
    const ChildResult reported = RunChild(
        RacelabCommand({"report", "--format", "json", "--junit", files / "reported", files / "explored.json"}));
    nlohmann::json again = nlohmann::json::parse(reported.out);
    EXPECT_THAT(text("reported"), HasSubstr(counts));
    ASSERT_EQ(again["findings"].size(), findings["findings"].size());
    for (size_t i = 0; i < again["findings"].size(); ++i)
      EXPECT_EQ(again["findings"][i]["fingerprint"], findings["findings"][i]["fingerprint"]);
    const ChildResult annotated = Explore({"--time", "20", "--github"}, {ending});
    EXPECT_EQ(absl::StrContains(annotated.out, "::error file=tests/sanitizers/explored/"), failures > 0)
        << annotated.out;
  }
}

TEST_P(ExploreTest, SaysTheSameWithOneJobMore) {
  for (const char* ending : {"right", "assertions", "unsupported", "long"}) {
    std::vector<std::string> outcomes;
    for (const char* jobs : {"1", "2", "3"}) {
      const nlohmann::json json = Json({"-j", jobs}, {ending, "3"});
      ASSERT_EQ(json.size(), 1u) << ending;
      std::string outcome = json[0]["certainty"];
      for (const auto& failure : json[0]["failures"])
        absl::StrAppend(&outcome, " ", failure["message"].get<std::string>());
      outcomes.push_back(outcome);
    }
    EXPECT_EQ(outcomes[0], outcomes[1]);
    EXPECT_EQ(outcomes[0], outcomes[2]);
  }
}

TEST_P(ExploreTest, RunsNoMoreExecutionsOverAllJobsThanItMay) {
  for (const std::string search : {"random", "pct"}) {
    for (const char* jobs : {"1", "2", "3"}) {
      std::uint64_t executions = 0;
      for (const auto& exploration : Json({"-j", jobs, "--search", search, "--executions", "10"}, {"right"}))
        executions += exploration["interleavings"].get<std::uint64_t>();
      EXPECT_EQ(executions, 10u) << search << " " << jobs;
    }
  }
}

TEST_P(ExploreTest, CountsAScenarioOnceHoweverManySeeds) {
  const std::vector<std::string> at_random = {"-j", "2", "--search", "random", "--executions", "10"};
  EXPECT_THAT(Explore(at_random, {"right"}).out, HasSubstr("explored: 1 scenario, 10 interleavings, 0 failed"));
  EXPECT_THAT(Explore(at_random, {"assertions"}).out,
              AllOf(HasSubstr("explored: 1 scenario, "), HasSubstr(" 1 failed")));
}

TEST_P(ExploreTest, EndsAtOnceWhereThereIsNoTime) {
  const nlohmann::json json = Json({"--time", "0.001"}, {"long", "2000"});
  ASSERT_EQ(json.size(), 1u);
  EXPECT_LE(json[0]["interleavings"].get<std::uint64_t>(), 64u);
}

RACELAB_FOR_EACH_TREE(ExploreTest);

TEST(ShareOfExecutions, AddsUpToAll) {
  for (std::uint64_t executions : {0, 1, 2, 3, 10, 1001}) {
    for (int count : {1, 2, 3, 7}) {
      std::uint64_t sum = 0;
      for (int i = 0; i < count; ++i) sum += ShareOfExecutions(executions, i, count);
      EXPECT_EQ(sum, executions);
    }
  }
}

TEST(ShareOfTime, IsNoLimitOnlyWhereThereIsNone) {
  EXPECT_EQ(ShareOfTime(Deadline(), 3), 0);
  EXPECT_GT(ShareOfTime(Deadline::In(-5), 3), 0);
  EXPECT_LT(ShareOfTime(Deadline::In(-5), 3), 0.01);
  EXPECT_LE(ShareOfTime(Deadline::In(9), 3), 3);
  EXPECT_EQ(Deadline::In(-5).Left(), 0);
}

}  // namespace
}  // namespace racelab
