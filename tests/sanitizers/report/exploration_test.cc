// Parsing the second runtime's reports, and describing them.

#include "sanitizers/report/exploration.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/exploration_json.h"

namespace racelab {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string Step(int thread, const std::string& more = "") {
  return absl::StrCat(R"({"thread":)", thread,
                      R"(,"step":true,"operation":"lock","object":"heap+0x10","held":[],"stack":["p+0x1","p+0x2"])",
                      more, "}");
}

std::string FailureJson(const std::string& kind, const std::vector<std::string>& steps, const std::string& more = "") {
  return absl::StrCat(
      R"({"kind":")", kind,
      R"(","thread":1,"message":"it fails","found_after":3,"occurrences":2,"schedule":"12","threads":3,)",
      R"("waiting":[{"thread":1,"operation":"sleep on","object":"heap+0x40","spins":false,"stack":[],)",
      R"("expected":7}],"steps":[)", absl::StrJoin(steps, ","), "]", more, "}");
}

std::string Line(const std::vector<std::string>& failures, const std::string& more = "") {
  return absl::StrCat(
      R"({"scenario":"main","search":"exhaustive","preemptions":2,"seed":1,"executions":5,"sleep_set_blocked":1,)",
      R"("failing":1,"complete":false,"preemptions_covered":1,"collapsed_spins":false,)",
      R"("skipped_timeouts":true,"seconds":0.5,"heap":{"begin":4096,"bytes":8192},"registers":[3,6],)",
      R"("outcomes":[{"exit_code":3,"executions":4}])", more, R"(,"failures":[)", absl::StrJoin(failures, ","), "]}\n");
}

InterleavingFailure Failure(const std::string& kind, const std::string& message = "") {
  InterleavingFailure failure;
  failure.kind = kind;
  failure.message = message;
  return failure;
}

Exploration Complete(std::uint64_t executions) {
  Exploration exploration;
  exploration.scenario = "main";
  exploration.search = "exhaustive";
  exploration.executions = executions;
  exploration.complete = true;
  return exploration;
}

TEST(ParseExplorations, ReadsWhatThereIs) {
  const ParsedExplorations parsed =
      ParseExplorations(Line({FailureJson("deadlock", {Step(1), Step(2)}), FailureJson("abort", {Step(3)})}));
  EXPECT_EQ(parsed.problem, "");
  ASSERT_THAT(parsed.explorations, SizeIs(1));
  const Exploration& exploration = parsed.explorations[0];
  EXPECT_EQ(exploration.executions, 5u);
  EXPECT_TRUE(exploration.skipped_timeouts);
  EXPECT_EQ(exploration.outcomes.at(3), 4u);
  ASSERT_THAT(exploration.failures, SizeIs(2));
  const InterleavingFailure& deadlock = exploration.failures[0];
  EXPECT_EQ(deadlock.occurrences, 2u);
  ASSERT_THAT(deadlock.steps, SizeIs(2));
  EXPECT_EQ(deadlock.steps[1].thread, 2);
  EXPECT_EQ(deadlock.steps[1].number, 2u);
  EXPECT_EQ(deadlock.steps[1].stack.frames[1].module, "p+0x2");
  ASSERT_THAT(deadlock.waiting, SizeIs(1));
  EXPECT_EQ(deadlock.waiting[0].expected, 7u);
  EXPECT_THAT(exploration.failures[1].steps, SizeIs(1));
}

TEST(ParseExplorations, TakesWhatIsNotThereForFalse) {
  const ParsedExplorations parsed = ParseExplorations(Line({}));
  ASSERT_THAT(parsed.explorations, SizeIs(1));
  const Exploration& exploration = parsed.explorations[0];
  EXPECT_FALSE(exploration.weak_orders || exploration.unvaried_addresses || exploration.memory_bound);
  EXPECT_EQ(exploration.cut_at_steps + exploration.cut_after_end, 0u);
  EXPECT_THAT(exploration.searches, IsEmpty());
}

