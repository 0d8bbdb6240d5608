// The tables of labs in Markdown files say what lab.toml says.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/lab_tables.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/track.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using testing::HasSubstr;

// What the command prints.
std::string Printed(std::vector<std::string> arguments) { return RunChild(RacelabCommand(std::move(arguments))).out; }

TEST(LabTables, AreAsInTheReadme) {
  EXPECT_THAT(TextOf("README.md"), HasSubstr(absl::StrCat("\n\n", Printed({"list", "--markdown"}), "\n")))
      << "README.md, \"The labs\": put there what `racelab list --markdown` prints";
}

TEST(LabTables, AreAsInTheStoryOfTheDataRaces) {
  EXPECT_THAT(TextOf("labs/data_races/README.md"),
              HasSubstr(absl::StrCat("\n\n", Printed({"list", "--evidence", "data_races"}), "\n")))
      << "labs/data_races/README.md: put there what `racelab list --evidence data_races` prints";
}

TEST(LabTables, TellWhatEachDetectorReports) {
  Lab lab;
  lab.track = "a_track";
  lab.name = "a_bug";
  lab.alias = "a_symptom";
  lab.ids = {"NO-SUCH-ID"};
  lab.expect.tsan.must = {{ReportKind::kDataRace, {"A"}}, {ReportKind::kDataRace, {"B"}}};
  lab.expect.interleave.kind = "deadlock";
  Lab silent = lab;
  silent.expect.tsan.must.clear();
  silent.expect.interleave.kind = "none";
  Lab failing = silent;
  failing.expect.tsan.test = "Suite.Test";
  Lab elsewhere = lab;
  elsewhere.track = "another_track";
  const std::string row = "| [a_symptom](a_bug/README.md) | a_bug | NO-SUCH-ID | ";
  EXPECT_EQ(TableOfEvidence(Project{}, {lab, silent, failing, elsewhere}, "a_track"),
            absl::StrCat("| lab | bug | known as | ThreadSanitizer reports | every interleaving shows |\n"
                         "|---|---|---|---|---|\n",
                         row, "data race | deadlock |\n", row, "nothing | nothing |\n", row,
                         "nothing; a test fails | nothing |\n"));
}

TEST(LabTables, AnUnknownTrackIsMisuse) {
  const ChildResult result = RunChild(RacelabCommand({"list", "--evidence", "data_race_"}));
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("no track 'data_race_'; did you mean data_races?"));
}

}  // namespace
}  // namespace racelab
