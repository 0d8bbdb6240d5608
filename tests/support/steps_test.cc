// A test that holds passes; one that does not shows the smallest counterexample, in the words of the class.

#include "tests/support/steps.h"

#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using ::testing::StartsWith;

// The failure message of ForRandomSteps() for a test; empty if the test passes.
std::string Fault(absl::Span<const Kind> kinds, int most, absl::FunctionRef<void(Steps&)> test) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    ForRandomSteps(kinds, most, test);
  }
  if (failures.size() == 0) return "";
  std::istringstream lines(failures.GetTestPartResult(0).message());  // The first line is GoogleTest's.
  std::string fault;
  std::getline(lines, fault);
  std::getline(lines, fault);
  return fault;
}

enum { kRecord, kTotal };

TEST(ForRandomSteps, FindsNothingWrongWithARightClass) {
  int sequences = 0;
  std::set<int> lengths;
  EXPECT_EQ(Fault({{"Record"}, {"Total"}}, 5,
                  [&](Steps& steps) {
                    ++sequences;
                    lengths.insert(steps.size());
                    int counter = 0, hits = 0;
                    for (const Step& step : steps) {
                      if (step.what == kRecord) ++counter, ++hits;
                      if (step.what == kTotal) steps.Answers(counter, hits);
                    }
                  }),
            "");
  EXPECT_EQ(sequences, 100);
  EXPECT_EQ(lengths, (std::set<int>{0, 1, 2, 3, 4, 5}));
}

TEST(ForRandomSteps, ShowsTheShortestSequenceThatFails) {
  EXPECT_EQ(Fault({{"Record"}, {"Total"}}, 50,
                  [](Steps& steps) {
                    int counter = 0, hits = 0;
                    for (const Step& step : steps) {
                      if (step.what == kRecord) {
                        if (++hits != 2) ++counter;  // The second is lost.
                      } else {
                        steps.Answers(counter, hits);
                      }
                    }
                  }),
            "Record, Record, Total → 1, should be 2");
}

TEST(ForRandomSteps, ShowsTheSimplestValuesThatFail) {
  EXPECT_EQ(Fault({{"Add", {-1000, 1000}, {5, 10}}}, 50,
                  [](Steps& steps) {
                    for (const Step& step : steps) steps.Check(step.value > -17, "is too small");
                  }),
            "Add(-17, 5): is too small");
}

TEST(ForRandomSteps, ReachesEveryValueOfEveryKind) {
  std::set<int> small, large;
  ForRandomSteps({{"Small", {2, 4}}, {"Large", {-1, 2}}}, 20, [&](Steps& steps) {
    for (const Step& step : steps) (step.what == 0 ? small : large).insert(step.value);
  });
  EXPECT_EQ(small, (std::set<int>{2, 3}));
  EXPECT_EQ(large, (std::set<int>{-1, 0, 1}));
}

TEST(ForRandomSteps, ShowsAWrongAnswerOfAnyType) {
  EXPECT_EQ(Fault({{"Take"}}, 5,
                  [](Steps& steps) {
                    for ([[maybe_unused]] const Step& step : steps)
                      steps.Answers(std::optional<int>(), std::optional(1));
                  }),
            "Take → (nullopt), should be (1)");
  EXPECT_EQ(Fault({{"Take"}}, 5,
                  [](Steps& steps) {
                    for ([[maybe_unused]] const Step& step : steps) steps.Answers(true, false);
                  }),
            "Take → true, should be false");
}

TEST(ForRandomSteps, ShowsWhatIsAskedBesidesAndAfterTheSteps) {
  EXPECT_EQ(Fault({{"Push"}}, 5, [](Steps& steps) { steps.Shows("Size", 1, steps.size() == 0 ? 1 : 2); }),
            "Size → 1, should be 2");
}

TEST(ForRandomSteps, ShowsWhatWasPicked) {
  EXPECT_EQ(Fault({{"Put"}}, 5,
                  [](Steps& steps) {
                    const int room = steps.Pick("room", {1, 9});
                    for ([[maybe_unused]] const Step& step : steps) steps.Check(room < 3, "there is no room");
                  }),
            "room = 3, Put: there is no room");
}

TEST(ForRandomSteps, EndsTheLoopWithTheFirstWrongAnswer) {
  int after = 0;
  EXPECT_EQ(Fault({{"Take"}}, 5,
                  [&](Steps& steps) {
                    int taken = 0;
                    for ([[maybe_unused]] const Step& step : steps) {
                      after += taken;
                      steps.Answers(++taken, 0);
                    }
                    if (taken > 0) steps.Shows("Size", 1, 0);  // The test has failed already: this has no effect.
                  }),
            "Take → 1, should be 0");
  EXPECT_EQ(after, 0);
}

TEST(ForRandomSteps, ShowsAnException) {
  EXPECT_THAT(Fault({{"Take"}}, 5,
                    [](Steps& steps) {
                      for ([[maybe_unused]] const Step& step : steps) throw std::runtime_error("no more");
                    }),
              StartsWith("Take throws: no more"));
}

}  // namespace
}  // namespace racelab
