#include <report_builder.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/creations_may_fail.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

// The builder is on the heap because both detectors watch heap memory after its end, but not stack memory.
std::unique_ptr<ReportBuilder> Begin(int months, std::function<int(int month)> revenue) {
  return std::make_unique<ReportBuilder>(months, std::move(revenue));
}

// The report's lines as one string, so that accesses of a thread that is still running do not get lost among a
// matcher's steps.
std::string Read(ReportBuilder& builder) {
  std::string all;
  for (const std::string& line : builder.Lines()) all += (all.empty() ? "" : ", ") + line;
  return all;
}

TEST(ReportBuilder, WaitsForTheWholeReport) {
  Interleavings([] {
    HandShake half_done;
    const auto builder = Begin(2, [&](int month) {
      if (month == 2) half_done.Signal();
      return 10 * month;
    });
    half_done.Await();
    EXPECT_EQ(Read(*builder), "1: 10, 2: 20");
  });
}

TEST(ReportBuilder, ReportsTheSameTwice) {
  Interleavings([] {
    const auto builder = Begin(1, [](int) { return 7; });
    EXPECT_EQ(Read(*builder), "1: 7");
    EXPECT_EQ(Read(*builder), "1: 7");
  });
}

TEST(ReportBuilder, LeavesNothingRunningWhenItIsDestroyedUnread) {
  Interleavings([] {
    HandShake half_done;
    int asked = 0;
    auto builder = Begin(2, [&](int month) {
      ++asked;
      if (month == 2) half_done.Signal();
      return month;
    });
    half_done.Await();
    builder.reset();
    EXPECT_LE(asked, 2);  // This is a race if a thread may still be counting.
  });
}

// Here, the thread may not even have begun.
TEST(ReportBuilder, LeavesNothingRunningWhenItIsDestroyedAtOnce) {
  Interleavings([] {
    int asked = 0;
    Begin(1, [&](int) { return ++asked; }).reset();
    EXPECT_LE(asked, 1);  // This is a race if a thread may still be counting.
  });
}

TEST(ReportBuilder, LeavesNothingRunningWhenItIsDestroyedAfterTheReport) {
  Interleavings([] {
    int asked = 0;
    auto builder = Begin(1, [&](int) { return ++asked; });
    EXPECT_EQ(Read(*builder), "1: 1");
    builder.reset();
    EXPECT_EQ(asked, 1);
  });
}

TEST(ReportBuilder, BuildsTheReportWhileItsOwnerDoesSomethingElse) {
  InterleavingsInVirtualTime([] {
    static constexpr std::chrono::milliseconds kMonth(50);
    const auto began = std::chrono::steady_clock::now();
    const auto since_then = [began] { return std::chrono::steady_clock::now() - began; };
    const auto builder = Begin(2, [](int month) {
      std::this_thread::sleep_for(kMonth);
      return month;
    });
    ASSERT_EQ(since_then(), 0 * kMonth) << "not \"in the background\": the owner had to wait for its builder";
    std::this_thread::sleep_for(kMonth);  // Something else.
    EXPECT_EQ(Read(*builder), "1: 1, 2: 2");
    EXPECT_EQ(since_then(), 2 * kMonth) << "not \"while its owner does something else\"";
  });
}

TEST(ReportBuilder, ReportsOnNoMonthAtAll) {
  Interleavings([] { EXPECT_EQ(Read(*Begin(0, [](int) { return 0; })), ""); });
}

TEST(ReportBuilder, ReportsEachMonthInOrder) {
  ForRandomSteps({{"revenue", {-100, 100}}}, 6, [](Steps& steps) {
    std::vector<int> revenues;
    std::vector<std::string> model;
    for (const Step& step : steps) {
      revenues.push_back(step.value);
      model.push_back(std::to_string(revenues.size()) + ": " + std::to_string(step.value));
    }
    const auto builder = Begin(steps.size(), [&](int month) { return revenues[month - 1]; });
    steps.Shows("Lines", builder->Lines(), model);
  });
}

TEST(ReportBuilder, AsksForRevenuesOnAnotherThreadOnly) {
  Interleavings([] {
    const std::thread::id owner = std::this_thread::get_id();
    bool on_another_thread = true;
    {
      const auto builder = Begin(2, [&](int month) {
        if (std::this_thread::get_id() == owner) on_another_thread = false;
        return month;
      });
      EXPECT_EQ(Read(*builder), "1: 1, 2: 2");
    }
    EXPECT_TRUE(on_another_thread);
  });
}

TEST(ReportBuilder, AsksForRevenuesOnAnotherThreadOrSaysThatThereIsNone) {
  Interleavings([] {
    const std::thread::id owner = std::this_thread::get_id();
    bool on_another_thread = true;
    const CreationsMayFail scarce;
    try {
      const auto builder = Begin(1, [&](int month) {
        if (std::this_thread::get_id() == owner) on_another_thread = false;
        return month;
      });
      EXPECT_EQ(Read(*builder), "1: 1");
    } catch (const std::system_error&) {
    }
    EXPECT_TRUE(on_another_thread);
  });
}

// In virtual time, the report is done when the owner asks for it: so this is only one interleaving.
TEST(ReportBuilder, ReportsOnManyMonths) {
  InterleavingsInVirtualTime([] {
    constexpr int kMonths = 300;
    const auto builder = Begin(kMonths, [](int month) { return month; });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(builder->Lines().size(), kMonths);
  });
}

}  // namespace
}  // namespace racelab
