#include <progress_log.h>

#include <cstddef>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Lines = std::vector<std::string>;

// The lines that begin with `function`.
Lines LinesOf(const std::string& function, const Lines& lines) {
  Lines own;
  for (const std::string& line : lines) {
    if (line.rfind(function, 0) == 0) own.push_back(line);
  }
  return own;
}

Lines FirstOf(Lines lines, std::size_t count) {
  if (count < lines.size()) lines.resize(count);
  return lines;
}

TEST(ProgressLog, StartsEmpty) { EXPECT_EQ(ProgressLog(4).Lines(), Lines()); }

TEST(ProgressLog, HoldsWhatOneThreadAppendedInOrder) {
  enum { kAppend, kLines };
  ForRandomSteps({{"Append", {-100, 100}}, {"Lines"}}, 12, [](Steps& steps) {
    ProgressLog log(steps.size());
    Lines model;
    for (const Step& step : steps) {
      if (step.what == kLines) {
        steps.Answers(log.Lines(), model);
      } else {
        log.Append("func1", step.value);
        model.push_back("func1: step " + std::to_string(step.value));
      }
    }
    steps.Shows("Lines", log.Lines(), model);
  });
}

TEST(ProgressLog, KeepsTheLinesOfTwoFunctionsThatRunAtOnce) {
  Interleavings([] {
    ProgressLog log(2);
    RunTogether([&] { log.Append("func1", 1); }, [&] { log.Append("func2", 1); });
    EXPECT_EQ(LinesOf("func1", log.Lines()), Lines({"func1: step 1"}));
    EXPECT_EQ(LinesOf("func2", log.Lines()), Lines({"func2: step 1"}));
    EXPECT_EQ(log.Lines().size(), 2);
  });
}

TEST(ProgressLog, KeepsEachFunctionsOwnLinesInOrder) {
  Interleavings([] {
    ProgressLog log(4);
    RunTogether(
        [&] {
          log.Append("func1", 1);
          log.Append("func1", 2);
        },
        [&] {
          log.Append("func2", 1);
          log.Append("func2", 2);
        });
    EXPECT_EQ(LinesOf("func1", log.Lines()), Lines({"func1: step 1", "func1: step 2"}));
    EXPECT_EQ(LinesOf("func2", log.Lines()), Lines({"func2: step 1", "func2: step 2"}));
  });
}

TEST(ProgressLog, ShowsAReaderTheBeginningOfTheLogWhileAFunctionRuns) {
  Interleavings([] {
    ProgressLog log(2);
    Lines early;
    Lines later;
    RunTogether(
        [&] {
          log.Append("func1", 1);
          log.Append("func1", 2);
        },
        [&] {
          early = log.Lines();
          later = log.Lines();
        });
    EXPECT_EQ(log.Lines(), Lines({"func1: step 1", "func1: step 2"}));
    EXPECT_LE(early.size(), later.size());
    EXPECT_EQ(early, FirstOf(log.Lines(), early.size()));
    EXPECT_EQ(later, FirstOf(log.Lines(), later.size()));
  });
}

TEST(ProgressLog, ShowsAReaderTheBeginningOfTheLogWhileTwoFunctionsRun) {
  Interleavings([] {
    ProgressLog log(2);
    Lines early;
    RunTogether([&] { log.Append("func1", 1); }, [&] { log.Append("func2", 1); }, [&] { early = log.Lines(); });
    EXPECT_EQ(log.Lines().size(), 2);
    EXPECT_EQ(early, FirstOf(log.Lines(), early.size()));
  });
}

}  // namespace
}  // namespace racelab
