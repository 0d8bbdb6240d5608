#include "tests/support/crew.h"

#include <unistd.h>

#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"

namespace racelab {
namespace {

TEST(Crew, RunsTheFunctionsOnThreadsOfTheirOwnThatItUsesAgain) {
  Crew crew;
  std::vector<std::thread::id> first(2), again(2);
  crew.Run({[&] { first[0] = std::this_thread::get_id(); }, [&] { first[1] = std::this_thread::get_id(); }});
  crew.Run({[&] { again[0] = std::this_thread::get_id(); }, [&] { again[1] = std::this_thread::get_id(); }});
  EXPECT_EQ(std::set<std::thread::id>({std::this_thread::get_id(), first[0], first[1]}).size(), 3u);
  EXPECT_EQ(again, first);
}

// If this were not so, ThreadSanitizer would end the program.
TEST(Crew, OrdersWhatCameBeforeARunAndWhatComesAfterIt) {
  Crew crew;
  int shared = 1;
  crew.Run({[&] { shared += 1; }, [] {}});
  shared += 1;
  crew.Run({[] {}, [&] { shared += 1; }});
  EXPECT_EQ(shared, 4);
}

// The functions of one Run() are ordered in time only, even if the threads have worked before.
TEST(CrewDeathTest, LeavesARaceBetweenTheFunctionsOfOneRun) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        Crew crew;
        int shared = 0;
        HandShake first_is_done;
        crew.Run({[] {}, [] {}});
        crew.Run({[&] { ++shared, first_is_done.Signal(); }, [&] { first_is_done.Await(), ++shared; }});
        _exit(0);
      },
      testing::ExitedWithCode(66), "data race");
}

}  // namespace
}  // namespace racelab
