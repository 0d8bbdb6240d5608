// README.md shows what the commands in it print.

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/project.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

std::string TextOf(const std::string& file) {
  return ReadFile(std::filesystem::path(RACELAB_SOURCE_DIR) / file).value_or("");
}

// A command of a `console` block, with the lines below it.
struct Shown {
  std::string command;
  std::string output;
};

// The commands of `racelab` that are shown with their output.
std::vector<Shown> ShownIn(const std::string& readme) {
  std::vector<Shown> shown;
  bool in_block = false;
  for (std::string_view line : absl::StrSplit(readme, '\n')) {
    if (absl::StartsWith(line, "```")) {
      in_block = line == "```console";
    } else if (in_block && absl::ConsumePrefix(&line, "$ ")) {
      shown.push_back({std::string(line), ""});
    } else if (in_block && !shown.empty()) {
      absl::StrAppend(&shown.back().output, line, "\n");
    }
  }
  std::erase_if(shown,
                [](const Shown& one) { return one.output.empty() || !absl::StartsWith(one.command, "racelab"); });
  return shown;
}

// Without what differs from run to run.
std::string Normal(std::string text) {
  text = std::regex_replace(text, std::regex(" +[0-9]+\\.[0-9] s\n"), "  TIME\n");
  // The program of a lab runs until a day goes wrong.
  return std::regex_replace(text, std::regex("day [0-9]+: answered 400000, counted [0-9]+"), "day N: counted N");
}

// What the command prints; of `check`, which needs somebody's copy of a lab, what its screen is known to show.
std::string Printed(const std::string& command) {
  if (command == "racelab check twin_orders") {
    const std::string screens = TextOf("tests/sanitizers/participant/screens/load_then_store.txt");
    return screens.substr(0, screens.find("=== ", 1)).substr(std::string_view("=== lab\n").size());
  }
  ChildSpec spec = RacelabCommand({});
  spec.argv = {"/bin/sh", "-c", command + " 2>&1"};
  spec.environment = {{"PATH", absl::StrCat(RACELAB_BUILD_DIR, "/bin:", std::getenv("PATH"))}, {"LC_ALL", "C.UTF-8"}};
  return RunChild(spec).out;
}

TEST(Readme, ShowsWhatTheCommandsPrint) {
  if (std::string(RACELAB_TSAN_PRESETS).find("tsan") != 0) GTEST_SKIP() << "the output is that of clang's programs";
  const std::vector<Shown> all = ShownIn(TextOf("README.md"));
  EXPECT_THAT(all, testing::SizeIs(testing::Ge(8)));
  for (const Shown& shown : all) EXPECT_EQ(Normal(shown.output), Normal(Printed(shown.command))) << shown.command;
}

}  // namespace
}  // namespace racelab
