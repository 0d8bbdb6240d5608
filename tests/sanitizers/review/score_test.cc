// What an answer is worth, and what a reviewer's score says.

#include "sanitizers/review/score.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/deck.h"

namespace racelab {
namespace {

using testing::HasSubstr;

const std::vector<Lab>& Labs() {
  static const auto& labs = *new std::vector<Lab>(LoadLabs(Project{.root = RACELAB_SOURCE_DIR}).value());
  return labs;
}

const Card& CardOf(std::string_view id) {
  static const auto& deck = *new Deck(FindDeck(Labs(), "lost_update").value());
  return *deck.Find(id);
}
const Card& Faulty() { return CardOf("forgetful_counter/largest_value"); }
const Card& Sound() { return CardOf("forgetful_counter/readers_together"); }

Answer Rejection(const std::string& where, const std::string& fault_class = "", int sure = 80) {
  Answer answer;
  answer.places = ParsePlaces(where).value();
  answer.fault_class = fault_class;
  answer.sure = sure;
  return answer;
}

Answer Approval(int sure = 80) {
  Answer answer;
  answer.approves = true;
  answer.sure = sure;
  return answer;
}

TEST(Places, AreLinesAndFunctions) {
  const std::vector<CommentPlace> places = ParsePlaces(" 21, 24-26;HitCounter::Total() ~Pool").value();
  ASSERT_EQ(places.size(), 4u);
  EXPECT_EQ(places[0].first, 21);
  EXPECT_EQ(places[0].last, 21);
  EXPECT_EQ(places[1].first, 24);
  EXPECT_EQ(places[1].last, 26);
  EXPECT_EQ(places[2].function, "HitCounter::Total");
  EXPECT_EQ(places[3].function, "~Pool");
  EXPECT_EQ(PlacesText(places), "21 24-26 HitCounter::Total ~Pool");
}

TEST(Places, AreRefusedIfTheyMeanNothing) {
  for (const char* text : {"", " ", "0", "9-3", "12-", "-3", "1.5", "a b c d", "1-11", "1 2 3 4 5 6 7 8 9 10 11", "()",
                           "99999999999999999999"})
    EXPECT_TRUE(absl::IsInvalidArgument(ParsePlaces(text).status())) << text;
}

TEST(Answers, AreRightWithinTwoLinesOfTheFault) {
  const std::vector<int> lines = LinesAtFault(Faulty());
  ASSERT_EQ(lines.size(), 3u);
  const auto found = [&](int line) { return GradeOf(Rejection(absl::StrCat(line)), Faulty()).found; };
  EXPECT_TRUE(found(lines.front() - 2));
  EXPECT_FALSE(found(lines.front() - 3));
  EXPECT_TRUE(found(lines.back() + 2));
  EXPECT_FALSE(found(lines.back() + 3));
  EXPECT_TRUE(GradeOf(Rejection(absl::StrCat(lines.back() + 3, "-", lines.back() + 9, " Record")), Faulty()).found);
}

TEST(Answers, AreRightInTheFunctionAtFault) {
  EXPECT_TRUE(GradeOf(Rejection("Record"), Faulty()).found);
  EXPECT_TRUE(GradeOf(Rejection("HitCounter::Record()"), Faulty()).found);
  EXPECT_FALSE(GradeOf(Rejection("Total"), Faulty()).found);
}

TEST(Answers, NameTheClassOnlyIfTheyFindTheFault) {
  EXPECT_TRUE(GradeOf(Rejection("Record", "atomicity violation"), Faulty()).named);
  EXPECT_FALSE(GradeOf(Rejection("Record", "data race"), Faulty()).named);
  EXPECT_FALSE(GradeOf(Rejection("Total", "atomicity violation"), Faulty()).named);
}

TEST(Answers, NameADataRaceIfADetectorReportsOne) {
  const Deck deck = FindDeck(Labs(), "this_escapes_constructor").value();
  const Card& leaves_late = *deck.Find("free_ride/leave_in_one_place");  // A lifetime; reported as a race on the vptr.
  EXPECT_TRUE(GradeOf(Rejection("~Cab", "lifetime"), leaves_late).named);
  EXPECT_TRUE(GradeOf(Rejection("~Cab", "data race"), leaves_late).named);
  EXPECT_FALSE(GradeOf(Rejection("~Cab", "deadlock"), leaves_late).named);
  EXPECT_FALSE(GradeOf(Rejection("~Cab"), leaves_late).named);
}

TEST(Answers, ToASoundChangeAreRightIfTheyApprove) {
  EXPECT_TRUE(GradeOf(Approval(), Sound()).IsRight());
  EXPECT_FALSE(GradeOf(Rejection("Total"), Sound()).IsRight());
  EXPECT_FALSE(GradeOf(Approval(), Faulty()).IsRight());
}

TEST(Scores, TellACarefulReviewerFromTheTwoThatDoNotRead) {
  const Score careful =
      ScoreOf({GradeOf(Rejection("Record", "atomicity violation"), Faulty()), GradeOf(Approval(), Sound())});
  EXPECT_EQ(careful.Precision(), 1);
  EXPECT_EQ(careful.Recall(), 1);
  EXPECT_EQ(careful.F1(), 1);
  EXPECT_EQ(Text(careful.alarms), "0 of 1");

  const Score approves = ScoreOf({GradeOf(Approval(), Faulty()), GradeOf(Approval(), Sound())});
  EXPECT_EQ(approves.Precision(), std::nullopt);
  EXPECT_EQ(approves.Recall(), 0);
  EXPECT_EQ(approves.F1(), std::nullopt);

  // Who rejects everything, at the first line of the file, finds nothing and is wrong about what is sound.
  const Score rejects = ScoreOf({GradeOf(Rejection("1"), Faulty()), GradeOf(Rejection("1"), Sound())});
  EXPECT_EQ(rejects.Precision(), 0);
  EXPECT_EQ(rejects.Recall(), 0);
  EXPECT_EQ(Text(rejects.alarms), "1 of 1");
}

TEST(Scores, OfDetectorsComeFromTheEvidence) {
  const Score tsan = ScoreOfDetector({Faulty(), Sound()}, Tool::kThreadSanitizer);
  EXPECT_EQ(tsan.Recall(), 0);  // Each access is atomic.
  EXPECT_EQ(tsan.Precision(), std::nullopt);
  const Score interleave = ScoreOfDetector({Faulty(), Sound()}, Tool::kInterleave);
  EXPECT_EQ(interleave.Recall(), 1);
  EXPECT_EQ(interleave.Precision(), 1);
}

TEST(Scores, MeasureCalibration) {
  const Score guess = ScoreOf({GradeOf(Approval(50), Faulty()), GradeOf(Approval(50), Sound())});
  EXPECT_DOUBLE_EQ(*guess.brier, 0.25);
  const Score wrong_and_certain = ScoreOf({GradeOf(Approval(100), Faulty())});
  EXPECT_DOUBLE_EQ(*wrong_and_certain.brier, 1);
  EXPECT_EQ(Text(wrong_and_certain.right_when_sure.at(100)), "0 of 1");
  const Score right_and_certain = ScoreOf({GradeOf(Approval(100), Sound())});
  EXPECT_DOUBLE_EQ(*right_and_certain.brier, 0);
}

TEST(Scores, ShowWhatWasTriedOnly) {
  Answer shown = Rejection("Record");
  shown.shown = true;
  Answer not_removed = Rejection("Record");
  not_removed.removed = false;
  const Score score =
      ScoreOf({GradeOf(shown, Faulty()), GradeOf(not_removed, Faulty()), GradeOf(Approval(), Faulty())});
  EXPECT_EQ(Text(score.shown), "1 of 1");
  EXPECT_EQ(Text(score.removed), "0 of 1");
  EXPECT_EQ(Text(score.found), "2 of 3");
}

TEST(Scores, ArePrintedWithinTheScreen) {
  const std::string text =
      ScoreText({GradeOf(Rejection("Record", "data race", 90), Faulty()), GradeOf(Rejection("Total"), Sound())},
                {Faulty(), Sound()}, 80);
  EXPECT_THAT(text, HasSubstr("you                                 50 %     100 %    67 %"));
  for (std::string_view line : absl::StrSplit(text, '\n')) EXPECT_LT(Columns(line), 80) << line;
}

RC_GTEST_PROP(ScoresProperty, StayWithinTheirBounds, (const std::vector<bool>& rejects)) {
  std::vector<GradedAnswer> answers;
  for (const bool reject : rejects) {
    const Card& card = *rc::gen::arbitrary<bool>() ? Faulty() : Sound();
    const int sure = *rc::gen::inRange(50, 101);
    answers.push_back(
        GradeOf(reject ? Rejection(*rc::gen::element("Record", "Total", "1", "17"), "", sure) : Approval(sure), card));
  }
  const Score score = ScoreOf(answers);
  for (const std::optional<double>& share : {score.Precision(), score.Recall(), score.F1(), score.brier})
    RC_ASSERT(!share || (*share >= 0 && *share <= 1));
  RC_ASSERT(score.found.of + score.alarms.of == static_cast<int>(answers.size()));
  RC_ASSERT(score.rejected >= score.found.part + score.alarms.part);
}

}  // namespace
}  // namespace racelab