TEST(ParseExplorations, ReadsWhatIsLeftOut) {
  const std::string more =
      R"(,"weak_orders":true,"unvaried_addresses":true,"no_spurious_wakeups":true,"no_weak_failures":true,)"
      R"("cut_at_steps":2,"cut_after_end":3,"memory_bound":true,"aliases":true,"system_changes":true,)"
      R"("searches":[{"search":"exhaustive","executions":4},{"search":"preemptions","executions":1,"preemptions":1}])";
  const ParsedExplorations parsed = ParseExplorations(Line({}, more));
  ASSERT_THAT(parsed.explorations, SizeIs(1)) << parsed.problem;
  const std::vector<std::string> left_out = LeftOut(parsed.explorations[0]);
  EXPECT_THAT(left_out, SizeIs(11));
  EXPECT_THAT(left_out.back(), HasSubstr("depth first 4 runs, at most 1 preemption 1 run"));
  for (const std::string& line : left_out) EXPECT_LE(line.size(), 73u) << line;
  EXPECT_THAT(ToJson(parsed.explorations[0])["left_out"], SizeIs(11));
}

TEST(ParseExplorations, SaysIfEffectsOfWeakOrdersAreExploredInPart) {
  const ParsedExplorations without = ParseExplorations(Line({}, R"(,"weak_orders":true)"));
  const ParsedExplorations with = ParseExplorations(Line({}, R"(,"weak_orders":true,"older_values":2)"));
  ASSERT_TRUE(without.explorations.size() == 1 && with.explorations.size() == 1) << without.problem << with.problem;
  EXPECT_THAT(LeftOut(without.explorations[0]), Contains(StartsWith("not explored: effects of orders weaker")));
  EXPECT_THAT(LeftOut(with.explorations[0]), Contains(StartsWith("explored in part: effects of orders weaker")));
  EXPECT_EQ(ToJson(with.explorations[0])["older_values"], 2);
}

TEST(ParseExplorations, ReadsTheOrderOfAStepAndThatThereAreFences) {
  const ParsedExplorations parsed = ParseExplorations(
      Line({FailureJson("data race", {Step(1, R"(,"order":"relaxed")"), Step(2)})}, R"(,"fences":true)"));
  ASSERT_THAT(parsed.explorations, SizeIs(1)) << parsed.problem;
  const Exploration& exploration = parsed.explorations[0];
  EXPECT_TRUE(exploration.fences);
  EXPECT_EQ(exploration.failures.at(0).steps.at(0).order, "relaxed");
  EXPECT_EQ(exploration.failures[0].steps.at(1).order, "");
  EXPECT_EQ(ToJson(exploration)["fences"], true);
  EXPECT_EQ(ToJson(exploration)["failures"][0]["steps"][0]["order"], "relaxed");
}

TEST(ParseExplorations, ReadsAFailedCompareExchangeANoteAndWhereTheThreadWas) {
  const ParsedExplorations parsed = ParseExplorations(
      Line({FailureJson("unsupported", {Step(1, R"(,"failed":true,"expected":0,"before":1,"after":1)")},
                        R"(,"stack":["p+0x9"],"note":true,"defect":"some defect")")}));
  ASSERT_THAT(parsed.explorations, SizeIs(1)) << parsed.problem;
  const InterleavingFailure& failure = parsed.explorations[0].failures.at(0);
  EXPECT_TRUE(failure.steps.at(0).failed);
  EXPECT_EQ(failure.steps[0].expected, 0u);
  EXPECT_EQ(failure.stack.frames.at(0).module, "p+0x9");
  EXPECT_TRUE(failure.is_note);
  EXPECT_EQ(failure.defect, "some defect");
}

