// The output of `racelab explore` fits on a screen of 80 columns and 24 lines, whatever was found.

#include "sanitizers/racelab/exploration_screen.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/verdict/telling_steps.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

ExplorationScreen Screen() {
  ExplorationScreen screen;
  screen.replay = [](const Exploration&, const InterleavingFailure& failure) {
    return std::vector<std::string>{"racelab", "explore", "--replay", failure.schedule, "--", "./program"};
  };
  return screen;
}

Stack At(const std::string& function, int line) {
  return {StackRole::kOther, "", {{function, "/src/a.cc", line, "p"}}};
}

InterleavingFailure Race(const std::string& name, int line) {
  InterleavingFailure race;
  race.kind = "data race";
  race.memory = "heap+0x40";
  race.memory_bytes = 8;
  race.memory_name = name;
  race.schedule = "12";
  race.found_after = 1;
  race.accesses = {{1, "write", At("A::F()", line), false, {}, {}}, {2, "read", At("B::G()", line + 1), false, {}, {}}};
  return race;
}

InterleavingFailure Abort(int steps) {
  InterleavingFailure failure;
  failure.kind = "abort";
  failure.message = "/src/a.cc:9: assertion failed: sum == 0";
  failure.schedule = std::string(300, '1');
  failure.found_after = 17;
  for (int i = 0; i < steps; ++i) {
    InterleavingStep step;
    step.thread = 1 + i / 10 % 2;
    step.operation = i % 2 == 0 ? "read" : "write";
    step.object = "heap+0x40";
    step.name = "sum";
    step.stack = At("A::F()", 9);
    failure.steps.push_back(step);
  }
  return failure;
}

Exploration Explored(std::vector<InterleavingFailure> failures, const std::string& scenario = "main") {
  std::vector<Exploration> explorations(1);
  explorations[0].scenario = scenario;
  explorations[0].search = "exhaustive";
  explorations[0].executions = 328;
  explorations[0].complete = true;
  explorations[0].failures = std::move(failures);
  KeepTellingSteps(explorations, {}, 60);
  return explorations[0];
}

void ExpectToFit(const ExplorationScreen& screen, const std::string& text) {
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), static_cast<std::ptrdiff_t>(screen.lines)) << text;
  for (std::string_view line : absl::StrSplit(text, '\n')) EXPECT_LE(Columns(line), 80) << line;
}

TEST(ExplorationScreen, SaysInALineWhatHolds) {
  const std::string text = Text(Screen(), {Explored({})});
  EXPECT_THAT(text, HasSubstr("main: all 328 interleavings hold\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(ExplorationScreen, NamesAllThatASuccessLeavesOut) {
  Exploration exploration = Explored({});
  exploration.weak_orders = exploration.collapsed_spins = exploration.skipped_timeouts = true;
  exploration.cut_at_steps = 12;
  const std::string text = Text(Screen(), {exploration});
  EXPECT_THAT(text, HasSubstr("weaker than sequentially consistent"));
  EXPECT_THAT(text, HasSubstr("12 executions ended at the limit on steps"));
  EXPECT_THAT(text, Not(HasSubstr("all 328")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5) << "a line each: " << text;
}

TEST(ExplorationScreen, ShowsTheConsequenceAndNamesItsRace) {
  const std::string text = Text(Screen(), {Explored({Race("sum", 3), Abort(40)})});
  EXPECT_THAT(text, HasSubstr("fails in interleaving 17\n    abort: a.cc:9: assertion failed: sum == 0\n"));
  EXPECT_THAT(text, HasSubstr("it follows from the data race on sum: write by T1 in A::F (a.cc:3)"));
  EXPECT_THAT(text, Not(HasSubstr("also:"))) << "the race is told once";
  EXPECT_THAT(text, HasSubstr("racelab explore --replay"));
  ExpectToFit(Screen(), text);
}

TEST(ExplorationScreen, OfHundredsOfFailuresIsStillOne) {
  std::vector<InterleavingFailure> failures = {Abort(5000)};
  for (int i = 0; i < 300; ++i) failures.push_back(Race(absl::StrCat("a_long_name_of_a_variable_", i), 10 + i));
  const std::string text = Text(Screen(), {Explored(failures)});
  EXPECT_THAT(text, HasSubstr(" more; --full"));
  EXPECT_THAT(text, HasSubstr("steps\n"));
  ExpectToFit(Screen(), text);
}

TEST(ExplorationScreen, PutsWhatIsAlikeIntoOneLine) {
  std::vector<InterleavingFailure> failures;
  for (int i = 0; i < 20; ++i) failures.push_back(Race(absl::StrCat("x[", i, "]"), 10));
  const std::string text = Text(Screen(), {Explored(failures)});
  EXPECT_THAT(text, HasSubstr("also: data race on x[1], x[2], x[3] and 16 more: write by T1"));
  EXPECT_THAT(text, HasSubstr("19 times"));
  ExpectToFit(Screen(), text);
}

TEST(ExplorationScreen, OfManyScenariosShowsTheMostTellingOne) {
  std::vector<Exploration> explorations;
  for (int i = 0; i < 40; ++i) explorations.push_back(Explored({}, absl::StrCat("Suite.Test", i)));
  for (int i = 0; i < 40; ++i) explorations.push_back(Explored({Race("x", i)}, absl::StrCat("Suite.Race", i)));
  explorations.push_back(Explored({Abort(100)}, "Suite.Aborts"));
  const std::string text = Text(Screen(), explorations);
  EXPECT_THAT(text, HasSubstr("Suite.Aborts: fails"));
  EXPECT_THAT(text, HasSubstr("40 more scenarios hold"));
  EXPECT_THAT(text, HasSubstr("more scenarios fail"));
  ExpectToFit(Screen(), text);
}

TEST(ExplorationScreen, SaysWhatCannotBeToldAndWhatToDo) {
  InterleavingFailure unsupported;
  unsupported.kind = "unsupported";
  unsupported.message = "T1 calls fork(), which this runtime does not control";
  unsupported.stack = At("main", 12);
  const std::string text = Text(Screen(), {Explored({unsupported})});
  EXPECT_THAT(text, StartsWith("  ? main: cannot tell"));
  EXPECT_THAT(text, HasSubstr("unsupported: T1 calls fork(), which this runtime does not control (a.cc:12)"));
  EXPECT_THAT(text, HasSubstr("next: "));
}

TEST(ExplorationScreen, TellsANoteAsOne) {
  InterleavingFailure note = Race("count", 3);
  note.is_note = true;
  const std::string text = Text(Screen(), {Explored({note})});
  EXPECT_THAT(text, HasSubstr("main: all 328 interleavings hold\n"));
  EXPECT_THAT(text, HasSubstr("note: data race on count"));
}

TEST(ExplorationScreen, ShowsAllWithFull) {
  ExplorationScreen screen = Screen();
  screen.full = true;
  std::vector<Exploration> explorations(1);
  explorations[0].failures = {Abort(100), Race("x", 3), Race("y", 5)};
  const std::string text = Text(screen, explorations);
  EXPECT_THAT(text, HasSubstr("\n   1 read sum"));
  EXPECT_THAT(text, HasSubstr("\n 100 "));
  size_t replays = 0;
  for (size_t at = text.find("--replay"); at != std::string::npos; at = text.find("--replay", at + 1)) ++replays;
  EXPECT_EQ(replays, 3u);
}

}  // namespace
}  // namespace racelab
