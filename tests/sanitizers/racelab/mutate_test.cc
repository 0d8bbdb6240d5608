// racelab mutate as users run it: what becomes of each mutant of programs that test themselves.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/source_mutants.h"
#include "tests/sanitizers/racelab/scratch_project.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class MutateTest : public testing::TestWithParam<std::string> {
 protected:
  static std::string Program() { return absl::StrCat(RACELAB_BUILD_DIR, "/", GetParam(), "/bin/explored/mutants"); }

  static ChildResult Mutate(std::vector<std::string> options, const std::string& program) {
    options.insert(options.begin(), "mutate");
    options.insert(options.end(), {"--", Program(), program});
    return RunChild(RacelabCommand(std::move(options)));
  }

  // "skip-lock Deposit" -> "killed"
  static std::multimap<std::string, std::string> Fates(const std::string& program) {
    const ChildResult result = Mutate({"--json"}, program);
    const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
    std::multimap<std::string, std::string> fates;
    if (json.is_discarded()) {
      ADD_FAILURE() << result.out << result.err;
      return fates;
    }
    EXPECT_EQ(json[0].value("failure", ""), "");
    for (const nlohmann::json& mutant : json[0]["mutants"]) {
      const std::string name = mutant["name"];
      fates.emplace(name.substr(0, name.find(':')), mutant["fate"]);
    }
    return fates;
  }
};

TEST_P(MutateTest, ALockThatGuardsSomethingIsMissed) {
  EXPECT_THAT(Fates("account"),
              AllOf(Contains(Pair("skip-lock Deposit", "killed")), Contains(Pair("other-lock Deposit", "killed")),
                    Contains(Pair("split-section Deposit", "killed")), Contains(Pair("skip-lock Withdraw", "killed")),
                    Contains(Pair("skip-join Both", "killed"))));
}

TEST_P(MutateTest, ALockThatGuardsNothingIsNot) {
  const std::multimap<std::string, std::string> fates = Fates("nothing_guarded");
  EXPECT_THAT(fates, Contains(Pair("skip-lock Idle", "survived")));
  EXPECT_EQ(fates.count("other-lock Idle"), 0u) << "no other line takes this lock";
  const ChildResult screen = Mutate({}, "nothing_guarded");
  EXPECT_EQ(screen.exit_code, 1);
  EXPECT_THAT(screen.out, AllOf(HasSubstr("skip-lock survived in"),
                                HasSubstr("The shortest in which a thread can tell"), HasSubstr("mutants: ")));
}

TEST_P(MutateTest, ASectionIsNotSplitBeforeItsFirstAccessToWhatOthersChange) {
  const std::multimap<std::string, std::string> fates = Fates("places");
  EXPECT_THAT(fates, Contains(Pair("split-section Add", "killed")));
  EXPECT_EQ(fates.count("split-section Add"), 1u);
}

TEST_P(MutateTest, AConstructorIsNotMutatedBeforeAnybodyElseIsThere) {
  const std::multimap<std::string, std::string> fates = Fates("constructor");
  EXPECT_THAT(fates, Contains(Pair("skip-lock Enter", "killed")));
  for (const auto& [name, fate] : fates) EXPECT_FALSE(absl::StrContains(name, " Register")) << name;
}

TEST_P(MutateTest, AWriterThatLocksSharedIsNoticed) {
  EXPECT_THAT(Fates("table"),
              AllOf(Contains(Pair("share-lock Write", "killed")), Contains(Pair("skip-lock Read", "killed"))));
}

TEST_P(MutateTest, LocksTakenInTheOtherOrderDeadlock) {
  EXPECT_THAT(Fates("lock_order"),
              AllOf(Contains(Pair("swap-locks Nested", "killed")), Contains(Pair("swap-locks AlsoNested", "killed"))));
}

TEST_P(MutateTest, NotificationsAreMissed) {
  EXPECT_THAT(Fates("two_waiters"),
              AllOf(Contains(Pair("skip-notify Announce", "killed")), Contains(Pair("notify-one Announce", "killed"))));
}

