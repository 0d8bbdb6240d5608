// Loads that return an older value, where the memory model permits it, and nowhere else.

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

class OlderValuesTest : public ExploredTest {
 protected:
  static std::vector<std::string> Programs() {
    ChildSpec spec;
    spec.argv = {std::string(RACELAB_BUILD_DIR) + "/" + GetParam() + "/bin/explored/older_values"};
    std::vector<std::string> names;
    for (const std::string_view name : absl::StrSplit(RunChild(spec).out, '\n', absl::SkipEmpty()))
      names.emplace_back(name);
    EXPECT_GT(names.size(), 15u);
    return names;
  }
};

TEST_P(OlderValuesTest, EveryInterleavingHolds) {
  for (const std::string& name : Programs()) {
    const Exploration exploration = Explore("older_values", {name}, Whole());
    EXPECT_TRUE(exploration.complete) << name;
    EXPECT_TRUE(exploration.failures.empty()) << name << ": " << FirstMessage(exploration);
  }
}

TEST_P(OlderValuesTest, OnlyWrongOrdersLetThemThrough) {
  InterleaveOptions options = Whole();
  options.older_values = 2;
  for (const std::string& name : Programs()) {
    const Exploration exploration = Explore("older_values", {name}, options);
    if (absl::StartsWith(name, "right_")) {
      EXPECT_TRUE(exploration.complete) << name;
      EXPECT_TRUE(exploration.failures.empty()) << name << ": " << FirstMessage(exploration);
    } else {
      EXPECT_NE(FailureOf(exploration, "abort"), nullptr) << name << ": " << FirstMessage(exploration);
    }
  }
}

RACELAB_FOR_EACH_TREE(OlderValuesTest);

}  // namespace
}  // namespace racelab
