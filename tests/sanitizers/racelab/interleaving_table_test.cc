// The table of an interleaving, and the text of its rows.

#include "sanitizers/racelab/interleaving_table.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/verdict/telling_steps.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

InterleavingStep Access(const std::string& operation, std::uint64_t before, std::uint64_t after) {
  InterleavingStep step;
  step.operation = operation;
  step.size = 4;
  step.before = before;
  step.after = after;
  return step;
}

TEST(WhatHappens, SaysWhatIsThereBeforeAndAfter) {
  EXPECT_THAT(WhatHappens(Access("load", 1, 1), "x"), MatchesRegex("load x .* 1"));
  EXPECT_EQ(WhatHappens(Access("store", 1, 2), "x"), "store x = 2");
  InterleavingStep relaxed = Access("store", 1, 2);
  relaxed.order = "relaxed";
  EXPECT_EQ(WhatHappens(relaxed, "x"), "store x = 2") << "an object without a name of its own";
  relaxed.name = "ready_";
  EXPECT_EQ(WhatHappens(relaxed, "ready_"), "relaxed store ready_ = 2");
  EXPECT_THAT(WhatHappens(Access("update", 1, 2), "x"), MatchesRegex("update x: 1 .* 2"));
  EXPECT_THAT(WhatHappens(Access("compare-exchange", 0, 1), "x"), MatchesRegex("compare-exchange x: 0 .* 1"));
}

TEST(WhatHappens, SaysWhatIsDoneWithADescriptor) {
  InterleavingStep step;
  step.object = "descriptor 4";
  step.operation = "read";
  EXPECT_EQ(WhatHappens(step, step.object), "use descriptor 4");
  step.operation = "write";
  EXPECT_EQ(WhatHappens(step, step.object), "open or close descriptor 4");
}

TEST(WhatHappens, ShowsAFailedCompareExchangeAsOne) {
  InterleavingStep step = Access("compare-exchange", 1, 1);
  step.failed = true;
  step.expected = 0;
  EXPECT_EQ(WhatHappens(step, "x"), "compare-exchange of x fails: 1, expected 0");
  step.before_text = "true";
  step.expected_text = "false";
  EXPECT_EQ(WhatHappens(step, "x"), "compare-exchange of x fails: true, expected false");
  step.expected.reset();
  EXPECT_EQ(WhatHappens(step, ""), "compare-exchange fails: true");
}

TEST(WhatHappens, SaysForWhichValueAThreadSleeps) {
  InterleavingStep step;
  step.operation = "sleep on";
  EXPECT_EQ(WhatHappens(step, "x"), "sleep on x");
  step.expected = 2;
  EXPECT_EQ(WhatHappens(step, ""), "sleeps while futex = 2");
  EXPECT_EQ(WhatHappens(step, "state_"), "sleeps while state_ = 2");
}

// Threads in turn, with `steps` steps at a time.
InterleavingFailure Turns(int threads, int turns, int steps) {
  InterleavingFailure failure;
  failure.kind = "abort";
  for (int turn = 0; turn < turns; ++turn) {
    for (int i = 0; i < steps; ++i) {
      InterleavingStep step;
      step.thread = 1 + turn % threads;
      step.operation = "lock";
      step.object = "heap+0x40";
      step.name = "a_rather_long_name_of_a_mutex_";
      step.stack.frames = {{"Bank::Transfer()", "a_rather_long_name_of_a_file.cc", 100 + i, "bank"}};
      failure.steps.push_back(step);
    }
  }
  return failure;
}

InterleavingFailure Chosen(const InterleavingFailure& failure) {
  std::vector<Exploration> explorations(1);
  explorations[0].failures = {failure};
  const FramesOfPlaces frames;
  KeepTellingSteps(explorations, frames, 60);
  return explorations[0].failures[0];
}

TEST(InterleavingTable, FitsInTheLinesThatThereAre) {
  for (int threads : {1, 2, 3, 5}) {
    const InterleavingFailure failure = Chosen(Turns(threads, 50, 40));
    for (size_t lines = 6; lines < 30; ++lines) {
      const std::string table = InterleavingTable(failure, "", lines);
      EXPECT_LE(std::count(table.begin(), table.end(), '\n'), static_cast<std::ptrdiff_t>(lines)) << table;
      EXPECT_THAT(table, HasSubstr("2000 ")) << "the last step";
      for (std::string_view line : absl::StrSplit(table, '\n')) EXPECT_LE(Columns(line), 80) << line;
    }
  }
}