TEST(ParseExplorations, GivesAStepTheStackOfAnEarlierOne) {
  const auto same_as = [](int step) {
    return absl::StrReplaceAll(Step(1), {{R"("stack":["p+0x1","p+0x2"])", absl::StrCat(R"("stack_of":)", step)}});
  };
  const ParsedExplorations parsed = ParseExplorations(Line({FailureJson("abort", {Step(1), same_as(0), same_as(1)})}));
  ASSERT_THAT(parsed.explorations, SizeIs(1)) << parsed.problem;
  for (const InterleavingStep& step : parsed.explorations[0].failures.at(0).steps) {
    ASSERT_THAT(step.stack.frames, SizeIs(2));
    EXPECT_EQ(step.stack.frames[1].module, "p+0x2");
  }
  EXPECT_NE(ParseExplorations(Line({FailureJson("abort", {same_as(0)})})).problem, "") << "there is none before it";
}

TEST(ParseExplorations, KeepsWhatStandsBeforeABrokenLine) {
  const std::string whole = Line({FailureJson("deadlock", {Step(1), Step(2)})});
  for (size_t length : {whole.size() - 2, whole.size() / 2, size_t{1}}) {
    const ParsedExplorations parsed = ParseExplorations(absl::StrCat(whole, whole.substr(0, length)));
    EXPECT_THAT(parsed.explorations, SizeIs(1));
    EXPECT_THAT(parsed.problem, HasSubstr("cut or broken in line 2"));
  }
  EXPECT_THAT(ParseExplorations(absl::StrReplaceAll(whole, {{"\"object\"", "\"subject\""}})).problem,
              HasSubstr("line 1"));
  EXPECT_EQ(ParseExplorations("").problem, "");
}

TEST(Merge, TellsFailuresApartByTheirPlaces) {
  Exploration one = Complete(3), other = Complete(4);
  one.failures = {Failure("abort", "a.cc:1: assertion failed: x"), Failure("abort", "a.cc:1: assertion failed: x")};
  other.failures = {Failure("abort", "a.cc:2: assertion failed: x"), Failure("abort", "a.cc:1: assertion failed: x")};
  other.failures[0].stack.frames = {{"f", "a.cc", 2, "p"}};
  const std::vector<Exploration> merged = Merge({one, other});
  ASSERT_THAT(merged, SizeIs(1));
  EXPECT_EQ(merged[0].executions, 7u);
  ASSERT_THAT(merged[0].failures, SizeIs(2));
  EXPECT_EQ(merged[0].failures[0].occurrences, 3u);
}

TEST(Merge, KeepsTheFailureThatHasSteps) {
  Exploration one = Complete(1), other = Complete(1);
  one.failures = other.failures = {Failure("deadlock", "d")};
  one.failures[0].schedule = "1";
  other.failures[0].schedule = "1122";
  other.failures[0].steps.resize(4);
  EXPECT_THAT(Merge({one, other})[0].failures[0].steps, SizeIs(4));
  EXPECT_THAT(Merge({other, one})[0].failures[0].steps, SizeIs(4));
}

TEST(Merge, SaysWhatAnyPartLeavesOut) {
  Exploration one = Complete(1), other = Complete(1);
  one.weak_orders = true;
  one.cut_at_steps = 1;
  one.searches = {{"exhaustive", 5, 0, 0}};
  other.memory_bound = other.fences = other.unseen_locals = other.unseen_copies = other.aliases = other.system_changes =
      true;
  other.older_values = 2;
  other.cut_at_steps = 2;
  other.searches = {{"exhaustive", 7, 0, 0}, {"pct", 2, 0, 1}};
  const Exploration merged = Merge({one, other})[0];
  EXPECT_TRUE(merged.weak_orders && merged.memory_bound && merged.fences && merged.unseen_locals &&
              merged.unseen_copies && merged.aliases && merged.system_changes);
  for (const std::string& line : LeftOut(merged)) EXPECT_LE(line.size(), 73u) << line;
  EXPECT_EQ(merged.cut_at_steps, 3u);
  EXPECT_EQ(merged.older_values, 2);
  ASSERT_THAT(merged.searches, SizeIs(2));
  EXPECT_EQ(merged.searches[0].executions, 12u);
}

