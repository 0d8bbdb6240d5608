// Each gap that `racelab audit` knows is made in a copy of the project, and must be reported.

#include "sanitizers/racelab/completeness.h"

#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/lab.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Completeness : public testing::Test {
 protected:
  std::vector<std::string> GapsOfLostUpdate() const {
    const absl::StatusOr<Lab> lab = LoadLab(scratch.project(), "data_races", "lost_update");
    if (!lab.ok()) return {std::string(lab.status().message())};
    return Gaps(scratch.project(), *lab);
  }
  // Without those of the changes for review, whose bases are the fixes that tests break.
  std::vector<std::string> GapsButForChanges() const {
    std::vector<std::string> gaps = GapsOfLostUpdate();
    std::erase_if(gaps, [](const std::string& gap) { return absl::StrContains(gap, "/reviews/"); });
    return gaps;
  }
  void ExpectGap(std::string_view words) const { EXPECT_THAT(GapsButForChanges(), ElementsAre(HasSubstr(words))); }

  // The gaps between labs and between tracks, and errors in files that all commands read.
  std::vector<std::string> GapsBetweenAll() const {
    const absl::StatusOr<std::vector<Lab>> labs = LoadLabs(scratch.project());
    if (!labs.ok()) return {std::string(labs.status().message())};
    return GapsBetween(scratch.project(), *labs, *LoadTracks(scratch.project()));
  }

  ScratchProject scratch;
  const std::string toml = "labs/data_races/lost_update/lab.toml";
  const std::string track = "labs/data_races/track.toml";
};

TEST_F(Completeness, EveryLabIsComplete) {
  const absl::StatusOr<std::vector<Lab>> labs = LoadLabs(scratch.project());
  ASSERT_TRUE(labs.ok()) << labs.status();
  EXPECT_THAT(*labs, testing::Not(IsEmpty()));
  for (const Lab& lab : *labs) EXPECT_THAT(Gaps(scratch.project(), lab), IsEmpty());
  EXPECT_THAT(GapsBetweenAll(), IsEmpty());
  EXPECT_THAT(Strays(scratch.project(), *labs), IsEmpty());
}

TEST_F(Completeness, MissesAReadme) {
  std::filesystem::remove(scratch / "solutions/data_races/lost_update/README.md");
  ExpectGap("solutions/data_races/lost_update/README.md: is missing");
}

TEST_F(Completeness, MissesWhatIsShownOnceTheLabIsSolved) {
  std::filesystem::remove(scratch / "labs/data_races/lost_update/why.md");
  ExpectGap("labs/data_races/lost_update/why.md: is missing");
}

TEST_F(Completeness, FindsWhyTooLongForAScreen) {
  scratch.Write("labs/data_races/lost_update/why.md", std::string(26, '\n'));
  ExpectGap("why.md: has more than 25 lines");
}

TEST_F(Completeness, MissesTheTitleOfAnIdentifier) {
  scratch.Replace("labs/identifiers.toml", "\"CWE-366\"", "\"CWE-367000\"");
  ExpectGap("labs/identifiers.toml: has no title for CWE-366");
}

TEST_F(Completeness, MissesTheLineOfAnEquivalentMutant) {
  const std::string reason = " = \"nobody reads what the lock guards before it is given back\"\n\n[fixes]";
  scratch.Replace(toml, "[fixes]", "[equivalent.mutex]\n\"skip-lock Total: absl::MutexLock lock(&mutex_);\"" + reason);
  EXPECT_THAT(GapsOfLostUpdate(), IsEmpty());
  scratch.Replace(toml, "lock(&mutex_);\"", "lock(&gone_);\"");
  ExpectGap("about a line that the fix does not have");
}

TEST_F(Completeness, MissesTheFixOfAnEquivalentMutant) {
  scratch.Replace(toml, "[fixes]",
                  "[equivalent.gone]\n\"skip-lock A: b\" = \"a reason that is long enough\"\n\n[fixes]");
  ExpectGap("about a fix that does not exist");
}

TEST_F(Completeness, MissesATest) {
  std::filesystem::remove(scratch / "tests/data_races/lost_update/hit_counter_test.cc");
  ExpectGap("hit_counter_test.cc: is missing");
}