TEST(InterleavingTable, FitsIntoEightyColumnsWhateverHappens) {
  for (const size_t length : {10, 30, 60, 200}) {
    for (int threads : {1, 2, 3, 5}) {
      InterleavingFailure failure = Chosen(Turns(threads, 10, 2));
      for (InterleavingStep& step : failure.steps) step.name = std::string(length, 'n');
      for (const size_t lines : {size_t{0}, size_t{12}}) {
        for (std::string_view line : absl::StrSplit(InterleavingTable(failure, "", lines), '\n'))
          EXPECT_LE(Columns(line), 80) << line;
      }
    }
  }
}

// The rows and the omitted steps that the lines between them mention are all steps.
TEST(InterleavingTable, CountsTheStepsThatItLeavesOut) {
  const std::string table = InterleavingTable(Chosen(Turns(2, 10, 100)), "", 14);
  int steps = 0;
  for (std::string_view line : absl::StrSplit(table, '\n')) {
    const std::vector<std::string_view> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() >= 3 && absl::StartsWith(words[2], "step")) steps += std::stoi(std::string(words[1]));
    if (words.size() >= 2 && words[1] == "lock") ++steps;
  }
  EXPECT_EQ(steps, 1000);
}

TEST(InterleavingTable, LeavesNothingOutOfWhatFits) {
  const std::string table = InterleavingTable(Chosen(Turns(2, 2, 2)), "", 20);
  EXPECT_THAT(table, Not(HasSubstr("steps")));
  EXPECT_THAT(table, HasSubstr("   1 lock"));
}

TEST(InterleavingTable, SaysWhatMemoryOfTheLibraryIs) {
  InterleavingFailure failure = Turns(1, 1, 4);
  const std::string_view functions[] = {"std::__atomic_futex_unsigned<2147483648u>::_M_load(std::memory_order)",
                                        "std::_Sp_counted_base<(__gnu_cxx::_Lock_policy)2>::_M_release()",
                                        "std::_Sp_counted_base<(__gnu_cxx::_Lock_policy)2>::_M_weak_release()",
                                        "std::char_traits<char>::copy(char*, char const*, unsigned long)"};
  for (size_t i = 0; i < failure.steps.size(); ++i) {
    InterleavingStep& step = failure.steps[i];
    step.operation = "update";
    step.name = "";
    step.object = absl::StrCat("heap+0x", i);
    step.stack.frames.insert(step.stack.frames.begin(),
                             {std::string(functions[i]), "/usr/include/c++/12/f.h", 1, "bank"});
  }
  const std::string table = InterleavingTable(failure, "", 20);
  for (const char* name : {"update future #1 ", "update count #1 ", "update count #2 ", "update x1 "})
    EXPECT_THAT(table, HasSubstr(name));
}

TEST(InterleavingTable, ShowsWhoWaitsForWhat) {
  InterleavingFailure failure = Turns(2, 20, 40);
  WaitingThread waiting;
  waiting.thread = 1;
  waiting.operation = "lock";
  waiting.name = "other_";
  failure.waiting = {waiting, waiting};
  failure.waiting[1].thread = 2;
  const std::string table = InterleavingTable(Chosen(failure), "", 8);
  EXPECT_THAT(table, HasSubstr("lock other_"));
  EXPECT_LE(std::count(table.begin(), table.end(), '\n'), 8);
}

TEST(InterleavingTable, CountsTheStepsThatItSkips) {
  InterleavingFailure failure;
  for (const char* operation : {"read", "write", "join", "read"}) {
    failure.steps.push_back(Access(operation, 1, 2));
    failure.steps.back().thread = 1;
  }
  const std::string table = InterleavingTable(failure, "", 0, /*with_source=*/false, /*skipped=*/1);
  EXPECT_THAT(table, Not(HasSubstr("   1 ")));
  EXPECT_THAT(table, HasSubstr("   2 write"));
  EXPECT_THAT(table, HasSubstr("   3 read"));
}

}  // namespace
}  // namespace racelab
