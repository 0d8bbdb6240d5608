// Library functions that access memory: each program is right under a mutex, or if its threads access different memory;
// otherwise it has a data race.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

class MemoryTest : public ExploredTest {
 protected:
  // The names of all programs in the executable.
  static std::vector<std::string> Programs() {
    ChildSpec spec;
    spec.argv = {std::string(RACELAB_BUILD_DIR) + "/" + GetParam() + "/bin/explored/memory", "list"};
    std::vector<std::string> names;
    for (const std::string_view name : absl::StrSplit(RunChild(spec).out, '\n', absl::SkipEmpty()))
      names.emplace_back(name);
    return names;
  }
};

TEST_P(MemoryTest, IsTouchedRightlyUnderAMutex) {
  const std::vector<std::string> programs = Programs();
  EXPECT_GT(programs.size(), 30u);
  for (const std::string& name : programs) {
    const Exploration exploration = Explore("memory", {"right", name}, Whole());
    EXPECT_TRUE(exploration.complete) << name;
    EXPECT_TRUE(exploration.failures.empty())
        << name << ": " << (exploration.failures.empty() ? "" : exploration.failures[0].message);
  }
}

TEST_P(MemoryTest, IsInARaceWithoutOne) {
  InterleaveOptions options = Whole();
  options.resolve = options.minimise = false;
  for (const std::string& name : Programs()) {
    const Exploration exploration = Explore("memory", {"wrong", name}, options);
    EXPECT_NE(FailureOf(exploration, name == "random" ? "abort" : "data race"), nullptr)
        << name << ": " << FirstMessage(exploration);
  }
}

// For two copies, the report names the first byte that both access, not the start of either.
TEST_P(MemoryTest, IsNamedByWhereTheTwoMeet) {
  const Exploration exploration = Explore("memory", {"wrong", "halves"}, Whole());
  ASSERT_FALSE(exploration.failures.empty());
  EXPECT_EQ(exploration.failures[0].memory_name, "g_to[20]");
}

// The report shows the program's function that called the library, not only its caller.
TEST_P(MemoryTest, IsTouchedByTheFunctionThatCalledTheLibrary) {
  for (const std::string name : {"assign", "copy", "published"}) {
    const Exploration exploration = Explore("memory", {"wrong", name}, Whole());
    ASSERT_FALSE(exploration.failures.empty()) << name;
    for (const RacingAccess& access : exploration.failures[0].accesses) {
      const auto& frames = access.stack.frames;
      const auto own = std::find_if(frames.begin(), frames.end(), [](const Frame& frame) {
        return absl::EndsWith(frame.file, "/explored/memory.cc");
      });
      ASSERT_NE(own, frames.end()) << name;
      EXPECT_TRUE(absl::StrContains(own->function, "(bool)")) << name << ": " << own->function;
    }
  }
}

// A known formal defect of the C++ library is reported as a note, and the search goes on.
TEST_P(MemoryTest, IsInARaceByTheLetterWhereTheLibraryIs) {
  if (_GLIBCXX_RELEASE != 12) GTEST_SKIP() << "another C++ library";
  const Exploration right = Explore("formal_defect", {"right"}, Whole());
  ASSERT_EQ(right.failures.size(), 1u);
  EXPECT_TRUE(right.failures[0].is_note);
  EXPECT_TRUE(absl::StrContains(right.failures[0].defect, "GCC bug 77704")) << right.failures[0].defect;
  EXPECT_TRUE(right.complete);
  EXPECT_GT(right.executions, 1u);

  const Exploration wrong = Explore("formal_defect", {"wrong"}, Whole());
  ASSERT_EQ(wrong.failures.size(), 2u);
  EXPECT_TRUE(wrong.failures[0].is_note);
  EXPECT_EQ(wrong.failures[1].kind, "abort");
  EXPECT_FALSE(wrong.failures[1].is_note);
}

RACELAB_FOR_EACH_TREE(MemoryTest);

}  // namespace
}  // namespace racelab
