#include "sanitizers/symbols/symbolise.h"

#include "gtest/gtest.h"

namespace racelab {
namespace {

const Question kQuestion = {Question::Kind::kCode, "/project/build/tsan/bin/test", 0x1234};

// A compiler that gets relative paths, as from ccache with base_dir, names the file by way of the build tree.
TEST(ReadFrames, NamesAFileByItsOwnPath) {
  const std::vector<Frame> frames =
      ReadFrames(kQuestion, {{"Bank::Transfer()", "/project/build/tsan/../../labs/bank.h:15"}});
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].file, "/project/labs/bank.h");
  EXPECT_EQ(frames[0].line, 15);
}

TEST(ReadFrames, LeavesOutWhatIsUnknown) {
  const std::vector<Frame> frames = ReadFrames(kQuestion, {{"??", "??:0"}});
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].function, "");
  EXPECT_EQ(frames[0].file, "");
  EXPECT_EQ(frames[0].module, "test");
}

}  // namespace
}  // namespace racelab
