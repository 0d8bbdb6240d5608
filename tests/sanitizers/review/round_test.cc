// A round: what comes next, and that nothing of it is lost.

#include "sanitizers/review/round.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

Round BegunAt(const std::string& time) {
  Round round;
  round.begun = time;
  return round;
}

GradedAnswer Given(const std::string& change, bool faulty, bool found, bool prompted = false) {
  GradedAnswer graded;
  graded.answer.change = change;
  graded.answer.is_prompted = prompted;
  graded.answer.approves = !found;
  graded.is_faulty = faulty;
  graded.found = found;
  return graded;
}

TEST(Round, ShowsEachChangeThenThoseWhoseFaultWasMissed) {
  Round round;
  round.changes = {"a/sound", "b/missed", "c/found"};
  EXPECT_EQ(round.NextChange()->change, "a/sound");
  EXPECT_EQ(round.NextChange()->number, 1);
  EXPECT_EQ(round.NextChange()->of, 3);
  round.answers = {Given("a/sound", false, false), Given("b/missed", true, false)};
  EXPECT_EQ(round.NextChange()->change, "c/found");
  round.answers.push_back(Given("c/found", true, true));
  EXPECT_EQ(round.NextChange()->change, "b/missed");
  EXPECT_TRUE(round.NextChange()->is_prompted);
  EXPECT_EQ(round.NextChange()->of, 1);
  round.answers.push_back(Given("b/missed", true, false, /*prompted=*/true));
  EXPECT_FALSE(round.NextChange());
}

class RoundFile : public testing::Test {
 protected:
  ~RoundFile() override { fs::remove_all(project_.root); }
  const Project project_{.root = fs::temp_directory_path() / ("racelab_round_" + std::to_string(getpid()))};
};

TEST_F(RoundFile, IsReplacedByItsLaterState) {
  Round first, second;
  first.begun = "2026-01-01T00:00:00Z";
  first.changes = {"a/b"};
  second.begun = "2026-01-02T00:00:00Z";
  ASSERT_TRUE(SaveRound(project_, first).ok());
  ASSERT_TRUE(SaveRound(project_, second).ok());
  first.answers = {Given("a/b", true, true)};
  ASSERT_TRUE(SaveRound(project_, first).ok());
  const std::vector<Round> rounds = RoundsIn(LoadRecord(project_).value());
  ASSERT_EQ(rounds.size(), 2u);
  EXPECT_EQ(rounds[0].answers.size(), 1u);
  EXPECT_EQ(rounds[1].answers.size(), 0u);
}

TEST_F(RoundFile, KeepsWhatIsNotAboutReviews) {
  ASSERT_TRUE(UpdateRecord(project_, {"aba"}, [](LabRecord& lab) { lab.hints = 2; }).ok());
  ASSERT_TRUE(SaveRound(project_, BegunAt("2026-01-01T00:00:00Z")).ok());
  ASSERT_TRUE(UpdateRecord(project_, {"aba"}, [](LabRecord& lab) { ++lab.hints; }).ok());
  const Record record = LoadRecord(project_).value();
  EXPECT_EQ(record.labs.at("aba").hints, 3);
  EXPECT_EQ(RoundsIn(record).size(), 1u);
}

TEST_F(RoundFile, LeavesOutWhatItCannotRead) {
  Record record;
  record.rounds = nlohmann::ordered_json::array({3, nlohmann::ordered_json::object(), ToJson(BegunAt("x"))});
  EXPECT_EQ(RoundsIn(record).size(), 1u);
}

RC_GTEST_PROP(RoundProperty, IsTheSameAfterItWasWritten, (const std::vector<bool>& approvals)) {
  Round round;
  round.begun = "2026-01-01T00:00:00Z";
  round.deck = *rc::gen::element<std::string>("all", "liveness");
  round.seed = *rc::gen::arbitrary<std::uint64_t>();
  for (size_t i = 0; i < approvals.size(); ++i) {
    const std::string change = "lab/change" + std::to_string(i);
    round.changes.push_back(change);
    GradedAnswer graded = Given(change, *rc::gen::arbitrary<bool>(), !approvals[i]);
    if (!approvals[i]) graded.answer.places = ParsePlaces("3-5 Total").value();
    graded.answer.sure = *rc::gen::inRange(50, 101);
    if (*rc::gen::arbitrary<bool>()) graded.answer.shown = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) graded.answer.removed = *rc::gen::arbitrary<bool>();
    round.answers.push_back(graded);
  }
  Record record;
  record.rounds.push_back(ToJson(round));
  const std::vector<Round> read = RoundsIn(ParseRecord(ToJson(record).dump()).value());
  RC_ASSERT(read.size() == 1u);
  RC_ASSERT(ToJson(read[0]) == ToJson(round));
}

}  // namespace
}  // namespace racelab
