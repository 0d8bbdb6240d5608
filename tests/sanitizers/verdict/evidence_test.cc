#include "sanitizers/verdict/evidence.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace racelab {
namespace {

// A report of `kind` whose accesses are in `functions`; an empty name stands for a stack that could not be restored.
Report ReportIn(ReportKind kind, const std::vector<std::string>& functions) {
  Report report;
  report.kind = kind;
  for (const std::string& function : functions) {
    const StackRole role = kind == ReportKind::kLockOrderInversion ? StackRole::kLockAcquired : StackRole::kAccess;
    report.stacks.push_back({role, "", {}});
    if (!function.empty()) report.stacks.back().frames.push_back({function, "/src/a.h", 7, "a"});
  }
  return report;
}

bool RaceMatches(const std::vector<std::string>& functions, std::vector<std::string> in) {
  return Matches(ReportIn(ReportKind::kDataRace, functions), {ReportKind::kDataRace, std::move(in)});
}

TEST(NamesSite, TakesAClassForAllItsMembers) {
  EXPECT_TRUE(NamesSite("SessionTable", "SessionTable::Open"));
  EXPECT_TRUE(NamesSite("SessionTable", "app::SessionTable::~SessionTable"));
  EXPECT_TRUE(NamesSite("SessionTable", "SessionTable::Node::Touch"));
  EXPECT_FALSE(NamesSite("SessionTable", "SessionTables::Open"));
  EXPECT_FALSE(NamesSite("Session", "SessionTable::Open"));
}

TEST(NamesSite, TakesAFunctionForItselfAndWhatIsInIt) {
  EXPECT_TRUE(NamesSite("SessionTable::Open", "SessionTable::Open"));
  EXPECT_TRUE(NamesSite("SessionTable::Open", "app::SessionTable::Open::Guard::~Guard"));
  EXPECT_TRUE(NamesSite("app::SessionTable::Open", "app::SessionTable::Open"));
  EXPECT_TRUE(NamesSite("Box<int>::At()", "Box::At"));
  EXPECT_FALSE(NamesSite("SessionTable::Open", "SessionTable::OpenAll"));
  EXPECT_FALSE(NamesSite("SessionTable::Open", "SessionTable::Close"));
  EXPECT_FALSE(NamesSite("SessionTable::Open", "SessionTable"));
  EXPECT_FALSE(NamesSite("", "SessionTable::Open"));
}

TEST(Matches, GivesEachNameASiteOfItsOwnInAnyOrder) {
  EXPECT_TRUE(RaceMatches({"A::F()", "A::G()"}, {"A::G", "A::F"}));
  EXPECT_TRUE(RaceMatches({"A::F()", "A::F()"}, {"A::F", "A::F"}));
  EXPECT_FALSE(RaceMatches({"A::F()", "A::G()"}, {"A::F", "A::F"}));
  EXPECT_FALSE(RaceMatches({"A::F()", "A::F()"}, {"A::F", "A::G"}));
  EXPECT_TRUE(RaceMatches({"A::F()", "A::G()"}, {"A", "A::F"}))
      << "the first name must leave the only site to the second";
  EXPECT_TRUE(RaceMatches({"A::F()", "A::G()"}, {"A::F", "A"}));
}

TEST(Matches, LetsTheOtherSiteBeAnywhereIfThereIsOneName) {
  EXPECT_TRUE(RaceMatches({"A::F()", "main"}, {"A::F"}));
  EXPECT_TRUE(RaceMatches({"main", "A::F()"}, {"A::F"}));
  EXPECT_FALSE(RaceMatches({"main", "main"}, {"A::F"}));
  EXPECT_TRUE(RaceMatches({"main", "main"}, {}));
}

TEST(Matches, ForgivesOneStackThatCouldNotBeRestored) {
  EXPECT_TRUE(RaceMatches({"A::F()", ""}, {"A::F", "A::G"}));
  EXPECT_FALSE(RaceMatches({"B::F()", ""}, {"A::F", "A::G"}));
  EXPECT_FALSE(RaceMatches({"", ""}, {"A::F", "A::G"}));
  EXPECT_FALSE(RaceMatches({"", ""}, {"A::F"}));
  // One site matches, and the other is known to be elsewhere: the unknown one cannot match both.
  EXPECT_FALSE(RaceMatches({"A::F()", "B::F()"}, {"A::F", "A::G"}));
}

TEST(Matches, NeedsTheKind) {
  const Report race = ReportIn(ReportKind::kDataRace, {"A::F()"});
  EXPECT_FALSE(Matches(race, {ReportKind::kUseAfterFree, {"A::F"}}));
  EXPECT_FALSE(Matches(race, {ReportKind::kVptrRace, {"A::F"}}));
  EXPECT_FALSE(Matches(ReportIn(ReportKind::kVptrRace, {"A::F()"}), {ReportKind::kDataRace, {"A::F"}}));
  EXPECT_FALSE(Matches(ReportIn(ReportKind::kVptrUseAfterFree, {"A::F()"}), {ReportKind::kUseAfterFree, {"A::F"}}));
}

TEST(SeenByGcc, AllowsTheKindThatIsDeclaredForGccToo) {
  const ExpectedReport of_vptr{ReportKind::kVptrRace, {"A::F"}, ReportKind::kDataRace};
  const Evidence seen = SeenByGcc({.must = {of_vptr}, .also = {{ReportKind::kUseAfterFree, {}}}, .test = "T"});
  for (const ReportKind kind : {ReportKind::kVptrRace, ReportKind::kDataRace}) {
    const Report here = ReportIn(kind, {"A::F()"});
    EXPECT_TRUE(MatchesAny(here, seen.must) || MatchesAny(here, seen.also)) << Name(kind);
    const Report elsewhere = ReportIn(kind, {"B::F()"});
    EXPECT_FALSE(MatchesAny(elsewhere, seen.must)) << Name(kind);
    EXPECT_FALSE(MatchesAny(elsewhere, {seen.also[1]})) << Name(kind);
  }
  EXPECT_EQ(seen.must.size(), 1u);
  EXPECT_EQ(seen.also.size(), 2u) << "nothing else is declared for g++";
  EXPECT_EQ(seen.test, "T");
}

TEST(Matches, AsksForTheAcquisitionsOfALockOrderInversion) {
  const Report cycle = ReportIn(ReportKind::kLockOrderInversion, {"A::F()", "A::G()", "A::H()"});
  EXPECT_TRUE(Matches(cycle, {ReportKind::kLockOrderInversion, {"A::F", "A::H"}}));
  EXPECT_FALSE(Matches(cycle, {ReportKind::kLockOrderInversion, {"A::F", "A::F"}}));
}

TEST(ShortName, IsTheTestForItsBody) {
  EXPECT_EQ(ShortName("racelab::Counter_Counts_Test::TestBody"), "the test");
  EXPECT_EQ(ShortName("Counter::Record"), "Counter::Record");
}

TEST(Explain, NamesPlaceAndLine) {
  const Report race = ReportIn(ReportKind::kDataRace, {"A::F()", ""});
  EXPECT_EQ(Explain(race), "data race between A::F (a.h:7) and an unknown place");
  EXPECT_EQ(Summarize(race), "data race: A::F / an unknown place");
  EXPECT_EQ(Describe(ExpectedReport{ReportKind::kBadUnlock, {"A", "B"}}), "bad unlock in A / B");
  Report other;
  other.headline = "something new";
  EXPECT_EQ(Explain(other), "something new");
}

}  // namespace
}  // namespace racelab