TEST(Coverage, IsNeverOfAllWhereAnExecutionWasCut) {
  Exploration exploration = Complete(328);
  EXPECT_EQ(Coverage(exploration), "all 328 interleavings");
  exploration.cut_at_steps = 1;
  EXPECT_THAT(Coverage(exploration), Not(HasSubstr("all 328")));
  EXPECT_THAT(Coverage(exploration), EndsWith(kThereAreMore));
  exploration.executions = 1;
  EXPECT_THAT(Coverage(exploration), Not(HasSubstr("the only")));
}

TEST(Certainty, OfAFailureOfTheProgramBeatsWhatCannotBeTold) {
  Exploration exploration = Complete(3);
  EXPECT_EQ(CertaintyOf(exploration), Certainty::kHolds);
  for (const char* kind : {"unsupported", "cut off", "not deterministic"}) {
    exploration.failures = {Failure(kind)};
    EXPECT_EQ(CertaintyOf(exploration), Certainty::kCannotTell) << kind;
    EXPECT_FALSE(IsFailureKind(kind)) << kind;
    exploration.failures.push_back(Failure("exit code"));
    EXPECT_EQ(CertaintyOf(exploration), Certainty::kFails);
    SortByTelling(exploration.failures);
    EXPECT_EQ(exploration.failures[0].kind, "exit code");
  }
  exploration.failures = {Failure("deadlock")};
  exploration.failures[0].is_note = true;
  EXPECT_EQ(CertaintyOf(exploration), Certainty::kHolds);
}

TEST(Certainty, OfNothingThatWasRunIsNone) {
  Exploration exploration = Complete(0);
  EXPECT_EQ(CertaintyOf(exploration), Certainty::kHolds);  // A part of a search without interleavings of its own.
  exploration.complete = false;
  EXPECT_EQ(CertaintyOf(exploration), Certainty::kCannotTell);
  exploration.sleep_set_blocked = 7;  // None of these was run to its end.
  EXPECT_EQ(CertaintyOf(exploration), Certainty::kCannotTell);
}

TEST(SortByTelling, PutsTheConsequenceBeforeTheRaceAndTheExitCodeLast) {
  std::vector<InterleavingFailure> failures;
  for (const char* kind : {"unsupported", "exit code", "data race", "thread leak", "deadlock", "some newer kind",
                           "abort", "failed expectation"})
    failures.push_back(Failure(kind));
  SortByTelling(failures);
  std::vector<std::string> kinds;
  for (const InterleavingFailure& failure : failures) kinds.push_back(failure.kind);
  EXPECT_THAT(kinds, ElementsAre("failed expectation", "abort", "deadlock", "thread leak", "some newer kind",
                                 "data race", "exit code", "unsupported"));
}

TEST(ParseExplorations, ReadsHowItsAddressesAndRegistersAreToBeRead) {
  const std::string frame = R"({"place":"p+0x1","pc":5,"cfa":6,"registers":[7,18446744073709551615]})";
  const std::string step = Step(1, absl::StrCat(R"(,"surroundings":{"address":4104,"stack_pointer":9,"frames":[)",
                                                frame, R"(],"words":[1,2,3,4]})"));
  const ParsedExplorations parsed = ParseExplorations(
      Line({FailureJson("data race", {step}, R"(,"memory":"heap+0x8","memory_bytes":16,"accesses":[])")}));
  ASSERT_THAT(parsed.explorations, SizeIs(1)) << parsed.problem;
  const Exploration& exploration = parsed.explorations[0];
  EXPECT_EQ(exploration.layout.heap, 4096u);
  EXPECT_EQ(exploration.layout.heap_bytes, 8192u);
  EXPECT_THAT(exploration.layout.registers, ElementsAre(3, 6));
  EXPECT_EQ(exploration.failures[0].memory_bytes, 16u);
  const Surroundings& surroundings = exploration.failures[0].steps[0].surroundings;
  EXPECT_THAT(surroundings.frames.at(0).registers, ElementsAre(7u, ~std::uint64_t{0}));
  EXPECT_EQ(surroundings.words.at(3), 4u);
}

