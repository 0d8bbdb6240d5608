// A class: the export that it reviews has no truth in it, and its answers are graded row by row.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/participant/csv.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/answer_sheet.h"
#include "sanitizers/review/deck.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Class : public testing::Test {
 protected:
  Class() {
    std::string name = absl::StrCat(RACELAB_BUILD_DIR, "/class.XXXXXX");
    folder_ = mkdtemp(name.data());
  }
  ~Class() override { fs::remove_all(folder_); }

  ChildResult Racelab(std::vector<std::string> arguments) const {
    return RunChild(RacelabCommand(std::move(arguments)));
  }

  ChildResult Export(const std::string& name, const std::string& deck = "all",
                     std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"review", "export", (folder_ / name).string(), deck, "--seed", "5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Racelab(arguments);
  }

  std::string Git(const std::string& name, std::vector<std::string> arguments) const {
    ChildSpec spec;
    spec.argv = {"git"};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.directory = (folder_ / name / "repository").string();
    spec.limits.output_bytes = int64_t{64} << 20;
    const ChildResult result = RunChild(spec);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  }

  std::string Sheet(const std::vector<std::string>& rows) const {
    const std::string file = (folder_ / "answers.csv").string();
    const std::string deck = NameWithVersion(*FindDeck(labs_, "lost_update"));
    std::ofstream(file) << "reviewer,deck,change,verdict,where,class,sure\n"
                        << absl::StrReplaceAll(absl::StrJoin(rows, "\n"),
                                               {{"DECK", deck},
                                                {"FAULTY", "forgetful_counter/largest_value"},
                                                {"SOUND", "forgetful_counter/readers_together"}})
                        << "\n";
    return file;
  }

  fs::path folder_;
  const std::vector<Lab> labs_ = LoadLabs(Project{.root = RACELAB_SOURCE_DIR}).value();
};

// Without blanks and marks of comments, so that it does not matter where lines are broken.
std::string Letters(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) letters += c;
  }
  return letters;
}

TEST_F(Class, GetsAnExportWithoutTheTruth) {
  ASSERT_EQ(Export("all").exit_code, 0);
  std::string everything = Git("all", {"log", "--all", "-p", "--format=fuller"});
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_ / "all")) {
    // The objects of git are in its log.
    if (!entry.is_regular_file() || absl::StrContains(entry.path().string(), "/.git/objects/")) continue;
    everything += ReadFile(entry.path()).value_or("") + entry.path().string();
  }
  const std::string letters = Letters(everything);
  const Deck deck = FindDeck(labs_, "all").value();
  for (const Card& card : deck.cards) {
    EXPECT_THAT(letters, HasSubstr(Letters(card.change->title)));
    std::vector<std::string> truth = {card.change->why, card.change->repair, card.change->misconception};
    for (const auto& [mutant, reason] : card.change->equivalent) truth.push_back(reason);
    for (const std::string& words : truth) {
      if (words.empty()) continue;
      EXPECT_FALSE(absl::StrContains(letters, Letters(words))) << card.Id() << ": " << words;
    }
  }
  EXPECT_THAT(everything, Not(HasSubstr("[faulty")));
  EXPECT_THAT(everything, Not(HasSubstr("[sound")));
  EXPECT_THAT(everything, Not(HasSubstr("change.toml")));
  // Nothing distinguishes one commit from another but what it changes.
  const std::vector<std::string> commits =
      absl::StrSplit(Git("all", {"log", "--all", "--format=%an %ae %ad %cn %ce %cd"}), '\n', absl::SkipEmpty());
  EXPECT_EQ(std::set<std::string>(commits.begin(), commits.end()).size(), 1u);
  EXPECT_EQ(commits.size(), deck.cards.size() + 1);
}

TEST_F(Class, GetsTheChangesAsTheyAre) {
  ASSERT_EQ(Export("lab", "lost_update").exit_code, 0);
  const Deck deck = FindDeck(labs_, "lost_update").value();
  for (const Card& card : deck.cards) {
    const std::string branch = absl::StrCat("review/", card.Id());
    const std::string file = absl::StrCat(card.Id(), "/", card.lab->subject.string());
    EXPECT_EQ(Git("lab", {"show", absl::StrCat("main:", file)}), ReadFile(card.Before()).value());
    EXPECT_EQ(Git("lab", {"show", absl::StrCat(branch, ":", file)}), ReadFile(card.After()).value());
    // Each branch has this change alone.
    EXPECT_EQ(Git("lab", {"diff", "--name-only", "main", branch}), file + "\n");
  }
  EXPECT_EQ(Git("lab", {"status", "--porcelain"}), "");
  // A patch makes a branch of main.
  int patches = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "lab/patches")) {
    Git("lab", {"apply", "--check", entry.path().string()});
    ++patches;
  }
  EXPECT_EQ(patches, 2);
}

