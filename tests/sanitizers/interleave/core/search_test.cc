// The search, on programs that consist only of operations: its results are compared with those of a plain enumeration.

#include "sanitizers/interleave/search.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "tests/sanitizers/interleave/core/small_program.h"

namespace racelab::interleave {
namespace {

using testing::Each;
using testing::Field;

constexpr Act kRead = Act::kRead, kWrite = Act::kWrite, kLock = Act::kLock, kUnlock = Act::kUnlock;

SearchOptions With(Strategy strategy) {
  SearchOptions options;
  options.strategy = strategy;
  return options;
}

std::multiset<std::string> CompleteTraces(const std::vector<Ran>& runs) {
  std::multiset<std::string> traces;
  for (const Ran& ran : runs) {
    if (ran.complete && ran.mine) traces.insert(ran.trace);
  }
  return traces;
}

std::set<std::string> Distinct(const std::vector<Ran>& runs) {
  std::set<std::string> traces;
  for (const Ran& ran : runs) traces.insert(ran.trace);
  return traces;
}

std::multiset<std::vector<int>> Schedules(const std::vector<Ran>& runs) {
  std::multiset<std::vector<int>> schedules;
  for (const Ran& ran : runs) schedules.insert(ran.schedule);
  return schedules;
}

// Two increments that are not atomic: 4 of the 6 interleavings differ.
const SmallProgram kLostUpdate = {{{kRead}, {kWrite}}, {{kRead}, {kWrite}}};
const SmallProgram kLockedUpdate = {{{kLock}, {kRead}, {kWrite}, {kUnlock}}, {{kLock}, {kRead}, {kWrite}, {kUnlock}}};
// Each thread takes the lock that the other thread holds.
const SmallProgram kDeadlock = {{{kLock, 0}, {kLock, 1}, {kUnlock, 1}, {kUnlock, 0}},
                                {{kLock, 1}, {kLock, 0}, {kUnlock, 0}, {kUnlock, 1}}};

TEST(SearchTest, ExploresEachOrderOfWhatDependsOnEachOtherOnce) {
  EXPECT_EQ(RunAll(kLostUpdate, With(Strategy::kFull)).size(), 6);
  EXPECT_EQ(CompleteTraces(RunAll(kLostUpdate, With(Strategy::kExhaustive))).size(), 4);
  EXPECT_EQ(CompleteTraces(RunAll(kLockedUpdate, With(Strategy::kExhaustive))).size(), 2);
  const SmallProgram independent = {{{kWrite, 0}, {kWrite, 0}}, {{kWrite, 1}, {kWrite, 1}}, {{kRead, 2}}};
  EXPECT_EQ(RunAll(independent, With(Strategy::kExhaustive)).size(), 1);
}

TEST(SearchTest, FindsTheDeadlock) {
  const std::vector<Ran> runs = RunAll(kDeadlock, With(Strategy::kExhaustive));
  EXPECT_EQ(std::count_if(runs.begin(), runs.end(), [](const Ran& ran) { return ran.stuck; }), 1);
  EXPECT_EQ(CompleteTraces(runs).size(), 3);
}

TEST(SearchTest, TriesEachValueOfAChoice) {
  const SmallProgram program = {{{Act::kChoose, 3}, {kWrite}}, {{kRead}}};
  std::set<std::string> outcomes;
  for (const Ran& ran : RunAll(program, With(Strategy::kExhaustive))) outcomes.insert(ran.outcome);
  EXPECT_EQ(outcomes.size(), 3 * 2);
}

// The writer can also come before the first reader. It can come before the second reader only if the first has left by
// then.
TEST(SearchTest, TriesAWriterBeforeReadersThatJoinEachOther) {
  const SmallProgram program = {{{Act::kLockShared}, {kWrite}, {kRead, 1}, {Act::kUnlockShared}},
                                {{kRead}, {Act::kLockShared}, {kWrite, 1}, {Act::kUnlockShared}},
                                {{kLock}, {kUnlock}}};
  EXPECT_EQ(CompleteTraces(RunAll(program, With(Strategy::kExhaustive))).size(),
            Distinct(AllInterleavings(program)).size());
}

// Exactly one for each class of interleavings that differ only in the order of independent operations.
RC_GTEST_PROP(SearchTest, ExploresOneOfEachClassToItsEnd, ()) {
  const SmallProgram program = *SmallPrograms();
  const std::set<std::string> classes = Distinct(AllInterleavings(program));
  const std::multiset<std::string> explored = CompleteTraces(RunAll(program, With(Strategy::kExhaustive)));
  RC_ASSERT(std::set<std::string>(explored.begin(), explored.end()) == classes);
  RC_ASSERT(explored.size() == classes.size());
}

RC_GTEST_PROP(SearchTest, WithoutReductionExploresEachInterleavingOnce, ()) {
  const SmallProgram program = *SmallPrograms();
  RC_ASSERT(Schedules(RunAll(program, With(Strategy::kFull))) == Schedules(AllInterleavings(program)));
}

RC_GTEST_PROP(SearchTest, BoundedExploresEachInterleavingWithSoFewPreemptionsOnce, ()) {
  const SmallProgram program = *SmallPrograms();
  SearchOptions options = With(Strategy::kBounded);
  options.preemptions = *rc::gen::inRange(0, 3);
  const std::vector<Ran> runs = RunAll(program, options);
  RC_ASSERT(Schedules(runs) == Schedules(AllInterleavings(program, options.preemptions)));
  for (const Ran& ran : runs) RC_ASSERT(ran.preemptions <= options.preemptions);
}

RC_GTEST_PROP(SearchTest, ProcessesShareItWithoutGapsAndWithoutRepetition, ()) {
  const SmallProgram program = *SmallPrograms();
  std::multiset<std::string> shared;
  SearchOptions options = With(*rc::gen::element(Strategy::kExhaustive, Strategy::kFull));
  const std::multiset<std::string> whole = CompleteTraces(RunAll(program, options));
  options.shards = *rc::gen::inRange(2u, 5u);
  for (options.shard = 0; options.shard < options.shards; ++options.shard)
    shared.merge(CompleteTraces(RunAll(program, options)));
  RC_ASSERT(shared == whole);
}

TEST(SearchTest, EachProcessHasItsShare) {
  const SmallProgram program(3, {{kWrite}, {kRead, 1}, {kWrite}});
  SearchOptions options = With(Strategy::kFull);
  options.shards = 3;
  const std::size_t whole = RunAll(program, With(Strategy::kFull)).size();
  for (options.shard = 0; options.shard < options.shards; ++options.shard)
    EXPECT_GT(CompleteTraces(RunAll(program, options)).size(), whole / 6) << "process " << options.shard;
}

RC_GTEST_PROP(SearchTest, AScheduleReplaysItsExecution, ()) {
  const SmallProgram program = *SmallPrograms();
  for (const Ran& ran : RunAll(program, With(*rc::gen::element(Strategy::kExhaustive, Strategy::kBounded)))) {
    SearchOptions replay = With(Strategy::kReplay);
    for (const int digit : ran.schedule) replay.schedule.push_back(static_cast<std::uint8_t>(digit));
    const std::vector<Ran> again = RunAll(program, replay);
    RC_ASSERT(again.size() == 1);
    if (!ran.complete) continue;  // The replay continues where the search was cut short.
    RC_ASSERT(again[0].schedule == ran.schedule);
    RC_ASSERT(again[0].trace == ran.trace);
  }
}

RC_GTEST_PROP(SearchTest, AGuideLeadsBackToItsExecution, ()) {
  const SmallProgram program = *SmallPrograms();
  Search search;
  search.Begin(With(Strategy::kRandom));
  const Ran ran = RunOnce(program, search);
  SearchOptions guided = With(Strategy::kGuided);
  guided.guide = search.AsGuide();
  RC_ASSERT(RunAll(program, guided)[0].schedule == ran.schedule);
}

// An execution in which a thread has lost its storage proves nothing, and is cut short.
RC_GTEST_PROP(SearchTest, AnExecutionThatIsCutShortIsTheSameWhenItIsRunAgain, ()) {
  const SmallProgram program = *SmallPrograms();
  const SearchOptions options = With(*rc::gen::element(Strategy::kExhaustive, Strategy::kFull, Strategy::kBounded,
                                                       Strategy::kRandom, Strategy::kPct, Strategy::kPos));
  Search search, interrupted;
  search.Begin(options);
  interrupted.Begin(options);
  bool goes_on = true;
  for (int execution = 0; goes_on && execution < 20; ++execution) {
    for (const std::size_t steps : *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 8)))
      RunOnce(program, interrupted, steps);
    RC_ASSERT(RunOnce(program, interrupted).schedule == RunOnce(program, search).schedule);
    goes_on = search.Advance();
    RC_ASSERT(interrupted.Advance() == goes_on);
  }
}

