// README.md shows what the commands in it print.

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/tasks.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

// Without what differs from run to run.
std::string Normal(std::string text) {
  text = std::regex_replace(text, std::regex(" +[0-9]+\\.[0-9] s\n"), "  TIME\n");
  // The program of a lab runs until a day goes wrong.
  return std::regex_replace(text, std::regex("day [0-9]+: answered 400000, counted [0-9]+"), "day N: counted N");
}

// What the command prints; of `check`, which needs somebody's copy of a lab, what its screen is known to show.
std::string OutputOf(const std::vector<std::string>& words) {
  if (words == std::vector<std::string>{"racelab", "check", "twin_orders"}) {
    const std::string screens = TextOf("tests/sanitizers/participant/screens/load_then_store.txt");
    constexpr std::string_view heading = "=== lab\n";
    const size_t begin = screens.find(heading) + heading.size();
    return screens.substr(begin, screens.find("\n=== ", begin) + 1 - begin);
  }
  ChildSpec spec = RacelabCommand({words.begin() + 1, words.end()});
  spec.environment = {{"LC_ALL", "C.UTF-8"}};
  const ChildResult result = RunChild(spec);
  return absl::StrCat(result.out, result.err);
}

TEST(Readme, ShowsWhatTheCommandsPrint) {
  if (std::string(RACELAB_TSAN_PRESETS).find("tsan") != 0) GTEST_SKIP() << "the output is that of clang's programs";
  std::vector<ShownCommand> all = ShownIn(TextOf("README.md"));
  std::erase_if(all, [](const ShownCommand& shown) { return shown.output.empty(); });
  EXPECT_THAT(all, testing::SizeIs(testing::Ge(8)));
  for (const ShownCommand& shown : all)
    EXPECT_EQ(Normal(shown.output), Normal(OutputOf(shown.words))) << absl::StrJoin(shown.words, " ");
}

}  // namespace
}  // namespace racelab