TEST_F(Class, GetsTheSameExportTwice) {
  ASSERT_EQ(Export("one", "lost_update").exit_code, 0);
  ASSERT_EQ(Export("two", "lost_update").exit_code, 0);
  EXPECT_EQ(Git("one", {"rev-parse", "--all"}), Git("two", {"rev-parse", "--all"}));
  EXPECT_EQ(ReadFile(folder_ / "one/changes.md").value(), ReadFile(folder_ / "two/changes.md").value());
}

TEST_F(Class, IsNotGivenAFolderThatIsThere) {
  std::ofstream(folder_ / "mine.txt") << "mine";
  const ChildResult result = Racelab({"review", "export", folder_.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("exists already; name a new folder"));
  EXPECT_EQ(ReadFile(folder_ / "mine.txt").value(), "mine");
  const ChildResult nowhere = Racelab({"review", "export", "/dev/null/x"});
  EXPECT_EQ(nowhere.exit_code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("no folder can be made"));
}

// The truth, as a reviewer would write it who knows it.
std::string RightRow(const Card& card, const std::string& reviewer, const std::string& deck) {
  if (!card.change->is_faulty) return CsvText({reviewer, deck, card.Id(), "approve", "", "", "100"});
  return CsvText({reviewer, deck, card.Id(), "request changes", absl::StrCat(LinesAtFault(card).front()),
                  card.change->fault_class, "100"});
}

TEST_F(Class, OfOneWhoKnowsEverythingHasFullMarks) {
  ASSERT_EQ(Export("all").exit_code, 0);
  const Deck deck = FindDeck(labs_, "all").value();
  const std::string sheet = ReadFile(folder_ / "all/answers.csv").value();
  const std::vector<CsvRow> rows = ParseCsv(sheet);
  ASSERT_EQ(rows.size(), deck.cards.size() + 1);
  std::string filled = CsvText(rows[0].fields);
  for (size_t i = 1; i < rows.size(); ++i) filled += RightRow(*deck.Find(rows[i].fields[2]), "Ann", rows[i].fields[1]);
  std::ofstream(folder_ / "ann.csv") << filled;
  const ChildResult result = Racelab({"review", "grade", (folder_ / "ann.csv").string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto ann = nlohmann::json::parse(result.out)["reviewers"][0];
  for (const char* share : {"precision", "recall", "f1"}) EXPECT_EQ(ann[share], 1) << share;
  EXPECT_EQ(ann["brier"], 0);
  EXPECT_EQ(ann["named"]["part"], ann["found"]["of"]);
}

TEST_F(Class, OfThirtyIsGradedInOneTable) {
  const Deck deck = FindDeck(labs_, "all").value();
  std::vector<std::string> arguments = {"review", "grade", "--markdown"};
  for (int reviewer = 0; reviewer < 30; ++reviewer) {
    const std::string file = (folder_ / absl::StrCat("r", reviewer, ".csv")).string();
    std::ofstream stream(file);
    stream << CsvText({"reviewer", "deck", "change", "verdict", "where", "class", "sure"});
    for (const Card& card : deck.cards) stream << RightRow(card, "", NameWithVersion(deck));
    arguments.push_back(file);
  }
  const ChildResult result = Racelab(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("by 30 reviewers"));
  EXPECT_THAT(result.out, HasSubstr("| r29 |"));  // Who gives no name is called as the file is.
}

TEST_F(Class, HasEachBadRowNamedAndTheRestGraded) {
  const std::string file =
      Sheet({"Ann,DECK,FAULTY,request changes,Record,atom,90",  // line 2
             "Ann,DECK,SOUND,approve,,,70", "Bob,DECK,nothing/here,approve,,,70",
             "Bob,DECK,FAULTY,request changes,999,1,70", "Bob,DECK,FAULTY,request changes,Nowhere,1,70",
             "Bob,DECK,FAULTY,request changes,,1,70",  // line 7
             "Bob,DECK,FAULTY,request changes,1-99,1,70", "Bob,DECK,FAULTY,request changes,Record,tiger,70",
             "Bob,DECK,SOUND,perhaps,,,70", "Bob,DECK,SOUND,approve,,,49",
             "Bob,lost_update-00000000,SOUND,approve,,,70",  // line 12
             "Bob,,SOUND,approve,,,70", "Bob,no_deck-00000000,SOUND,approve,,,70",
             "Ann,DECK,SOUND,request changes,Total,1,70", "Bob,DECK,SOUND,approve,,,70,what,is,this",
             "Cid,DECK,SOUND,approve,,,\"80 %\"",  // line 17
             "Cid,DECK,FAULTY,,,,"});
  const ChildResult result = Racelab({"review", "grade", file});
  EXPECT_EQ(result.exit_code, 1);
  for (const char* problem :
       {":4: the deck lost_update has no change 'nothing/here'", ":5: line 999 is out of range: hit_counter.h has 29",
        ":6: hit_counter.h has no function Nowhere", ":7: no place is named",
        ":8: that is too much to be about a place", ":9: there is no class 'tiger'", ":10: the verdict is 'perhaps'",
        ":11: sure is '49'", ":12: is about the deck lost_update-00000000; here it is lost_update-",
        ":13: no deck is named", ":14: no deck 'no_deck'",
        ":15: is a second answer of Ann for forgetful_counter/readers_together; the one in line 3 counts",
        ":16: has 10 fields, the first row 7"})
    EXPECT_THAT(result.err, HasSubstr(absl::StrCat(file, problem)));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 13) << result.err;
  EXPECT_THAT(result.out, HasSubstr("by 2 reviewers"));
  EXPECT_THAT(result.out, Not(HasSubstr("Bob")));
}

TEST_F(Class, IsToldOnceThatASheetIsOfAnotherVersion) {
  const std::string file =
      Sheet({"Ann,lost_update-00000000,SOUND,approve,,,70", "Ann,lost_update-00000000,FAULTY,approve,,,70",
             "Bob,DECK,SOUND,approve,,,70", "Cid,lost_update-00000000,SOUND,approve,,,70"});
  const ChildResult result = Racelab({"review", "grade", file});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr(absl::StrCat(file, ":2-3: is about the deck lost_update-00000000")));
  EXPECT_THAT(result.err, HasSubstr(absl::StrCat(file, ":5: is about the deck lost_update-00000000")));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 2) << result.err;
  EXPECT_THAT(result.out, HasSubstr("by 1 reviewer"));
}