class RandomSearchTest : public testing::TestWithParam<Strategy> {};

TEST_P(RandomSearchTest, FindsEachClassOfASmallProgram) {
  const SmallProgram program = {{{kRead}, {kWrite}, {kRead}}, {{kRead}, {kWrite}}};
  Search search;
  search.Begin(With(GetParam()));
  std::set<std::string> found;
  for (int i = 0; i < 2'000; ++i) {
    const Ran ran = RunOnce(program, search);
    ASSERT_TRUE(ran.complete);
    ASSERT_TRUE(search.Advance());
    found.insert(ran.trace);
  }
  EXPECT_EQ(found, Distinct(AllInterleavings(program)));
}

TEST_P(RandomSearchTest, IsTheSameAgainWithTheSameSeed) {
  SearchOptions options = With(GetParam());
  std::map<std::uint64_t, std::vector<std::vector<int>>> by_seed;
  for (const std::uint64_t seed : {1, 2, 1}) {
    options.seed = seed;
    Search search;
    search.Begin(options);
    std::vector<std::vector<int>> schedules;
    for (int i = 0; i < 20; ++i) {
      schedules.push_back(RunOnce(kLockedUpdate, search).schedule);
      search.Advance();
    }
    const auto [known, is_new] = by_seed.emplace(seed, schedules);
    EXPECT_EQ(known->second, schedules) << "seed " << seed;
  }
  EXPECT_NE(by_seed[1], by_seed[2]);
}

INSTANTIATE_TEST_SUITE_P(, RandomSearchTest, testing::Values(Strategy::kRandom, Strategy::kPct, Strategy::kPos),
                         [](const auto& info) {
                           return info.param == Strategy::kRandom ? "Random"
                                  : info.param == Strategy::kPct  ? "Pct"
                                                                  : "Pos";
                         });

TEST(SearchTest, TellsThatAProgramDoesSomethingElseThanBefore) {
  Search search;
  search.Begin(With(Strategy::kExhaustive));
  RunOnce(kLostUpdate, search);
  EXPECT_FALSE(search.diverged());
  ASSERT_TRUE(search.Advance());
  ASSERT_GT(search.repeated(), 1);
  const SmallProgram another = {{{kLock}, {kWrite}, {kUnlock}}, {{kLock}, {kWrite}, {kUnlock}}};
  RunOnce(another, search);
  EXPECT_TRUE(search.diverged());
}

}  // namespace
}  // namespace racelab::interleave