TEST_F(Completeness, MissesABenchmark) {
  std::filesystem::remove(scratch / "tests/data_races/lost_update/hit_counter_bench.cc");
  ExpectGap("hit_counter_bench.cc: is missing");
}

TEST_F(Completeness, MissesAFixThatIsListed) {
  std::filesystem::remove_all(scratch / "solutions/data_races/lost_update/atomic");
  ExpectGap("atomic/hit_counter.h: is missing");
}

TEST_F(Completeness, MissesAnIdiomThatIsNeitherFixedNorOmitted) {
  scratch.Replace(toml, "atomic  = \"one indivisible addition\"", "");
  std::filesystem::remove_all(scratch / "solutions/data_races/lost_update/atomic");
  ExpectGap("no fix by atomic; write one, or say under [omitted]");
}

TEST_F(Completeness, TakesASentenceInPlaceOfAFix) {
  std::string text = scratch.Read(toml);
  text.resize(text.find("[fixes]"));
  scratch.Write(toml, text +
                          "[fixes]\nmutex = \"one lock\"\nmessage = \"one owner\"\n"
                          "[omitted]\natomic = \"an atomic cannot hold a file that has to be locked\"\n");
  std::filesystem::remove_all(scratch / "solutions/data_races/lost_update/atomic");
  EXPECT_THAT(GapsButForChanges(), IsEmpty());
}

TEST_F(Completeness, FindsAFixThatIsNotListed) {
  std::filesystem::create_directory(scratch / "solutions/data_races/lost_update/sharded");
  std::filesystem::copy(scratch / "solutions/data_races/lost_update/mutex/hit_counter.h",
                        scratch / "solutions/data_races/lost_update/sharded/hit_counter.h");
  ExpectGap("sharded: is not listed under [fixes]");
}

TEST_F(Completeness, MissesARejectedRepairThatIsListed) {
  scratch.Write(toml, scratch.Read(toml) +
                          "\n[rejected.volatile]\nwhat = \"declares it volatile\"\n"
                          "tsan = {report = \"data race\", in = [\"HitCounter\", \"HitCounter\"]}\n"
                          "interleave = {failure = \"data race\"}\n");
  ExpectGap("rejected/volatile/hit_counter.h: is missing");
}

TEST_F(Completeness, FindsARejectedRepairThatIsNotListed) {
  std::filesystem::create_directories(scratch / "tests/data_races/lost_update/rejected/volatile");
  ExpectGap("rejected/volatile: is not listed under [rejected]");
}

TEST_F(Completeness, WantsSomethingToExposeTheBug) {
  scratch.Write(toml, scratch.Read(toml) +
                          "\n[rejected.volatile]\nwhat = \"declares it volatile\"\n"
                          "tsan = {report = \"none\"}\ninterleave = {failure = \"none\"}\n");
  ExpectGap("nothing exposes the bug");
}

TEST_F(Completeness, FindsAnotherIncludeGuard) {
  scratch.Replace("solutions/data_races/lost_update/mutex/hit_counter.h", "#ifndef RACELAB_HIT_COUNTER_H_",
                  "#ifndef HITS_H_");
  ExpectGap("a different include guard");
}

TEST_F(Completeness, FindsAnEmptyHint) {
  scratch.Replace(toml, "Write down, step by step, what two threads do when both read the same `total_`.", "");
  ExpectGap("a hint is empty");
}

TEST_F(Completeness, FindsAReadmeThatDoesNotOpenWithTheCommand) {
  scratch.Replace("labs/data_races/lost_update/README.md", "$ racelab run forgetful_counter",
                  "$ racelab run lost_update");
  ExpectGap("must open, below its title, with a ```console block");
}

TEST_F(Completeness, FindsAnotherTitle) {
  scratch.Replace("labs/data_races/lost_update/README.md", "# The counter", "# A counter");
  ExpectGap("must open with `# The counter that forgets`");
}

TEST_F(Completeness, FindsSolutionsOfNoLab) {
  std::filesystem::create_directory(scratch / "solutions/data_races/lost_updaet");
  EXPECT_THAT(Strays(scratch.project(), *LoadLabs(scratch.project())),
              ElementsAre(HasSubstr("solutions/data_races/lost_updaet: belongs to no lab")));
}

