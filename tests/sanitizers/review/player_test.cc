// Rounds played in a terminal, as a careful reviewer, as one who approves everything, and as one who rejects
// everything.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/record.h"
#include "sanitizers/review/deck.h"
#include "sanitizers/review/round.h"
#include "tests/sanitizers/participant/terminal.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using testing::HasSubstr;

// A round of the two changes of lost_update: first the faulty one, then the sound one.
class RoundInTerminal : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string(RACELAB_TSAN_PRESETS).find("tsan") != 0) GTEST_SKIP() << "the files are those of clang's programs";
    const std::vector<Lab> labs = LoadLabs(scratch_.project()).value();
    const Deck deck = FindDeck(labs, "lost_update").value();
    for (seed_ = 1; !Draw(deck, 2, seed_)[0].change->is_faulty;) ++seed_;
  }

  // Each is a round of its own.
  void OfACarefulReviewer();
  void OfOneWhoApprovesEverything();
  void OfOneWhoRejectsEverything();
  void GoesOnWhereItWasLeft();

  void BeginAnew() {
    std::filesystem::remove_all(scratch_ / "workspace");
    screens_.clear();
  }

  Terminal Start() const {
    return Terminal(scratch_.project().root.string(),
                    {"review", "start", "lost_update", "--seed", absl::StrCat(seed_)});
  }

  std::vector<Round> Rounds() const { return RoundsIn(LoadRecord(scratch_.project()).value()); }

  // Waits for a screen with `text`, keeps it, and presses the keys, one after another.
  void Expect(Terminal& terminal, const std::string& text, std::string_view keys = "") {
    const auto has_come = [&](const Screen& screen) {
      return screen.IsWhole() && absl::StrContains(screen.Text(), text);
    };
    ASSERT_TRUE(terminal.Becomes(has_come)) << text << "\n" << terminal.screen().Text();
    EXPECT_EQ(terminal.screen().scrolled(), 0);
    absl::StrAppend(&screens_, "=== ", text, "\n", terminal.screen().Text());
    for (const char key : keys) terminal.Press(key);
  }

  void ExpectScreens(const std::string& name) const {
    const std::filesystem::path file =
        std::filesystem::path(RACELAB_SOURCE_DIR) / "tests/sanitizers/review/screens" / absl::StrCat(name, ".txt");
    static const std::regex& changing = *new std::regex("[0-9]+ interleavings? of");
    const std::string screens = std::regex_replace(screens_, changing, "N interleavings of");
    for (std::string_view line : absl::StrSplit(screens, '\n')) EXPECT_LE(Columns(line), 80) << line;
    if (std::getenv("RACELAB_WRITE_SCREENS") != nullptr) std::ofstream(file) << screens;
    EXPECT_EQ(screens, ReadFile(file).value_or("")) << file << " differs; RACELAB_WRITE_SCREENS=1 writes it anew";
  }

  const ScratchProject scratch_{ScratchProject::Checkout::kUsed};
  std::uint64_t seed_ = 1;
  std::string screens_;
};

void RoundInTerminal::OfACarefulReviewer() {
  scratch_.Write("repair.sh",
                 "#!/bin/sh\ncp " RACELAB_SOURCE_DIR "/solutions/data_races/lost_update/mutex/hit_counter.h \"$1\"\n");
  std::filesystem::permissions(scratch_ / "repair.sh", std::filesystem::perms::owner_all);
  setenv("VISUAL", (scratch_ / "repair.sh").c_str(), 1);
  Terminal terminal = Start();
  unsetenv("VISUAL");
  Expect(terminal, "change 1 of 2", "r");
  Expect(terminal, "Where?", "Record\r");
  Expect(terminal, "Which class of fault", "2");
  Expect(terminal, "How sure are you", "9");
  Expect(terminal, "Can you prove it?", "i");
  Expect(terminal, "No thread has taken a step yet", "1");
  Expect(terminal, "1 relaxed load total_ → 0  hit_counter.h:17\n", "2");
  Expect(terminal, "2                                      relaxed load total_", "1");
  Expect(terminal, "3 relaxed store total_", "2");
  Expect(terminal, "You found a failing interleaving", "q");
  Expect(terminal, "you are the scheduler  ✓", "p");
  Expect(terminal, "Your repair is clean", "x");
  Expect(terminal, "judged by both detectors  ✓", "\r");
  Expect(terminal, "Right: it is faulty: atomicity violation", "x");
  Expect(terminal, "change 2 of 2", "a");
  Expect(terminal, "How sure are you", "8");
  Expect(terminal, "Right: it is sound", "x");
  EXPECT_EQ(terminal.Ended(), 0);
  EXPECT_TRUE(terminal.IsAsBefore());
  absl::StrAppend(&screens_, "=== the end\n", terminal.screen().Text());
  ExpectScreens("careful");
  ASSERT_EQ(Rounds().size(), 1u);
  EXPECT_FALSE(Rounds()[0].ended.empty());
  EXPECT_TRUE(Rounds()[0].answers[0].answer.shown.value_or(false));
  EXPECT_TRUE(Rounds()[0].answers[0].answer.removed.value_or(false));
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "workspace/.reviews/lost_update/largest_value"));
}