TEST(ParseExplorations, WantsAValueForEachRegister) {
  const std::string step = Step(1, R"(,"surroundings":{"address":1,"stack_pointer":9,"words":[],"frames":[)"
                                   R"({"place":"p+0x1","pc":5,"cfa":6,"registers":[7]}]})");
  const ParsedExplorations parsed = ParseExplorations(Line({FailureJson("abort", {step})}));
  EXPECT_THAT(parsed.explorations, IsEmpty());
  EXPECT_THAT(parsed.problem, EndsWith("line 1: a frame has 1 registers, not 2"));
}

TEST(ParseExplorations, ReadsWhyTheRuntimeEndedTheProcess) {
  const std::pair<const char*, RuntimesEnd> ends[] = {
      {"gave up", RuntimesEnd::kGaveUp}, {"misuse", RuntimesEnd::kMisuse}, {"tests hung", RuntimesEnd::kTestsHung}};
  for (const auto& [end, expected] : ends) {
    const ParsedExplorations parsed =
        ParseExplorations(absl::StrCat(Line({}), R"({"end":")", end, R"(","words":"in \u0022_Z4Loopv\u0022"})", "\n"));
    EXPECT_EQ(parsed.problem, "");
    EXPECT_THAT(parsed.explorations, SizeIs(1));
    EXPECT_EQ(parsed.end, expected);
    EXPECT_EQ(parsed.words, "in \"Loop()\"");
  }
  EXPECT_EQ(ParseExplorations(Line({})).end, RuntimesEnd::kNone);
  EXPECT_THAT(ParseExplorations(R"({"end":"flew away","words":""})").problem, HasSubstr("there is no end 'flew away'"));
}

TEST(RaceBehind, IsTheOneWhoseMemoryWasTouchedLast) {
  std::vector<InterleavingFailure> failures = {Failure("abort"), Failure("data race"), Failure("data race")};
  failures[1].memory = "heap+0x40";
  failures[2].memory = "heap+0x80";
  failures[1].memory_bytes = failures[2].memory_bytes = 8;
  const auto touch = [&](const std::string& operation, const std::string& object, std::uint64_t size = 4) {
    InterleavingStep step;
    step.size = size;
    step.operation = operation;
    step.object = object;
    failures[0].steps.push_back(step);
  };
  EXPECT_EQ(RaceBehind(failures[0], failures), nullptr);
  touch("load", "heap+0x80");
  EXPECT_EQ(RaceBehind(failures[0], failures), nullptr);
  touch("write", "heap+0x84");
  EXPECT_EQ(RaceBehind(failures[0], failures), &failures[2]);
  touch("read", "heap+0x40");
  EXPECT_EQ(RaceBehind(failures[0], failures), &failures[1]);
  EXPECT_EQ(RaceBehind(failures[1], failures), nullptr);
  touch("read", "heap+0x88");
  EXPECT_EQ(RaceBehind(failures[0], failures), &failures[1]) << "the bytes of the other race end before";
  failures[2].memory_bytes = 16;
  EXPECT_EQ(RaceBehind(failures[0], failures), &failures[2]);
  touch("read", "heap+0x3c", 8);
  EXPECT_EQ(RaceBehind(failures[0], failures), &failures[1]) << "it reaches into them";
}

TEST(RaceBehind, IsFoundOnAStackThoughThatGrowsDownwards) {
  std::vector<InterleavingFailure> failures = {Failure("abort"), Failure("data race")};
  failures[1].memory = "stack of T1+0x40";
  failures[1].memory_bytes = 8;
  InterleavingStep step;
  step.operation = "write";
  step.size = 4;
  step.object = "stack of T1+0x44";  // The four bytes below.
  failures[0].steps = {step};
  EXPECT_EQ(RaceBehind(failures[0], failures), nullptr);
  failures[0].steps[0].object = "stack of T1+0x3c";
  EXPECT_EQ(RaceBehind(failures[0], failures), &failures[1]);
}

}  // namespace
}  // namespace racelab
