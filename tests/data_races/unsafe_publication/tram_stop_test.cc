#include <tram_stop.h>

#include <cstddef>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Time = std::optional<int>;

// Late in the day, so that few minutes are looked at.
constexpr int kEvening = TramStop::kDay - 6;
constexpr int kOld = kEvening + 3;
constexpr int kNew = kEvening + 1;
constexpr int kLast = kEvening + 5;

void Load(TramStop& stop, std::vector<int> departures) {
  stop.Load([&departures, next = std::size_t{0}]() mutable -> Time {
    return next < departures.size() ? Time(departures[next++]) : std::nullopt;
  });
}

TEST(TramStop, KnowsNoTramBeforeThereIsATimetable) {
  const TramStop stop;
  EXPECT_EQ(stop.NextFrom(kEvening), std::nullopt);
}

TEST(TramStop, GoesByTheLastTimetableOnOneThread) {
  enum { kLoad, kNextFrom };
  ForRandomSteps({{"Load", {0, 6}, {0, 6}, {0, 6}}, {"NextFrom", {0, 6}}}, 20, [](Steps& steps) {
    TramStop stop;
    std::set<int> model;
    for (const Step& step : steps) {
      if (step.what == kLoad) {
        model = {kEvening + step.value, kEvening + step.second, kEvening + step.third};
        Load(stop, {kEvening + step.value, kEvening + step.second, kEvening + step.third});
      } else {
        const auto next = model.lower_bound(kEvening + step.value);
        steps.Answers(stop.NextFrom(kEvening + step.value), next == model.end() ? Time() : Time(*next));
      }
    }
  });
}

// The last tram comes first in the new timetable, so that it is the only one for a while.
TEST(TramStop, ShowsTheOldOrTheNewTimetableWhileItIsLoaded) {
  Interleavings([] {
    TramStop stop;
    Load(stop, {kOld});
    Time shown;
    RunTogether([&] { Load(stop, {kLast, kNew}); }, [&] { shown = stop.NextFrom(kEvening); });
    EXPECT_TRUE(shown == kOld || shown == kNew) << testing::PrintToString(shown);
    EXPECT_EQ(stop.NextFrom(kEvening), kNew);
  });
}

TEST(TramStop, ShowsNothingOrAllOfTheFirstTimetableWhileItIsLoaded) {
  Interleavings([] {
    TramStop stop;
    Time shown;
    RunTogether([&] { Load(stop, {kLast, kNew}); }, [&] { shown = stop.NextFrom(kEvening); });
    EXPECT_EQ(shown.value_or(kNew), kNew);
    EXPECT_EQ(stop.NextFrom(kEvening), kNew);
  });
}

TEST(TramStop, ShowsTheNewTimetableFromThenOn) {
  Interleavings([] {
    TramStop stop;
    Load(stop, {kOld});
    Time first, second;
    RunTogether([&] { Load(stop, {kNew}); },
                [&] {
                  first = stop.NextFrom(kEvening);
                  second = stop.NextFrom(kEvening);
                });
    EXPECT_TRUE(second == kNew || (first == kOld && second == kOld))
        << testing::PrintToString(first) << ", then " << testing::PrintToString(second);
  });
}

TEST(TramStop, ShowsOneOfThreeTimetablesWhileTwoAreLoaded) {
  Interleavings([] {
    TramStop stop;
    Load(stop, {kOld});
    Time shown;
    RunTogether(
        [&] {
          Load(stop, {kNew});
          Load(stop, {kLast});
        },
        [&] { shown = stop.NextFrom(kEvening); });
    EXPECT_TRUE(shown == kOld || shown == kNew || shown == kLast) << testing::PrintToString(shown);
  });
}

TEST(TramStop, IsAskedByTwoDisplaysWhileItIsLoaded) {
  Interleavings([] {
    TramStop stop;
    Time one, other;
    RunTogether([&] { Load(stop, {kLast, kNew}); }, [&] { one = stop.NextFrom(kEvening); },
                [&] { other = stop.NextFrom(kEvening + 2); });
    EXPECT_EQ(one.value_or(kNew), kNew);
    EXPECT_EQ(other.value_or(kLast), kLast);
  });
}

TEST(TramStop, LetsNoDisplayWaitWhileATimetableIsRead) {
  Interleavings([] {
    TramStop stop;
    HandShake reading, answered;
    Time shown;
    RunSimultaneously(
        [&] {
          stop.Load([&, lines = 0]() mutable -> Time {
            if (lines++ > 0) return std::nullopt;
            reading.Signal();
            answered.Await();
            return kNew;
          });
        },
        [&] {
          reading.Await();
          shown = stop.NextFrom(kEvening);
          answered.Signal();
        });
    EXPECT_EQ(shown, std::nullopt);
  });
}

TEST(TramStop, KeepsTheOldTimetableIfTheNewOneCannotBeRead) {
  Interleavings([] {
    TramStop stop;
    Load(stop, {kOld});
    Time shown;
    bool thrown = false;
    RunTogether(
        [&] {
          try {
            stop.Load([lines = 0]() mutable -> Time {
              if (lines++ == 0) return kNew;
              throw std::runtime_error("not a time");
            });
          } catch (const std::runtime_error&) {
            thrown = true;
          }
        },
        [&] { shown = stop.NextFrom(kEvening); });
    EXPECT_TRUE(thrown);
    EXPECT_EQ(shown, kOld);
    EXPECT_EQ(stop.NextFrom(kEvening), kOld);  // To this thread, too: every lock must be free.
    Load(stop, {kLast});
    EXPECT_EQ(stop.NextFrom(kEvening), kLast);
  });
}

TEST(TramStop, HasNothingInCommonWithAnother) {
  Interleavings([] {
    TramStop stop, other;
    RunTogether([&] { Load(stop, {kOld}); }, [&] { Load(other, {kNew}); });
    EXPECT_EQ(stop.NextFrom(kEvening), kOld);
    EXPECT_EQ(other.NextFrom(kEvening), kNew);
  });
}

TEST(TramStop, ShowsNoTramOnADayWithoutAny) {
  TramStop stop;
  Load(stop, {5});
  EXPECT_EQ(stop.NextFrom(0), 5);
  Load(stop, {});
  EXPECT_EQ(stop.NextFrom(0), std::nullopt);
}

TEST(TramStop, ShowsAWholeTimetableHoweverManyAreLoaded) {
  Interleavings([] {
    constexpr int kTimetables = 4;
    TramStop stop;
    Load(stop, {kEvening});
    Time shown;
    RunTogether(
        [&] {
          for (int i = 1; i <= kTimetables; ++i) Load(stop, {kEvening + i});
        },
        [&] { shown = stop.NextFrom(kEvening); });
    ASSERT_TRUE(shown.has_value());
    EXPECT_GE(*shown, kEvening);
    EXPECT_LE(*shown, kEvening + kTimetables);
    EXPECT_EQ(stop.NextFrom(kEvening), kEvening + kTimetables);
  });
}

TEST(TramStop, GivesTheMemoryOfItsTimetablesBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              TramStop stop;
              Load(stop, {kOld});
              stop.NextFrom(kEvening);
              Load(stop, {kNew});
            }),
            0);
}

}  // namespace
}  // namespace racelab