TEST_F(Completeness, NamesTheLineOfABrokenLabToml) {
  scratch.Replace(toml, "level   = 1", "level   = one");
  ExpectGap("labs/data_races/lost_update/lab.toml:4: ");
}

TEST_F(Completeness, NamesAnUnknownKey) {
  scratch.Replace(toml, "minutes = 10", "minutes = 10\nminuets = 10");
  ExpectGap("`minuets` is not a key that lab.toml knows");
}

TEST_F(Completeness, NamesAKindOfReportThatDoesNotExist) {
  scratch.Replace(toml, "report = \"data race\"", "report = \"data rice\"");
  ExpectGap("no report called 'data rice'");
}

TEST_F(Completeness, FindsAFixAndARejectedRepairOfOneName) {
  scratch.Write(toml, scratch.Read(toml) +
                          "\n[rejected.atomic]\nwhat = \"an atomic pointer to the total\"\n"
                          "tsan = {report = \"data race\", in = [\"HitCounter\", \"HitCounter\"]}\n"
                          "interleave = {failure = \"data race\"}\n");
  std::filesystem::create_directories(scratch / "tests/data_races/lost_update/rejected/atomic");
  std::filesystem::copy(scratch / "solutions/data_races/lost_update/atomic/hit_counter.h",
                        scratch / "tests/data_races/lost_update/rejected/atomic/hit_counter.h");
  ExpectGap("lost_update/lab.toml: both a fix and a rejected repair are called atomic");
}

TEST_F(Completeness, FindsAFixWithTheNameOfTheLabItself) {
  scratch.Replace(toml, "atomic  = \"one indivisible addition\"",
                  "atomic  = \"one indivisible addition\"\nmine = \"the same\"");
  std::filesystem::copy(scratch / "solutions/data_races/lost_update/atomic",
                        scratch / "solutions/data_races/lost_update/mine");
  ExpectGap("`mine` cannot be the name of a fix");
}

TEST_F(Completeness, FindsTwoLabsOfOneName) {
  for (const char* side : {"labs", "solutions", "tests"}) {
    std::filesystem::copy(scratch / absl::StrCat(side, "/data_races/lost_update"),
                          scratch / absl::StrCat(side, "/liveness/lost_update"),
                          std::filesystem::copy_options::recursive);
  }
  EXPECT_THAT(GapsBetweenAll(),
              ElementsAre(HasSubstr("labs/liveness/lost_update: has the name of labs/data_races/lost_update")));
  const ChildResult check = scratch.Racelab({"audit", "lost_update"});
  EXPECT_THAT(check.out, HasSubstr("has the name of labs/data_races/lost_update"));
  EXPECT_EQ(check.exit_code, 1);
}

TEST_F(Completeness, MissesAnAlias) {
  scratch.Replace(toml, "alias   = \"forgetful_counter\"\n", "");
  scratch.Replace("labs/data_races/lost_update/README.md", "$ racelab run forgetful_counter", "$ racelab run ");
  ExpectGap("lost_update/lab.toml: `alias` is missing");
}

TEST_F(Completeness, FindsAnAliasThatMeansTwoLabs) {
  scratch.Replace(toml, "\"forgetful_counter\"", "\"last_seat\"");
  EXPECT_THAT(GapsBetweenAll(),
              ElementsAre(HasSubstr("the alias last_seat is a name of labs/first_threads/await_in_the_middle, too")));
  scratch.Replace(toml, "\"last_seat\"", "\"aba\"");
  EXPECT_THAT(GapsBetweenAll(), ElementsAre(HasSubstr("the alias aba is a name of labs/atomicity/aba, too")));
}

TEST_F(Completeness, FindsAnEditThatCannotBeMade) {
  const std::string readme = "labs/data_races/lost_update/README.md";
  const std::string text = scratch.Read(readme);
  scratch.Write(readme, text + "\n```diff\n--- hit_counter.h\n-  std::int32_t total_ = 0;\n```\n");
  ExpectGap("edits hit_counter.h, but there is no 'std::int32_t total_ = 0;' to replace");
  scratch.Write(readme, text + "\n```diff\n--- counter.h\n-  std::int32_t total_ = 0;\n```\n");
  ExpectGap("edits 'counter.h'; begin the ```diff block with");
}

