// The text for a failure, and other judgements of a process that explored.

#include "sanitizers/verdict/judge_exploration.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Frame At(const std::string& function, const std::string& file, int line) { return {function, file, line, "program"}; }

InterleavingFailure Failure(const std::string& kind, const std::string& message = "") {
  InterleavingFailure failure;
  failure.kind = kind;
  failure.message = message;
  failure.thread = 1;
  return failure;
}

InterleaveResult Exited(int code, const std::string& out = "", const std::string& report = "") {
  ChildResult child;
  child.end = ChildEnd::kExited;
  child.exit_code = code;
  child.out = out;
  return ReadInterleaveRun(child, report);
}

TEST(Explain, NamesTheProgramsPlaceAndTheInnermostOneInALibrary) {
  InterleavingFailure race = Failure("data race");
  race.memory_name = "queue";
  race.accesses = {{1, "write", {}, false, {}, {}}, {2, "read", {}, false, {}, {}}};
  race.accesses[0].stack.frames = {At("Push(int)", "/src/my.cc", 3)};
  race.accesses[1].stack.frames = {
      At("std::deque<int, std::allocator<int> >::push_back(int const&)", "/usr/include/c++/12/bits/stl_deque.h", 1537),
      At("main", "/src/my.cc", 8)};
  EXPECT_EQ(
      Explain(race),
      "data race on queue: write by T1 in Push (my.cc:3), read by T2 in main (my.cc:8) (in std::deque::push_back, "
      "stl_deque.h:1537)");
}

TEST(Explain, AlwaysSaysTheKind) {
  for (const char* kind : {"abort", "unsupported", "cut off", "some newer kind"}) {
    EXPECT_EQ(Explain(Failure(kind)), kind);
    EXPECT_EQ(Explain(Failure(kind, "why")), absl::StrCat(kind, ": why"));
  }
  EXPECT_EQ(Explain(Failure("exit code", "exit code 3")), "exit code 3");
}

TEST(Explain, NamesWhereTheThreadWas) {
  InterleavingFailure failure = Failure("unsupported", "T1 calls fork()");
  failure.stack.frames = {At("Start()", "/src/my.cc", 12)};
  EXPECT_EQ(Explain(failure), "unsupported: T1 calls fork()  (my.cc:12)");
  InterleavingFailure assertion = Failure("abort", "/src/my.cc:12: assertion failed: x");
  assertion.stack = failure.stack;
  EXPECT_EQ(Explain(assertion), "abort: my.cc:12: assertion failed: x") << "not twice";
  InterleavingFailure crash = Failure("crash", "T1: segmentation fault");
  InterleavingStep step;
  step.thread = 1;
  step.operation = "start";
  step.stack = failure.stack;
  crash.steps = {step};
  EXPECT_EQ(Explain(crash), "crash: T1: segmentation fault  (my.cc:12)");
}

TEST(Explain, SaysForWhichValueAThreadSleeps) {
  InterleavingFailure deadlock = Failure("deadlock");
  WaitingThread waiting;
  waiting.thread = 1;
  waiting.operation = "sleep on";
  deadlock.waiting = {waiting};
  EXPECT_EQ(Explain(deadlock), "deadlock: T1 sleeps until it is woken");
  deadlock.waiting[0].expected = 2;
  EXPECT_EQ(Explain(deadlock), "deadlock: T1 sleeps while a futex is 2 until it is woken");
  deadlock.waiting[0].name = "state_";
  EXPECT_EQ(Explain(deadlock), "deadlock: T1 sleeps on state_ while it is 2, until it is woken");
}

