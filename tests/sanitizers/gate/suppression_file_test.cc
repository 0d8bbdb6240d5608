#include "sanitizers/gate/suppression_file.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace racelab {
namespace {

using testing::HasSubstr;

// As in ThreadSanitizer: a pattern may stand anywhere, unless it is tied to an end.
TEST(SuppressionPattern, MatchesAsThreadSanitizerDoes) {
  EXPECT_TRUE(MatchesPattern("Total", "Bank::Total()"));
  EXPECT_TRUE(MatchesPattern("Bank*Total", "Bank::Total()"));
  EXPECT_FALSE(MatchesPattern("Total*Bank", "Bank::Total()"));
  EXPECT_TRUE(MatchesPattern("^Bank", "Bank::Total()"));
  EXPECT_FALSE(MatchesPattern("^Total", "Bank::Total()"));
  EXPECT_TRUE(MatchesPattern("Total()$", "Bank::Total()"));
  EXPECT_FALSE(MatchesPattern("Bank$", "Bank::Total()"));
  EXPECT_TRUE(MatchesPattern("^Bank::Total()$", "Bank::Total()"));
  EXPECT_FALSE(MatchesPattern("^Bank$", "Bank::Bank"));
  EXPECT_TRUE(MatchesPattern("*", "anything"));
  EXPECT_FALSE(MatchesPattern("*", "")) << "what has no name is not matched";
}

RC_GTEST_PROP(SuppressionPatternProperty, MatchesEveryTextThatContainsIt,
              (const std::string& a, const std::string& b)) {
  const std::string word = "Word";
  RC_ASSERT(MatchesPattern(word, a + word + b));
  RC_ASSERT(MatchesPattern("^Word", word + b));
  RC_ASSERT(MatchesPattern("Word$", a + word));
}

TEST(SuppressionFile, NamesEntriesThatSuppressNothing) {
  const auto entries = ParseSuppressions("# comment\n\n race:Bank::Total \nraces:x\nBank\nrace:\n");
  ASSERT_EQ(entries.size(), 4);
  EXPECT_EQ(entries[0].line, 3);
  EXPECT_EQ(entries[0].pattern, "Bank::Total");
  EXPECT_EQ(entries[0].problem, "");
  EXPECT_THAT(entries[1].problem, HasSubstr("knows no type \"races\""));
  EXPECT_THAT(entries[2].problem, HasSubstr("has no \"type:\""));
  EXPECT_THAT(entries[3].problem, HasSubstr("empty"));
}

TEST(SuppressionFile, NamesWhatIsPartOfAPatternByMistake) {
  EXPECT_THAT(ParseSuppressions("race: Bank::Total")[0].problem, HasSubstr("blank behind the colon"));
  EXPECT_THAT(ParseSuppressions("race:Bank::Total # known")[0].problem, HasSubstr("a line of its own"));
}

TEST(SuppressionFile, KnowsWhatIsTooBroad) {
  const auto why = [](const std::string& line) { return WhyTooBroad(ParseSuppressions(line).front()); };
  EXPECT_THAT(why("race:*"), HasSubstr("nearly every function"));
  EXPECT_THAT(why("race:libfoo.so"), HasSubstr("whole library"));
  EXPECT_THAT(why("called_from_lib:libfoo"), HasSubstr("whole library"));
  EXPECT_THAT(why("race:src/bank.cc"), HasSubstr("whole file"));
  EXPECT_THAT(why("race:Bank::*"), HasSubstr("whole class"));
  EXPECT_THAT(why("race:std::"), HasSubstr("nearly every report"));
  EXPECT_THAT(why("race:^std::*"), HasSubstr("nearly every report"));
  EXPECT_THAT(why("race:^main$"), HasSubstr("nearly every report"));
  EXPECT_THAT(why("race:bank.hpp$"), HasSubstr("whole file"));
  EXPECT_EQ(why("race:Bank::Total"), "");
}

TEST(SuppressionFile, HidesReportsOfItsTypeOnly) {
  Report race;
  race.kind = ReportKind::kDataRace;
  Stack stack;
  stack.frames.resize(2);
  stack.frames[0].function = "Bank::Total()";
  stack.frames[1].function = "main";
  race.stacks = {stack};
  EXPECT_TRUE(Hides({1, "race", "Bank::Total", ""}, race));
  EXPECT_TRUE(Hides({1, "race", "main", ""}, race));
  EXPECT_FALSE(Hides({1, "race_top", "main", ""}, race));
  EXPECT_TRUE(Hides({1, "race_top", "Total", ""}, race));
  EXPECT_FALSE(Hides({1, "deadlock", "Bank::Total", ""}, race));
  race.kind = ReportKind::kLockOrderInversion;
  EXPECT_TRUE(Hides({1, "deadlock", "Bank::Total", ""}, race));
}

}  // namespace
}  // namespace racelab
