// racelab in a real terminal: keys are sent, and screens are read.

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "tests/sanitizers/participant/terminal.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

TEST(Screen, ShowsWhatATerminalShows) {
  Screen screen;
  screen.Write("\033[?1049h\033[Hone\033[K\r\n\033[1;31mtwo \u2717\033[0m\033[K\r\nthree\033[H");
  EXPECT_EQ(screen.Text(), "one\ntwo \u2717\nthree\n");
  screen.Write("o\033[K\r\n\033[J");
  EXPECT_EQ(screen.Text(), "o\n");
  screen.Write(std::string(Screen::kColumns, 'x'));
  screen.Write("\033[K");  // As in a real terminal, the cursor is still on the last column.
  EXPECT_EQ(screen.Lines()[1], std::string(Screen::kColumns - 1, 'x'));
  for (size_t line = 1; line < Screen::kLines; ++line) screen.Write("\r\n");
  EXPECT_EQ(screen.scrolled(), 1);
}

class TerminalTest : public testing::Test {
 protected:
  const ScratchProject scratch_{ScratchProject::Checkout::kUsed};
};

constexpr char kMine[] = "workspace/forgetful_counter/hit_counter.h";

TEST_F(TerminalTest, WatchesUntilTheLabIsSolved) {
  Terminal terminal(scratch_.project().root.string(), {"watch", "forgetful_counter"});
  ASSERT_TRUE(terminal.Shows("is not solved yet"));
  ASSERT_TRUE(terminal.Shows("q quit"));
  terminal.Press('h');
  ASSERT_TRUE(terminal.Shows("hint 1 of 3"));
  terminal.Press('d');
  ASSERT_TRUE(terminal.Shows("any key: back"));
  terminal.Press(' ');
  scratch_.Replace(kMine, "++total_", "++totl_");
  ASSERT_TRUE(terminal.Shows("does not compile"));
  scratch_.Write(kMine, scratch_.Read("solutions/data_races/lost_update/mutex/hit_counter.h"));
  ASSERT_TRUE(terminal.Shows("is solved"));
  terminal.Press('w');
  ASSERT_TRUE(terminal.Shows("Known as lost_update"));
  ASSERT_TRUE(terminal.Shows("Enter: back"));  // PAGER=cat shows nothing for longer.
  terminal.Press('\n');
  terminal.Press('x');
  ASSERT_TRUE(terminal.Shows("is the original again"));
  terminal.Press(' ');
  ASSERT_TRUE(terminal.Shows("is not solved yet"));
  std::filesystem::remove(scratch_ / kMine);
  ASSERT_TRUE(terminal.Shows("is gone"));
  terminal.Press('q');
  EXPECT_EQ(terminal.Ended(), 0);
  EXPECT_THAT(terminal.all(), testing::EndsWith("\033[?1049l"));
}

// `less` shows colours only if it is told to; a user's own options need not say so.
TEST_F(TerminalTest, ThePagerShowsColoursWhateverTheUsersOptions) {
  setenv("LESS", "-i", 1);
  Terminal terminal(scratch_.project().root.string(), {"show", "forgetful_counter"}, "echo \"(LESS=$LESS)\"; true");
  unsetenv("LESS");
  EXPECT_TRUE(terminal.Shows("(LESS=-R -i)"));
  EXPECT_EQ(terminal.Ended(), 0);
}

TEST_F(TerminalTest, ShowsTheKeysAndTheNextCommandInASmallWindow) {
  scratch_.Write("workspace/overspent_voucher/voucher.h", scratch_.Read("labs/atomicity/check_then_act/voucher.h"));
  Terminal terminal(scratch_.project().root.string(), {"watch", "overspent_voucher"});
  ASSERT_TRUE(terminal.Shows("racelab hint overspent_voucher"));
  ASSERT_TRUE(terminal.Shows("q quit"));
  terminal.Resize(12, 40);
  EXPECT_TRUE(terminal.Shows("racelab hint overspent_voucher"));
  EXPECT_TRUE(terminal.Shows("q quit"));
  terminal.Press('q');
  EXPECT_EQ(terminal.Ended(), 0);
}