TEST_F(Class, IsToldOfAFileThatHasNoAnswers) {
  std::ofstream(folder_ / "other.csv") << "name,age\nx,3\n";
  const ChildResult other = Racelab({"review", "grade", (folder_ / "other.csv").string()});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, HasSubstr("other.csv:1: has no column `deck`"));
  EXPECT_EQ(Racelab({"review", "grade", folder_.string()}).exit_code, 2);
  EXPECT_EQ(Racelab({"review", "grade", (folder_ / "none.csv").string()}).exit_code, 2);
  const ChildResult empty = Racelab({"review", "grade", Sheet({"Ann,DECK,SOUND,,,,"})});
  EXPECT_EQ(empty.exit_code, 1);
  EXPECT_THAT(empty.err, HasSubstr("there is no answer to grade"));
}

TEST_F(Class, IsToldWhatToTalkAboutInEachForm) {
  const std::string file = Sheet({"Ann,DECK,FAULTY,approve,,,90", "Bob,DECK,FAULTY,request changes,Total,1,90",
                                  "<b>|Cid,DECK,SOUND,request changes,Total,1,90"});
  for (const char* form : {"--markdown", "--html", "--json", "--csv", ""}) {
    std::vector<std::string> arguments = {"review", "grade", file};
    if (*form != '\0') arguments.emplace_back(form);
    const ChildResult result = Racelab(arguments);
    EXPECT_EQ(result.exit_code, 0) << form << result.err;
    EXPECT_THAT(result.out, HasSubstr("readers_together")) << form;
  }
  const std::string html = Racelab({"review", "grade", file, "--html"}).out;
  EXPECT_THAT(html, HasSubstr("&lt;b&gt;|Cid"));  // Who answers writes no page.
  EXPECT_THAT(html, HasSubstr("operations that are atomic one by one are atomic together"));
  EXPECT_EQ(Racelab({"review", "grade", file, "--html", "--csv"}).exit_code, 2);
}

}  // namespace
}  // namespace racelab
