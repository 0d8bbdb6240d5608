// Verdicts that cannot be wrong are worth nothing: in a copy of the project, the bug of every lab is put into one of
// its fixes, and a fix into the lab. `racelab verify` must reject both, and say why.

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/racelab/lab.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Honesty, AFixInTheLabAndTheBugInAFixAreBothRejected) {
  const ScratchProject scratch;
  const absl::StatusOr<std::vector<Lab>> labs = LoadLabs(scratch.project());
  ASSERT_TRUE(labs.ok()) << labs.status();
  std::map<std::string, std::string> swapped;  // Lab -> the fix that now has the bug.
  for (const Lab& lab : *labs) {
    const std::string fix = lab.variants.at(1);
    swapped[lab.name] = fix;
    std::filesystem::rename(lab.folder / lab.subject, lab.folder / "swap");
    std::filesystem::rename(lab.solutions / fix / lab.subject, lab.folder / lab.subject);
    std::filesystem::rename(lab.folder / "swap", lab.solutions / fix / lab.subject);
  }

  const ChildResult result = scratch.Racelab({"verify", "--json"});
  ASSERT_EQ(result.end, ChildEnd::kExited) << result.err;
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out;
  EXPECT_EQ(json["failed"], 2 * labs->size());
  for (const auto& verification : json["verifications"]) {
    const std::string lab = verification["lab"], variant = verification["variant"], reason = verification["reason"];
    SCOPED_TRACE(lab + " " + variant + ": " + reason);
    if (variant == "lab") {
      EXPECT_EQ(verification["verdict"], "not exposed");
      EXPECT_THAT(reason, HasSubstr("declared"));
    } else if (variant == swapped[lab]) {
      EXPECT_FALSE(verification["right"]);
      EXPECT_NE(reason, "");
      EXPECT_THAT(reason, Not(HasSubstr("\n")));
    } else {
      EXPECT_EQ(verification["verdict"], "clean");
    }
  }
}

}  // namespace
}  // namespace racelab