// The longest hint of open_sluice needs a screen of its own.
TEST_F(TerminalTest, CutsNoHintInASmallWindow) {
  const std::map<std::string, std::vector<std::string>> ends = {{"overspent_voucher", {"between?", "true?", "that?"}},
                                                                {"open_sluice", {"whom?", "them?", "gauge."}}};
  for (const auto& [lab, ends_of_hints] : ends) {
    Terminal terminal(scratch_.project().root.string(), {"watch", lab});
    terminal.Resize(10, 40);
    ASSERT_TRUE(terminal.Shows("is not solved yet"));
    ASSERT_TRUE(terminal.Shows("q quit"));
    for (const std::string& end : ends_of_hints) {
      terminal.Skip();
      terminal.Press('h');
      ASSERT_TRUE(terminal.Shows(end)) << lab;
      terminal.Press('\n');
    }
    terminal.Press('q');
    EXPECT_EQ(terminal.Ended(), 0);
  }
}

TEST_F(TerminalTest, WritesNoEscapesWhereTheTerminalIsUnknown) {
  for (const char* type : {"", "dumb"}) {
    ChildSpec spec;
    spec.argv = {"script", "-qec", RACELAB_BUILD_DIR "/bin/racelab run forgetful_counter lab", "/dev/null"};
    spec.directory = scratch_.project().root.string();
    spec.environment = {{"TERM", type}};
    spec.limits.time = absl::Minutes(5);
    const ChildResult result = RunChild(spec);
    EXPECT_THAT(result.out, testing::HasSubstr("counted")) << result.note;
    EXPECT_THAT(result.out, testing::Not(testing::HasSubstr("\033"))) << type;
  }
}

TEST_F(TerminalTest, EndsByControlC) {
  scratch_.Write(kMine, scratch_.Read("labs/data_races/lost_update/hit_counter.h"));
  Terminal terminal(scratch_.project().root.string(), {"watch", "forgetful_counter"});
  ASSERT_TRUE(terminal.Shows("q quit"));
  terminal.Press(3);
  EXPECT_EQ(terminal.Ended(), 0);
}

TEST_F(TerminalTest, LetsTheUserScheduleUntilItFails) {
  Terminal terminal(scratch_.project().root.string(), {"step", "forgetful_counter", "lab"});
  ASSERT_TRUE(terminal.Shows("Who goes on?"));
  EXPECT_FALSE(terminal.IsAsBefore());
  terminal.Press('1');
  ASSERT_TRUE(terminal.Shows("1 read total_"));
  terminal.Press('b');
  ASSERT_TRUE(terminal.Shows("No thread has taken a step yet"));
  for (char key : {'1', '2', '2'}) terminal.Press(key);  // Sooner than each can be answered.
  ASSERT_TRUE(terminal.Shows("You found a failing interleaving, with 1 preemption; fewest known: 1."));
  terminal.Press('r');
  ASSERT_TRUE(terminal.Shows("No thread has taken a step yet"));
  terminal.Press('s');
  ASSERT_TRUE(terminal.Shows("You found a failing interleaving"));
  terminal.Press('q');
  EXPECT_EQ(terminal.Ended(), 0);
}

// The memory in question has no name but its place on the heap, which the tests before the one that fails have used.
TEST_F(TerminalTest, PlaysTheShortestFailureOnTheHeap) {
  Terminal terminal(scratch_.project().root.string(), {"step", "empty_report", "lab"});
  ASSERT_TRUE(terminal.Shows("Who goes on?"));
  terminal.Press('s');
  ASSERT_TRUE(terminal.Shows("You found a failing interleaving"));
  terminal.Press('q');
  EXPECT_EQ(terminal.Ended(), 0);
}

}  // namespace
}  // namespace racelab
