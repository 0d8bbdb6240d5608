#ifndef RACELAB_SANITIZERS_VERDICT_TEST_RUN_H_
#define RACELAB_SANITIZERS_VERDICT_TEST_RUN_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/process/child.h"

namespace racelab {

// What GoogleTest printed to stdout.
struct TestOutput {
  bool is_googletest = false;             // it printed anything that GoogleTest prints
  bool ran_nothing = false;               // it ran to its end, and ran no test
  bool failed = false;                    // a test failed, or the end says so
  int repetitions = 1;                    // begun, with --gtest_repeat
  int failed_repetitions = 0;             // of those, how many a test failed in
  std::vector<std::string> failed_tests;  // "HitCounter.CountsEveryHit"
  std::string failure;       // of the first failed test: where and what, in a line: "hit_counter_test.cc:12: Expected
                             // equality of these values: …"
  std::string running_test;  // begun and not ended: the one that hung or crashed; empty if none
};

TestOutput ParseGoogleTest(std::string_view out);

// What became of the process of a GoogleTest program. Its text has been read, once, where the process ended: what
// judges a run judges these values.
struct TestRun : ChildOutcome {
  TestOutput tests;
  std::string last_words;      // the last line of stderr; empty if there is none
  bool lacks_library = false;  // the dynamic loader did not find one: `last_words` says which
};

TestRun ReadTestRun(const ChildResult& child);

// " in HitCounter.CountsEveryHit", or nothing if no test was running at the end.
std::string InTest(const TestRun& run);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_TEST_RUN_H_