TEST_P(MutateTest, MemoryOrdersMatterWhereTheyHandSomethingOver) {
  EXPECT_THAT(
      Fates("message"),
      AllOf(Contains(Pair("order-relaxed Publish", "killed")), Contains(Pair("order-relaxed Consume", "killed")),
            Contains(Pair("make-plain Publish", "killed")), Contains(Pair("make-plain Consume", "killed"))));
  // What they hand over may be atomic itself: then a load returns an older value.
  EXPECT_THAT(Fates("atomic_message"), AllOf(Contains(Pair("order-relaxed SetPrice", "killed")),
                                             Contains(Pair("order-relaxed SeePrice", "killed"))));
  if (GetParam() == "tsan-gcc") return;  // g++ does not tell the sanitizer about fences.
  EXPECT_THAT(Fates("fences"), AllOf(Contains(Pair("skip-fence PublishByFence", "killed")),
                                     Contains(Pair("skip-fence ConsumeByFence", "killed"))));
}

TEST_P(MutateTest, WhatOlderValuesCouldNotBeTriedForIsSaid) {
  EXPECT_THAT(Mutate({}, "relaxed_message").out, HasSubstr("left out: loads that return older values"));
  const ChildResult result = Mutate({"--json"}, "relaxed_message");
  const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out << result.err;
  int left_out = 0;
  for (const nlohmann::json& mutant : json[0]["mutants"]) {
    const bool weakens_order = absl::StartsWith(std::string(mutant["mutator"]), "order-");
    EXPECT_EQ(mutant.contains("without_older_values"), weakens_order) << mutant;
    if (weakens_order) EXPECT_THAT(std::string(mutant["without_older_values"]), HasSubstr("abort"));
    left_out += weakens_order ? 1 : 0;
  }
  EXPECT_GT(left_out, 0);
  EXPECT_THAT(Mutate({}, "atomic_message").out, testing::Not(HasSubstr("left out"))) << "it holds with older values";
}

TEST_P(MutateTest, AnUpdateInTwoLosesAnother) {
  EXPECT_THAT(Fates("counter"),
              AllOf(Contains(Pair("split-update Count", "killed")), Contains(Pair("make-plain Count", "killed"))));
}

TEST_P(MutateTest, JoinAndOnceAreMissed) {
  EXPECT_THAT(Fates("join"), Contains(Pair("skip-join Join", "killed")));
  EXPECT_THAT(Fates("once"), Contains(Pair("skip-once Initialise", "killed")));
}

// Not "cannot tell": its tests have noticed it.
TEST_P(MutateTest, AMutantThatFailsOnceIsKilled) {
  EXPECT_THAT(Fates("left_on_the_stack"), Contains(Pair("skip-lock Enter", "killed")));
}

TEST_P(MutateTest, OnlyTheTestsThatReachAMutantAreRun) {
  const std::string program = absl::StrCat(RACELAB_BUILD_DIR, "/", GetParam(), "/bin/explored/tested");
  const ChildResult result = RunChild(RacelabCommand({"mutate", "--json", "--", program}));
  const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out << result.err;
  std::map<std::string, nlohmann::json> mutants;
  for (const nlohmann::json& mutant : json[0]["mutants"]) {
    const std::string name = mutant["name"];
    mutants[name.substr(0, name.find(':'))] = mutant;
  }
  const nlohmann::json entered = {"Shop.CountsWhoEnters"}, opened = {"Shop.CountsWhoEnters", "Shop.Opens"};
  EXPECT_EQ(mutants["skip-lock Enter"]["tests"], entered);
  EXPECT_EQ(mutants["skip-lock Enter"]["fate"], "killed");
  EXPECT_EQ(mutants["skip-lock Open"]["tests"], opened);
  // Nobody could tell that this lock is forgotten. The other test has hundreds of interleavings.
  EXPECT_EQ(mutants["skip-lock Look"]["tests"], nlohmann::json({"Shop.CanBeLookedAt"}));
  EXPECT_EQ(mutants["skip-lock Look"]["fate"], "survived");
  EXPECT_TRUE(mutants["skip-lock Look"]["complete"]);
  EXPECT_LT(mutants["skip-lock Look"]["interleavings"], 10);
}

// In full, each of these has at least 16,000 interleavings.
TEST(Mutate, BrieflyAMutantWithAReasonHasNoMoreThanItsFirstTurn) {
  const ChildResult result = RunChild(RacelabCommand({"mutate", "lost_update", "message", "--brief", "--json"}));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out << result.err;
  int equivalent = 0;
  for (const nlohmann::json& mutant : json[0]["mutants"]) {
    if (mutant["fate"] != "equivalent") continue;
    ++equivalent;
    EXPECT_LT(mutant["interleavings"], 10'000);
    EXPECT_FALSE(mutant["complete"]);
  }
  EXPECT_EQ(equivalent, 3);
}

TEST(Mutate, WhatCannotBeRunIsToldFromWhatFails) {
  const ChildResult missing = RunChild(RacelabCommand({"mutate", "--", "./missing"}));
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("there is no such program"));
  const ChildResult unseen = RunChild(RacelabCommand({"mutate", "--", "/bin/true"}));
  EXPECT_EQ(unseen.exit_code, 3);
  EXPECT_THAT(unseen.err, HasSubstr("-fsanitize=thread"));
}

