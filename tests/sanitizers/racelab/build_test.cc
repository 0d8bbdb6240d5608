#include "sanitizers/racelab/build.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/terminal.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

class BuildTest : public testing::Test {
 protected:
  void SetUp() override { Write("forgetful_counter/hit_counter.h", "data_races/lost_update/hit_counter.h"); }
  void Write(std::string_view copy, std::string_view original) const {
    scratch_.Write(absl::StrCat("workspace/", copy), TextOf(absl::StrCat("labs/", original)));
  }
  // What is shown while a target is built.
  std::vector<std::string> ShownOf(const std::string& target) const {
    std::vector<std::string> shown;
    Progress progress([&](std::string_view line) { shown.emplace_back(line); });
    const absl::StatusOr<BuildFailures> failures =
        Build(scratch_.project(), ThreadSanitizerPreset(""), {target}, progress);
    EXPECT_TRUE(failures.ok() && failures->empty()) << failures.status();
    return shown;
  }

  const ScratchProject scratch_{ScratchProject::Checkout::kUsed};
};

TEST_F(BuildTest, ShowsWhetherItConfiguresOrCompiles) {
  ShownOf("lost_update.mine.test");
  Write("../labs/data_races/lost_update/lab.toml", "data_races/lost_update/lab.toml");  // The same, but newer.
  Write("forgetful_counter/hit_counter.h", "data_races/lost_update/hit_counter.h");
  const std::vector<std::string> shown = ShownOf("lost_update.mine.test");
  const auto configures = std::find_if(shown.begin(), shown.end(), [](const std::string& line) {
    return testing::Matches(EndsWith(": configuring"))(line);
  });
  ASSERT_NE(configures, shown.end()) << testing::PrintToString(shown);
  EXPECT_THAT(*(configures + 1), EndsWith(": compiling what has changed"));
  EXPECT_THAT(shown.back(), HasSubstr("]"));  // "[2/2] ..."
}

TEST_F(BuildTest, ConfiguresNothingWhenALabIsBegun) {
  ShownOf("lost_update.mine.test");
  Write("twin_orders/order_numbers.h", "atomicity/load_then_store/order_numbers.h");
  EXPECT_THAT(ShownOf("load_then_store.mine.test"), Not(Contains(EndsWith(": configuring"))));
}

// As after an upgrade of the compiler or of a system's header: ninja sees nothing new.
TEST_F(BuildTest, PrecompilesAgainWhatTheCompilerRefuses) {
  if (ThreadSanitizerPreset("") != "tsan") GTEST_SKIP() << "g++ does without a precompiled header that it refuses";
  ShownOf("lost_update.mine.test");
  const std::string header = "build/tsan/tests/support/CMakeFiles/lab_test_support.dir/cmake_pch.hxx.pch";
  const std::filesystem::file_time_type before = std::filesystem::last_write_time(scratch_ / header);
  scratch_.Write(header, "what no compiler wants");
  std::filesystem::last_write_time(scratch_ / header, before);
  Write("forgetful_counter/hit_counter.h", "data_races/lost_update/hit_counter.h");
  ShownOf("lost_update.mine.test");
}

// Under the bug's name, too: then the tree is configured once more.
TEST_F(BuildTest, BuildsACopyUnderEachOfTheLabsNames) {
  Write("load_then_store/order_numbers.h", "atomicity/load_then_store/order_numbers.h");
  ShownOf("load_then_store.mine.test");
}

}  // namespace
}  // namespace racelab
