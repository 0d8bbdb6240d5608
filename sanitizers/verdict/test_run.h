#ifndef RACELAB_SANITIZERS_VERDICT_TEST_RUN_H_
#define RACELAB_SANITIZERS_VERDICT_TEST_RUN_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/process/child.h"

namespace racelab {

// The contents of GoogleTest's stdout output.
struct TestOutput {
  bool is_googletest = false;      // the output contains at least something that GoogleTest prints
  bool ran_nothing = false;        // it completed without running any test
  bool failed = false;             // a test failed, or the end says so
  int repetitions = 1;             // with --gtest_repeat: how many have begun
  int failed_repetitions = 0;      // how many of these had a failed test
  std::vector<std::string> tests;  // tests that have begun, once per repetition: "HitCounter.CountsEveryHit"
  std::vector<std::string> failed_tests;
  std::string failure;       // of the first failed test: place and message, in one line of words:
                             // "hit_counter_test.cc:12: counter.Total() is 1, not 2"
  std::string running_test;  // a test that has begun and not ended, because it hung or crashed; empty if there is none
};

TestOutput ParseGoogleTest(std::string_view out);

// The outcome of a GoogleTest program's process. Its text is parsed once, when the process ends; the code that judges a
// run uses only these values.
struct TestRun : ChildOutcome {
  TestOutput tests;
  std::string last_words;      // the last line of stderr; empty if there is none
  bool lacks_library = false;  // the dynamic loader did not find a library; `last_words` says which
};

TestRun ReadTestRun(const ChildResult& child);

// " in HitCounter.CountsEveryHit", or nothing if no test was running at the end.
std::string InTest(const TestRun& run);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_TEST_RUN_H_