RACELAB_FOR_EACH_TREE(MutateTest);

// The changed line of each mutant, by its mutator.
std::multimap<std::string, std::string> Changed(const std::string& text) {
  std::multimap<std::string, std::string> changed;
  for (const Mutant& mutant : SourceMutantsOf(text, "lab.h").mutants) changed.emplace(mutant.mutator, *mutant.changed);
  return changed;
}

TEST(SourceMutants, AWaitInALoopBecomesOne) {
  EXPECT_THAT(Changed("void F() { while (!ready) wake.wait(lock); }"),
              UnorderedElementsAre(Pair("wait-once", "void F() { if (!ready) wake.wait(lock); }")));
  EXPECT_THAT(
      Changed("void F() { wake.wait(lock, [&] { return ready; }); }"),
      UnorderedElementsAre(Pair("wait-once", "void F() { if (!( [&] { return ready; })()) wake.wait(lock); }")));
}

TEST(SourceMutants, ACallThatTellsOthersIsLeftOut) {
  EXPECT_THAT(Changed("void F() { orders.Close(); }"),
              UnorderedElementsAre(Pair("skip-call", "void F() { static_cast<void>(0); }")));
  EXPECT_THAT(Changed("bool F() { return orders.Send(1); }"), testing::IsEmpty()) << "its value is used";
}

TEST(SourceMutants, AChannelHasAnotherCapacity) {
  EXPECT_THAT(Changed("Channel<int> orders;"), UnorderedElementsAre(Pair("capacity-one", "Channel<int> orders{1};")));
  EXPECT_THAT(Changed("Channel<int> orders{4};"), UnorderedElementsAre(Pair("capacity-one", "Channel<int> orders{1};"),
                                                                       Pair("unbounded", "Channel<int> orders;")));
  EXPECT_THAT(Changed("Channel<int> orders{1};"), UnorderedElementsAre(Pair("unbounded", "Channel<int> orders;")));
  EXPECT_THAT(Changed("class A {\n  A() : orders(4) {}\n  Channel<int> orders;\n};"), testing::IsEmpty())
      << "the constructor gives it its capacity";
}

TEST(SourceMutants, AThreadIsDeclaredFirst) {
  EXPECT_THAT(Changed("class A {\n private:\n  int n = 0;\n  std::jthread worker_{Run};\n};\n"),
              UnorderedElementsAre(
                  Pair("start-early", "class A {\n private:\n  std::jthread worker_{Run};\n  int n = 0;\n};\n")));
}

TEST(SourceMutants, ManyAreAlternativesInOneText) {
  const SourceMutants all = SourceMutantsOf("void F() { orders.Close(); }\nChannel<int> orders{4};", "lab.h");
  std::map<std::string, int> alternatives;
  for (const Mutant& mutant : all.mutants) alternatives[mutant.mutator] = mutant.alternative;
  EXPECT_THAT(alternatives, UnorderedElementsAre(Pair("skip-call", 1), Pair("capacity-one", 2), Pair("unbounded", 3)));
  EXPECT_THAT(
      all.together,
      testing::EndsWith("#line 1\n"
                        "void F() { racelab_mutant == 1 ? static_cast<void>(0) : static_cast<void>(orders.Close()); }\n"
                        "Channel<int> orders{racelab_mutant == 2 ? std::size_t{1} : racelab_mutant == 3 ? "
                        "std::numeric_limits<std::size_t>::max() : 4};"));
  EXPECT_EQ(SourceMutantsOf("void F() { orders.Close(); }", "lab.h").together, "") << "one has a program of its own";
}

TEST(SourceMutants, CommentsAndWordsInQuotesAreLeftAlone) {
  EXPECT_THAT(Changed("// orders.Close();\nauto a = \"orders.Close();\"; /* x.Close(); */"), testing::IsEmpty());
}

}  // namespace
}  // namespace racelab