TEST_F(Completeness, FindsCommandsThatCannotBeGiven) {
  const std::string readme = "labs/data_races/lost_update/README.md";
  scratch.Replace(readme, "Run it a few times.",
                  "`racelab run forgetful_counter mine` `racelab prove forgetful_counter` `racelab verify lost_update` "
                  "`racelab explore forgetful_counter --slowly`");
  const ChildResult check = scratch.Racelab({"audit", "lost_update"});
  EXPECT_EQ(check.exit_code, 1);
  EXPECT_THAT(check.out, HasSubstr("forgetful_counter mine`, but there is no `mine` yet"));
  EXPECT_THAT(check.out, HasSubstr("but there is no command prove"));
  EXPECT_THAT(check.out, HasSubstr("but the text calls this lab forgetful_counter"));
  EXPECT_THAT(check.out, HasSubstr("but explore has no option --slowly"));
}

TEST_F(Completeness, SaysWhatATrackWithoutItsFileNeeds) {
  std::filesystem::remove(scratch / track);
  EXPECT_THAT(GapsBetweenAll(), ElementsAre(HasSubstr("labs/data_races/track.toml: is missing; say there")));
  const ChildResult list = scratch.Racelab({"list"});
  EXPECT_THAT(list.err, HasSubstr("labs/data_races/track.toml: is missing"));
  EXPECT_EQ(list.exit_code, 2);
}

TEST_F(Completeness, NamesTheLineOfABrokenTrackToml) {
  scratch.Replace(track, "order    = 2", "order    = two");
  EXPECT_THAT(GapsBetweenAll(), ElementsAre(HasSubstr("labs/data_races/track.toml:2: ")));
  scratch.Replace(track, "order    = two", "order    = \"two\"");
  EXPECT_THAT(GapsBetweenAll(), ElementsAre(HasSubstr("labs/data_races/track.toml:2: `order` has the wrong type")));
  scratch.Replace(track, "order    = \"two\"", "");
  EXPECT_THAT(GapsBetweenAll(), ElementsAre(HasSubstr("`order` is missing")));
  scratch.Write(track, "title = \"Data races\"\norder = 2\nsentence = \"They meet.\"\nlevel = 1\n");
  EXPECT_THAT(GapsBetweenAll(), ElementsAre(HasSubstr("`level` is not a key that track.toml knows")));
}

TEST_F(Completeness, FindsAnEmptyTrackTomlAndTwoTracksInOnePlace) {
  scratch.Write(track, "title = \"\"\norder = 1\nsentence = \"\"\n");
  EXPECT_THAT(GapsBetweenAll(),
              UnorderedElementsAre(HasSubstr("`title` is empty"), HasSubstr("`sentence` is empty"),
                                   HasSubstr("`order` is 1, as in labs/data_races/track.toml; which is first?")));
}

TEST_F(Completeness, LabsComeInTheOrderOfTheirTracks) {
  scratch.Replace(track, "order    = 2", "order    = 9");
  const absl::StatusOr<std::vector<Lab>> labs = LoadLabs(scratch.project());
  ASSERT_TRUE(labs.ok()) << labs.status();
  EXPECT_EQ(labs->front().track, "first_threads");
  EXPECT_EQ(labs->front().order, 1);
  EXPECT_EQ(labs->back().track, "data_races");
}

TEST(EqualButFor, LetsOnlyTheVaryingPartsVary) {
  const std::vector<std::string> varies = {"counted \\d+"};
  EXPECT_TRUE(EqualButFor(varies, "answered 4, counted 3\n", "answered 4, counted 2\n"));
  EXPECT_FALSE(EqualButFor(varies, "answered 4, counted 3\n", "answered 5, counted 3\n"));
  EXPECT_FALSE(EqualButFor(varies, "answered 4, counted 3\n", "answered 4, counted many\n"));
}

