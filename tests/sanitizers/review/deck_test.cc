// The deck: what belongs to it, and in which order it is drawn.

#include "sanitizers/review/deck.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using testing::HasSubstr;

std::vector<std::string> Ids(const std::vector<Card>& cards) {
  std::vector<std::string> ids;
  for (const Card& card : cards) ids.push_back(card.Id());
  return ids;
}

class DeckTest : public testing::Test {
 protected:
  const std::vector<Lab> labs_ = LoadLabs(Project{.root = RACELAB_SOURCE_DIR}).value();
};

TEST_F(DeckTest, HasASoundAndAFaultyChangeOfEachLab) {
  for (const Lab& lab : labs_) {
    const auto count = [&](bool faulty) {
      return std::count_if(lab.changes.begin(), lab.changes.end(),
                           [faulty](const auto& change) { return change.second.is_faulty == faulty; });
    };
    EXPECT_GE(count(true), 1) << lab.name;
    EXPECT_GE(count(false), 1) << lab.name;
  }
}

TEST_F(DeckTest, IsAllATrackOrALab) {
  const Deck all = FindDeck(labs_, "all").value(), track = FindDeck(labs_, "data_races").value();
  const Deck lab = FindDeck(labs_, "lost_update").value();
  EXPECT_LT(track.cards.size(), all.cards.size());
  EXPECT_LT(lab.cards.size(), track.cards.size());
  EXPECT_THAT(Ids(lab.cards), testing::Contains("forgetful_counter/largest_value"));
  EXPECT_EQ(Ids(FindDeck(labs_, "forgetful_counter")->cards), Ids(lab.cards));
  EXPECT_THAT(std::string(FindDeck(labs_, "data_race").status().message()), testing::IsEmpty());  // It is completed.
  EXPECT_THAT(std::string(FindDeck(labs_, "dta_races").status().message()), HasSubstr("did you mean data_races?"));
}

TEST_F(DeckTest, IsKnownByEveryIdOnce) {
  const Deck all = FindDeck(labs_, "all").value();
  std::set<std::string> ids;
  for (const Card& card : all.cards) {
    EXPECT_TRUE(ids.insert(card.Id()).second) << card.Id();
    EXPECT_EQ(all.Find(card.Id())->change, card.change);
  }
  EXPECT_EQ(all.Find("forgetful_counter/no_such"), nullptr);
}

TEST_F(DeckTest, NamesItsVersionByAllThatCounts) {
  const ScratchProject scratch;
  const auto version = [&] { return FindDeck(LoadLabs(scratch.project()).value(), "lost_update")->Version(); };
  const std::string before = version();
  EXPECT_EQ(before.size(), 8u);
  EXPECT_EQ(version(), before);
  const std::string change = "labs/data_races/lost_update/reviews/largest_value/change.toml";
  scratch.Replace(change, "Two threads", "Both threads");
  const std::string other_truth = version();
  EXPECT_NE(other_truth, before);
  scratch.Replace("solutions/data_races/lost_update/atomic/hit_counter.h", "Records one hit", "Counts one hit");
  EXPECT_NE(version(), other_truth);
}

TEST_F(DeckTest, IsDrawnInTheSameOrderForTheSameSeed) {
  const Deck deck = FindDeck(labs_, "all").value();
  EXPECT_EQ(Ids(Draw(deck, 4, 7)), Ids(Draw(deck, 4, 7)));
  EXPECT_NE(Ids(Draw(deck, 1000, 7)), Ids(Draw(deck, 1000, 8)));
}

RC_GTEST_FIXTURE_PROP(DeckTest, DrawsEachChangeAtMostOnce, (std::uint64_t seed)) {
  const Deck deck = FindDeck(labs_, "all").value();
  const int count = *rc::gen::inRange(1, 100);
  const std::vector<std::string> drawn = Ids(Draw(deck, count, seed));
  const std::set<std::string> distinct(drawn.begin(), drawn.end());
  RC_ASSERT(distinct.size() == drawn.size());
  RC_ASSERT(drawn.size() == std::min(deck.cards.size(), static_cast<size_t>(count)));
}

// What a detector is said to find is what `racelab verify` must find.
TEST_F(DeckTest, KnowsWhatADetectorFinds) {
  const Deck deck = FindDeck(labs_, "lost_update").value();
  const Change& faulty = *deck.Find("forgetful_counter/largest_value")->change;
  EXPECT_FALSE(IsFoundBy(faulty, Tool::kThreadSanitizer));
  EXPECT_TRUE(IsFoundBy(faulty, Tool::kInterleave));
  const Change& sound = *deck.Find("forgetful_counter/readers_together")->change;
  EXPECT_FALSE(IsFoundBy(sound, Tool::kThreadSanitizer));
  EXPECT_FALSE(IsFoundBy(sound, Tool::kInterleave));
}

}  // namespace
}  // namespace racelab
