// GoogleTest's messages in words.

#include "sanitizers/verdict/expectation_words.h"

#include "gtest/gtest.h"

namespace racelab {
namespace {

TEST(ExpectationInWords, SaysWhatIsAndWhatIsNot) {
  EXPECT_EQ(
      ExpectationInWords("/src/x_test.cc:12: Expected equality of these values:\n  a.Left()\n    Which is: -10\n  0"),
      "x_test.cc:12: a.Left() is -10, not 0");
  EXPECT_EQ(ExpectationInWords("x_test.cc:12:\nExpected equality of these values:\n  2\n  counted\n    Which is: 3"),
            "x_test.cc:12: counted is 3, not 2");
  EXPECT_EQ(ExpectationInWords("x_test.cc:12: Expected equality of these values:\n  batches\n    Which is: 3\n"
                               "  when_stopped\n    Which is: 2\nafter Stop()"),
            "x_test.cc:12: batches is 3, not 2 (when_stopped); after Stop()");
  EXPECT_EQ(
      ExpectationInWords("x_test.cc:1: Expected equality of these values:\n  (std::set{a, b})\n    Which is: { 2 }\n"
                         "  (std::set<int>{1, 2})\n    Which is: { 1, 2 }"),
      "x_test.cc:1: std::set{a, b} is { 2 }, not { 1, 2 }");
  EXPECT_EQ(ExpectationInWords("x_test.cc:1: Value of: IsOne(seen)\n  Actual: false (3 is none)\nExpected: true"),
            "x_test.cc:1: IsOne(seen) is false (3 is none), not true");
}

TEST(ExpectationInWords, LeavesOutWhatTellsNothing) {
  EXPECT_EQ(
      ExpectationInWords("x_test.cc:1: Expected equality of these values:\n  took\n    Which is: 50000000ns\n"
                         "  3 * kDelay\n    Which is: 2000ms\nGoogle Test trace:\n/src/p.cc:7: process A stopped"),
      "x_test.cc:1: took is 50ms, not 2s; process A stopped");
  EXPECT_EQ(ExpectationInWords("x_test.cc:1: Failed\nnobody is left"), "x_test.cc:1: nobody is left");
  EXPECT_EQ(ExpectationInWords("it ends here"), "it ends here");
  EXPECT_EQ(ExpectationInWords(""), "");
}

}  // namespace
}  // namespace racelab