TEST(ShortfallOf, TellsTheRuntimesEndFromTheProgramsFailure) {
  using Kind = Shortfall::Kind;
  const auto ended = [](const std::string& end, const std::string& words) {
    return ShortfallOf(Exited(70, "", absl::StrCat(R"({"end":")", end, R"(","words":")", words, "\"}\n")));
  };
  EXPECT_EQ(ended("gave up", "out of memory").kind, Kind::kCannotTell);
  EXPECT_EQ(ended("gave up", "out of memory").reason, "out of memory");
  EXPECT_EQ(ended("misuse", "'1?' is no schedule").kind, Kind::kMisuse);
  EXPECT_EQ(ended("tests hung", "the tests spent 1 s").kind, Kind::kCannotTell);
  EXPECT_EQ(ended("tests hung", "the tests spent 1 s").reason, "hung: the tests spent 1 s");
  EXPECT_THAT(ShortfallOf(Exited(70)).reason, StartsWith("no scenario was explored: it exited with status 70"));
  EXPECT_THAT(ShortfallOf(Exited(0)).reason, StartsWith("no scenario was explored"));
  EXPECT_THAT(ShortfallOf(Exited(1)).reason, StartsWith("no scenario was explored: it exited with status 1"));
  EXPECT_EQ(ShortfallOf(Exited(1)).kind, Kind::kCannotTell);

  InterleaveResult killed = Exited(0);
  killed.child.end = ChildEnd::kSignalled;
  killed.child.signal = 11;
  EXPECT_EQ(ShortfallOf(killed).kind, Kind::kCannotTell);
  killed.child.end = ChildEnd::kTimeLimit;
  EXPECT_EQ(ShortfallOf(killed).kind, Kind::kCutOff);
  killed.child.end = ChildEnd::kNotStarted;
  EXPECT_EQ(ShortfallOf(killed).kind, Kind::kMisuse);

  InterleaveResult broken = Exited(0);
  broken.problem = "the report is cut";
  EXPECT_EQ(ShortfallOf(broken).kind, Kind::kCannotTell);
}

TEST(ShortfallOf, IsAFailureWhereATestFailsOutsideOfItsScenario) {
  const std::string tests =
      "[==========] Running 1 test from 1 test suite.\n[ RUN      ] A.B\n[  FAILED  ] A.B (0 ms)\n"
      "[==========] 1 test from 1 test suite ran.\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.B\n";
  InterleaveResult result = Exited(1, tests);
  EXPECT_EQ(ShortfallOf(result).kind, Shortfall::Kind::kFails);
  result.explorations.resize(1);
  EXPECT_EQ(ShortfallOf(result).kind, Shortfall::Kind::kFails);
  // The failed test is a consequence of this.
  result.explorations[0].failures = {Failure("unsupported")};
  EXPECT_EQ(ShortfallOf(result).kind, Shortfall::Kind::kNone);
}

// A note does not make a fix wrong; of several failures, the judgement names the most telling one.
TEST(JudgeExplorations, GoesByTheMostTellingFailure) {
  InterleaveResult result = Exited(0);
  result.explorations.resize(1);
  result.explorations[0].complete = true;
  result.explorations[0].failures = {Failure("data race", "a note")};
  result.explorations[0].failures[0].is_note = true;
  EXPECT_EQ(JudgeExplorations(result, nullptr).verdict, Verdict::kClean);
  result.explorations[0].failures.push_back(Failure("exit code", "exit code 1"));
  result.explorations[0].failures.push_back(Failure("abort", "it aborts"));
  EXPECT_EQ(JudgeExplorations(result, nullptr).verdict, Verdict::kExposedOtherwise);
  EXPECT_THAT(JudgeExplorations(result, nullptr).reason, HasSubstr("it aborts"));
}

// The participant learns what failed in an interleaving, rather than that a later test never ended.
TEST(JudgeExplorations, PrefersAFailedInterleavingToALaterHang) {
  InterleaveResult hung = Exited(70, "", "{\"end\":\"tests hung\",\"words\":\"the tests spent 1 s\"}\n");
  InterleaveResult deadlocked = Exited(0);
  deadlocked.child.end = ChildEnd::kDeadlock;
  for (InterleaveResult* result : {&hung, &deadlocked}) {
    EXPECT_EQ(JudgeExplorations(*result, nullptr).verdict, Verdict::kHang);
    result->explorations.resize(1);
    result->explorations[0].failures = {Failure("abort", "it aborts")};
    EXPECT_EQ(JudgeExplorations(*result, nullptr).verdict, Verdict::kExposedOtherwise);
    EXPECT_THAT(JudgeExplorations(*result, nullptr).reason, HasSubstr("it aborts"));
    const ExpectedFailure declared{.kind = "abort", .in = {}};
    EXPECT_EQ(JudgeExplorations(*result, &declared).verdict, Verdict::kExposed);
  }
}

}  // namespace
}  // namespace racelab