TEST(EqualButFor, LetsAVaryingNumberHaveMoreDigits) {
  const std::vector<std::string> varies = {R"(\d+ ms)"};
  EXPECT_TRUE(EqualButFor(varies, "LinkChecker    52 ms      1\n", "LinkChecker   100 ms      1\n"));
  EXPECT_FALSE(EqualButFor(varies, "LinkChecker    52 ms      1\n", "LinkChecker   100 ms      2\n"));
  EXPECT_FALSE(EqualButFor(varies, "52 ms\n1\n", "52 ms 1\n"));
}

TEST(ReadOpening, StopsAtTheFirstProse) {
  const Opening opening = ReadOpening("# Title\n\nStory.\n\n```console\n$ racelab run x\n```\n");
  EXPECT_EQ(opening.title, "Title");
  EXPECT_EQ(opening.command, "");
}

// A lab's changes for code review.
class CompletenessOfChanges : public Completeness {
 protected:
  void ExpectGap(std::string_view words) const { EXPECT_THAT(GapsOfLostUpdate(), ElementsAre(HasSubstr(words))); }

  const std::string folder = "labs/data_races/lost_update/reviews/";
  const std::string faulty = folder + "largest_value/change.toml", header = folder + "largest_value/hit_counter.h";
  const std::string sound = folder + "readers_together/change.toml";
};

TEST_F(CompletenessOfChanges, AreOfBothKinds) {
  std::filesystem::remove_all(scratch / (folder + "readers_together"));
  ExpectGap("lost_update/reviews: has 1 faulty and 0 sound changes");
}

TEST_F(CompletenessOfChanges, HaveOneTruth) {
  scratch.Replace(sound, "[sound]", "[sounds]");
  ExpectGap("readers_together/change.toml:");
}

TEST_F(CompletenessOfChanges, HaveAClassThatThereIs) {
  scratch.Replace(faulty, "\"atomicity violation\"", "\"bad luck\"");
  ExpectGap("there is no class 'bad luck'; there are: data race,");
}

TEST_F(CompletenessOfChanges, HaveABase) {
  scratch.Replace(faulty, "\"atomic\"", "\"atomics\"");
  ExpectGap("`base` is 'atomics', which is no variant of the lab");
}

TEST_F(CompletenessOfChanges, AreAboutTheirHeader) {
  scratch.Replace(faulty, "if (total == std::numeric_limits", "if (sum == std::numeric_limits");
  ExpectGap("the header has the line 'if (sum ==");
}

TEST_F(CompletenessOfChanges, QuoteTheirPromise) {
  scratch.Replace(faulty, "the addition is one indivisible step", "nothing is ever lost");
  ExpectGap("`promise` is not in the header's comments");
}

TEST_F(CompletenessOfChanges, NameFunctionsOfTheHeader) {
  scratch.Replace(faulty, "HitCounter::Record", "HitCounter::Count");
  ExpectGap("the header has no function HitCounter::Count");
}

TEST_F(CompletenessOfChanges, AreOfAReviewersSize) {
  scratch.Write(header, scratch.Read("solutions/data_races/lost_update/message/hit_counter.h"));
  EXPECT_THAT(GapsOfLostUpdate(), testing::Contains(HasSubstr("a change has 3 to 30")));
}

TEST_F(CompletenessOfChanges, HaveAHeader) {
  std::filesystem::remove(scratch / header);
  ExpectGap("largest_value/hit_counter.h: is missing");
}

TEST_F(CompletenessOfChanges, HaveANameOfTheirOwn) {
  std::filesystem::rename(scratch / (folder + "largest_value"), scratch / (folder + "mutex"));
  EXPECT_THAT(GapsOfLostUpdate(), testing::Contains(HasSubstr("another variant is called mutex")));
}

TEST_F(CompletenessOfChanges, GiveReasonsForMutantsOfTheirOwn) {
  scratch.Write(sound,
                scratch.Read(sound) + "\n[equivalent]\n\"skip-lock Record: no_such_line();\" = \"because it is\"\n");
  EXPECT_THAT(GapsOfLostUpdate(),
              testing::UnorderedElementsAre(HasSubstr("is about a line that the header does not have"),
                                            HasSubstr("must say in a sentence why nobody could tell")));
}

}  // namespace
}  // namespace racelab
