// Which steps of a long interleaving are kept to be shown; and that choosing them does not take long.

#include "sanitizers/verdict/telling_steps.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/symbols/object_names.h"

namespace racelab {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

InterleavingStep Step(int thread, const std::string& operation, const std::string& object,
                      const std::string& place = "p+0x1") {
  InterleavingStep step;
  step.thread = thread;
  step.operation = operation;
  step.object = object;
  step.stack.frames = {{"", "", 0, place}};
  return step;
}

Exploration Failing(const std::string& kind, std::vector<InterleavingStep> steps) {
  InterleavingFailure failure;
  failure.kind = kind;
  failure.thread = 1;
  failure.steps = std::move(steps);
  Exploration exploration;
  exploration.failures = {std::move(failure)};
  return exploration;
}

// T1 takes `steps` steps, then T2 takes as many, each on its own object.
std::vector<InterleavingStep> TwoThreads(int steps) {
  std::vector<InterleavingStep> all;
  for (int thread : {1, 2}) {
    for (int i = 0; i < steps; ++i) all.push_back(Step(thread, "load", "heap+0x" + std::to_string(thread)));
  }
  return all;
}

std::vector<std::uint64_t> Numbers(const Exploration& exploration) {
  std::vector<std::uint64_t> numbers;
  for (const InterleavingStep& step : exploration.failures.at(0).steps) numbers.push_back(step.number);
  return numbers;
}

Exploration Kept(Exploration exploration, size_t most, const FramesOfPlaces& frames = {}) {
  std::vector<Exploration> explorations = {std::move(exploration)};
  KeepTellingSteps(explorations, frames, most);
  return explorations[0];
}

TEST(KeepTellingSteps, KeepsTheEndAndTheChangeOfThread) {
  const Exploration kept = Kept(Failing("abort", TwoThreads(1000)), 7);
  EXPECT_THAT(Numbers(kept), ElementsAre(998, 999, 1000, 1001, 1998, 1999, 2000));
  EXPECT_EQ(kept.failures[0].all_steps, 2000u);
}

TEST(KeepTellingSteps, KeepsAllOfAShortOne) {
  EXPECT_THAT(Numbers(Kept(Failing("abort", TwoThreads(3)), 60)), SizeIs(6));
}

TEST(KeepTellingSteps, KeepsWhatTouchesTheObjectsOfTheFailure) {
  std::vector<InterleavingStep> steps = TwoThreads(1000);
  steps[100] = Step(1, "lock", "heap+0x70");
  steps[200] = Step(1, "write", "heap+0x90");
  Exploration exploration = Failing("deadlock", steps);
  WaitingThread waiting;
  waiting.thread = 2;
  waiting.object = "heap+0x70";
  exploration.failures[0].waiting = {waiting};
  EXPECT_THAT(Numbers(Kept(exploration, 12)), Contains(101));
  InterleavingFailure race;
  race.kind = "data race";
  race.memory = "heap+0x90";
  exploration.failures.push_back(race);
  EXPECT_THAT(Numbers(Kept(exploration, 12)), Contains(201));
}

// The text above the table names them.
TEST(KeepTellingSteps, KeepsTheAccessesOfTheRaceBehindTheFailure) {
  std::vector<InterleavingStep> steps = TwoThreads(1000);
  steps[100] = Step(1, "write", "heap+0x90", "p+0x9");
  for (const size_t later : {150, 160, 170}) steps[later] = Step(1, "read", "heap+0x90", "p+0xa");
  Exploration exploration = Failing("abort", steps);
  InterleavingFailure race;
  race.kind = "data race";
  race.memory = "heap+0x90";
  race.memory_bytes = 8;
  exploration.failures.push_back(race);
  EXPECT_THAT(Numbers(Kept(exploration, 8)), Not(Contains(101)));
  RacingAccess access;
  access.thread = 1;
  access.stack.frames = {{"", "", 0, "p+0x9"}};
  exploration.failures[1].accesses = {access};
  EXPECT_THAT(Numbers(Kept(exploration, 8)), Contains(101));
}

TEST(KeepTellingSteps, KeepsThemOfTheMostTellingFailureOnly) {
  Exploration exploration = Failing("data race", TwoThreads(5));
  exploration.failures.push_back(Failing("abort", TwoThreads(5)).failures[0]);
  const Exploration kept = Kept(exploration, 60);
  EXPECT_EQ(kept.failures[0].kind, "abort");
  EXPECT_THAT(kept.failures[0].steps, SizeIs(10));
  EXPECT_THAT(kept.failures[1].steps, IsEmpty());
}

// A step without the name of its object may get it from a step that is not shown.
TEST(KeepTellingSteps, KeepsWitnessesOfNames) {
  std::vector<InterleavingStep> steps = TwoThreads(1000);
  steps[10].surroundings.address = steps[11].surroundings.address = steps[12].surroundings.address = 0x1000;
  steps[20] = Step(1, "load", "heap+0x9");
  steps[20].surroundings.address = 0x2000;
  const Exploration kept = Kept(Failing("abort", steps), 10);
  EXPECT_THAT(kept.failures[0].witnesses, SizeIs(2));
  for (const InterleavingStep& step : kept.failures[0].witnesses) EXPECT_EQ(step.object, "heap+0x1");
}

TEST(KeepTellingSteps, LeavesOutWhatGoogleTestDoesAndJoins) {
  std::vector<InterleavingStep> steps = TwoThreads(2);
  steps.push_back(Step(0, "join", ""));
  steps.push_back(Step(1, "lock", "heap+0x3", "p+0x2"));
  const FramesOfPlaces frames = {{"p+0x2", {{"testing::internal::Mutex::Lock()", "gtest-port.h", 1, "p"}}},
                                 {"p+0x1", {{"F()", "f.cc", 1, "p"}}}};
  const Exploration kept = Kept(Failing("failed expectation", steps), 60, frames);
  EXPECT_EQ(kept.failures[0].all_steps, 4u);
  for (const InterleavingStep& step : kept.failures[0].steps) EXPECT_EQ(step.operation, "load");
}

TEST(LimitSteps, KeepsTheLastOfEachLongFailure) {
  std::vector<Exploration> explorations = {Failing("abort", TwoThreads(500)), Failing("abort", TwoThreads(2))};
  LimitSteps(explorations, {}, 100);
  const InterleavingFailure& long_one = explorations[0].failures[0];
  EXPECT_THAT(long_one.steps, SizeIs(50));
  EXPECT_TRUE(long_one.steps_are_chosen);
  EXPECT_EQ(long_one.all_steps, 1000);
  EXPECT_EQ(long_one.steps.back().number, 1000);
  EXPECT_THAT(explorations[1].failures[0].steps, SizeIs(4));
  EXPECT_FALSE(explorations[1].failures[0].steps_are_chosen);
}

TEST(LimitSteps, KeepsAllIfThereAreFew) {
  std::vector<Exploration> explorations = {Failing("abort", TwoThreads(50))};
  LimitSteps(explorations, {}, 100);
  EXPECT_THAT(explorations[0].failures[0].steps, SizeIs(100));
  EXPECT_FALSE(explorations[0].failures[0].steps_are_chosen);
}

// In time that is quadratic in the steps, as it once was, neither would end within hours.
TEST(KeepTellingSteps, IsInProportionToTheSteps) {
  std::vector<InterleavingStep> steps = TwoThreads(100'000);
  for (size_t i = 0; i < steps.size(); ++i) {
    steps[i].object = "heap+0x" + std::to_string(i);
    steps[i].held = {"heap+0x" + std::to_string(i / 2)};
  }
  std::vector<Exploration> explorations = {Failing("abort", steps)};
  NameObjects(explorations, {}, "");
  EXPECT_THAT(explorations[0].failures[0].steps.back().held_names, ElementsAre(""));
  KeepTellingSteps(explorations, {}, 60);
  EXPECT_THAT(explorations[0].failures[0].steps, SizeIs(60));
}

TEST(TellingSteps, ThatLookTheSameAreToldOnce) {
  InterleavingFailure failure;
  for (int i = 0; i < 50; ++i) {
    InterleavingStep step;
    step.operation = "read";
    step.name = i < 49 ? "lines_" : "last_";
    failure.steps.push_back(step);
  }
  const InterleavingFailure told = Told(failure, Exploration(), 12);
  ASSERT_EQ(told.steps.size(), 2u);
  EXPECT_EQ(told.steps[1].name, "last_");
  EXPECT_EQ(told.all_steps, 2u);
}

TEST(TellingSteps, AreTheNotesOfAProgramThatWritesThem) {
  InterleavingFailure failure;
  for (int i = 0; i < 12; ++i) {
    InterleavingStep step;
    step.operation = i % 3 == 0 ? "note" : "lock";
    step.note = i % 3 == 0 ? absl::StrCat("line ", i) : "";
    failure.steps.push_back(step);
  }
  EXPECT_EQ(Told(failure, Exploration(), 12).steps.size(), 4u);
  failure.steps.resize(6);
  EXPECT_EQ(Told(failure, Exploration(), 12).steps.size(), 4u) << "of each lock, and two notes";
}

}  // namespace
}  // namespace racelab