void RoundInTerminal::OfOneWhoApprovesEverything() {
  Terminal terminal = Start();
  Expect(terminal, "change 1 of 2", "a");
  Expect(terminal, "How sure are you", "0");
  Expect(terminal, "This one comes back", "x");
  Expect(terminal, "change 2 of 2", "a");
  Expect(terminal, "How sure are you", "0");
  Expect(terminal, "Right: it is sound", "x");
  Expect(terminal, "missed change 1 of 1", "a");  // That is no key here.
  Expect(terminal, "There is a concurrency fault in this one", "n");
  Expect(terminal, "It is faulty", "x");
  EXPECT_EQ(terminal.Ended(), 0);
  absl::StrAppend(&screens_, "=== the end\n", terminal.screen().Text());
  ExpectScreens("approves");
}

void RoundInTerminal::OfOneWhoRejectsEverything() {
  Terminal terminal = Start();
  for (int change = 1; change <= 2; ++change) {
    Expect(terminal, absl::StrCat("change ", change, " of 2"), "r");
    Expect(terminal, "Where?", "1\r");
    Expect(terminal, "Which class of fault", "1");
    Expect(terminal, "How sure are you", "0");
    Expect(terminal, "Can you prove it?", "\r");
    Expect(terminal, change == 1 ? "This one comes back" : "Rejected, but it is sound", "x");
  }
  Expect(terminal, "missed change 1 of 1", "r");
  Expect(terminal, "Where?", "17\r");
  Expect(terminal, "Which class of fault", "2");
  Expect(terminal, "Can you prove it?", "\r");
  Expect(terminal, "Right: it is faulty", "x");
  EXPECT_EQ(terminal.Ended(), 0);
  absl::StrAppend(&screens_, "=== the end\n", terminal.screen().Text());
  ExpectScreens("rejects");
}

void RoundInTerminal::GoesOnWhereItWasLeft() {
  {
    Terminal terminal = Start();
    Expect(terminal, "change 1 of 2", "a");
    Expect(terminal, "How sure are you", "7");
    Expect(terminal, "This one comes back", "x");
    Expect(terminal, "change 2 of 2", "r");
    Expect(terminal, "Where?", "\x03");     // Ctrl-C leads back to the change,
    Expect(terminal, "a approve", "\x03");  // and a second one out.
    EXPECT_EQ(terminal.Ended(), 0);
    EXPECT_TRUE(terminal.IsAsBefore());
    EXPECT_THAT(terminal.all(), HasSubstr("1 answer is noted"));
  }
  ASSERT_EQ(Rounds()[0].answers.size(), 1u);
  Terminal terminal(scratch_.project().root.string(), {"review", "start"});
  Expect(terminal, "change 2 of 2", "a");
  Expect(terminal, "How sure are you", "7");
  Expect(terminal, "Right: it is sound", "x");
  Expect(terminal, "missed change 1 of 1", "r");
  Expect(terminal, "Where?", "17\r");
  Expect(terminal, "Which class of fault", "2");
  Expect(terminal, "Can you prove it?", "q");  // What was said until then counts.
  EXPECT_EQ(terminal.Ended(), 0);
  ASSERT_EQ(Rounds().size(), 1u);
  EXPECT_EQ(Rounds()[0].answers.size(), 3u);
}

// In one test, because most of its time goes into building the project's copy.
TEST_F(RoundInTerminal, IsPlayedByThreeReviewersAndGoesOnWhereItWasLeft) {
  OfACarefulReviewer();
  BeginAnew();
  OfOneWhoApprovesEverything();
  BeginAnew();
  OfOneWhoRejectsEverything();
  BeginAnew();
  GoesOnWhereItWasLeft();
}

TEST_F(RoundInTerminal, OpensACopyInTheEditor) {
  scratch_.Write("editor.sh",
                 "#!/bin/sh\nls \"$(dirname \"$1\")\" > \"$0.saw\"; cat \"$1\" >> \"$0.saw\"; echo broken > \"$1\"\n");
  std::filesystem::permissions(scratch_ / "editor.sh", std::filesystem::perms::owner_all);
  const std::string header = "labs/data_races/lost_update/reviews/largest_value/hit_counter.h";
  const std::string before = scratch_.Read(header);
  setenv("VISUAL", (scratch_ / "editor.sh").c_str(), 1);
  Terminal terminal = Start();
  unsetenv("VISUAL");
  Expect(terminal, "change 1 of 2", "e");
  Expect(terminal, "change 1 of 2", "q");
  EXPECT_EQ(terminal.Ended(), 0);
  EXPECT_EQ(scratch_.Read("editor.sh.saw"), "hit_counter.h\n" + before);
  EXPECT_EQ(scratch_.Read(header), before);
}

TEST_F(RoundInTerminal, SaysWhatIsWrongWithAPlace) {
  Terminal terminal = Start();
  Expect(terminal, "change 1 of 2", "r");
  Expect(terminal, "Where?", "1-99\r");
  Expect(terminal, "that is too much to be about a place",
         "\x15"
         "17x\x7f\r");
  Expect(terminal, "Which class of fault", "0");
  Expect(terminal, "How sure are you", "\x03");
  Expect(terminal, "a approve", "q");
  EXPECT_EQ(terminal.Ended(), 0);
  EXPECT_TRUE(Rounds().empty());
}

TEST(Review, NeedsATerminalForARound) {
  const ChildResult result = RunChild(RacelabCommand({"review", "start"}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("a round is played in a terminal"));
}

}  // namespace
}  // namespace racelab
