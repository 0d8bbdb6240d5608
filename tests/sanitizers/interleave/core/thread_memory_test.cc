#include "sanitizers/interleave/model/thread_memory.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab::interleave {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ThreadMemoryTest : public ::testing::Test {
 protected:
  ThreadMemoryTest() {
    memory_.Place(1, {0x1000, 0x2000}, {0x9000, 0x9100});
    memory_.Place(2, {}, {0xA000, 0xA100});
    memory_.BeginExecution();
    for (const int slot : {0, 1, 2}) memory_.Begin(slot);
  }

  ThreadMemory memory_;
};

TEST_F(ThreadMemoryTest, EndsWithItsThread) {
  EXPECT_EQ(memory_.EndedAt(0x1008), -1);
  memory_.End(1);
  EXPECT_EQ(memory_.EndedAt(0x1000), 1);
  EXPECT_EQ(memory_.EndedAt(0x1FFF), 1);
  EXPECT_EQ(memory_.EndedAt(0x2000), -1);
  EXPECT_EQ(memory_.EndedAt(0x90FF), 1);
  EXPECT_EQ(memory_.EndedAt(0xA000), -1) << "its owner goes on";
  memory_.Begin(1);
  EXPECT_EQ(memory_.EndedAt(0x1000), -1) << "a new thread owns it";
  memory_.End(1);
  memory_.BeginExecution();
  EXPECT_EQ(memory_.EndedAt(0x1000), -1);
}

TEST_F(ThreadMemoryTest, TheMainThreadsMemoryDoesNotEnd) {
  memory_.End(0);
  EXPECT_EQ(memory_.EndedAt(0x1000), -1);
  EXPECT_EQ(memory_.EndedAt(0), -1);
}

TEST_F(ThreadMemoryTest, KnowsWhichOfItOthersHaveAccessed) {
  EXPECT_FALSE(memory_.MayBeOfAnother(1, 0x1004)) << "its own";
  EXPECT_TRUE(memory_.MayBeOfAnother(2, 0x1004));
  EXPECT_FALSE(memory_.MayBeOfAnother(2, 0x100000)) << "far from all threads' memory";
  for (const std::uintptr_t address : {0x1014, 0x1004, 0x1010, 0x5000}) memory_.NoteVisit(address);
  EXPECT_THAT(memory_.VisitedIn(1), ElementsAre(0x1000, 0x1010));
  EXPECT_THAT(memory_.VisitedIn(2), IsEmpty());
}

}  // namespace
}  // namespace racelab::interleave
