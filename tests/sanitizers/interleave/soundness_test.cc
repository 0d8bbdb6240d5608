// What the runtime finds in small random programs is what they can do, no less and no more: outcomes, deadlocks,
// aborts, misuse and data races are those of a reference interpreter that goes through all states and has nothing in
// common with the runtime.

#include <rapidcheck.h>

#include <string>

#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"
#include "tests/sanitizers/interleave/random_programs.h"

namespace racelab {
namespace {

constexpr int kPrograms = 150;  // soundness_sweep runs as many as one likes.
constexpr std::uint64_t kMostInterleavings = 20'000;

class SoundnessTest : public ExploredTest {
 protected:
  static Comparison Compare(const RandomProgram& program, const std::string& search, int shards = 1) {
    InterleaveOptions options = Whole();
    options.search = search;
    options.executions = kMostInterleavings;
    options.shards = shards;
    return CompareWithReference(
        program, std::string(RACELAB_BUILD_DIR) + "/" + GetParam() + "/bin/explored/random_program", options);
  }

  static void Expect(const RandomProgram& program, const std::string& search, int shards = 1) {
    const Comparison comparison = Compare(program, search, shards);
    EXPECT_TRUE(comparison.compared) << Quoted(program);
    EXPECT_TRUE(comparison.differences.empty()) << search << ": " << Quoted(program) << "\n"
                                                << absl::StrJoin(comparison.differences, "\n");
  }
};

TEST_P(SoundnessTest, TheRuntimeFindsWhatTheReferenceSays) {
  int tried = 0, compared = 0;
  const bool held = rc::check("no difference", [&] {
    if (tried++ >= kPrograms) return;
    const RandomProgram program = *RandomPrograms();
    const Comparison comparison = Compare(program, "exhaustive", tried % 8 == 0 ? 3 : 1);
    compared += comparison.compared;
    RC_LOG() << Quoted(program) << "\n" << absl::StrJoin(comparison.differences, "\n");
    RC_ASSERT(comparison.differences.empty());
  });
  EXPECT_TRUE(held);
  EXPECT_GE(compared, held ? kPrograms * 3 / 4 : 0);
}

RACELAB_FOR_EACH_TREE(SoundnessTest);

}  // namespace
}  // namespace racelab
