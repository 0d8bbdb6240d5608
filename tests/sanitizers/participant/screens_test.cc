// What participants see, as it is printed: one golden file for each lab that is not repaired, and for each repair that
// only looks right. RACELAB_WRITE_SCREENS=1 in the environment writes the files anew.

#include "sanitizers/participant/screens.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/terminal.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

constexpr size_t kLinesOfTerminal = 24, kColumns = 80;

TEST(Promise, IsTheNameOfTheTestInWords) {
  EXPECT_EQ(PromiseOf("Voucher.PaysWithTheSameMoneyOnlyOnce"), "Voucher pays with the same money only once");
  EXPECT_EQ(PromiseOf("Desk.GivesEachATicketOfItsOwn"), "Desk gives each a ticket of its own");
  EXPECT_EQ(PromiseOf("Server.AnswersHTTPRequests"), "Server answers HTTP requests");
  EXPECT_EQ(PromiseOf("main"), "main");
}

// Times, and the seed of a random test, differ from run to run.
std::string Normal(std::string text) {
  text = std::regex_replace(text, std::regex(" +[0-9]+\\.[0-9] s\n"), "  TIME\n");
  return std::regex_replace(text, std::regex("seed=[0-9]+"), "seed=SEED");
}

std::vector<std::pair<Lab, std::string>> WrongVariants(const Project& project) {
  std::vector<std::pair<Lab, std::string>> wrong;
  const std::vector<Lab> labs = LoadLabs(project).value();
  for (const Lab& lab : labs) {
    for (const std::string& variant : lab.variants) {
      if (lab.ExpectationOf(variant) != nullptr) wrong.emplace_back(lab, variant);
    }
  }
  return wrong;
}

void ExpectToFit(const std::string& screen, const std::string& name) {
  const std::vector<std::string> lines = absl::StrSplit(screen, '\n');
  size_t rows = 0;
  for (const std::string& line : lines) {
    const bool is_place = std::regex_search(line, std::regex("^(labs|tests|workspace)/.*:[0-9]+: "));
    EXPECT_TRUE(is_place || Columns(line) <= static_cast<int>(kColumns)) << name << ": " << line;
    rows += std::max<size_t>(1, (static_cast<size_t>(Columns(line)) + kColumns - 1) / kColumns);
  }
  EXPECT_LE(rows, kLinesOfTerminal) << name << ":\n" << screen;
}

TEST(Screens, ShowWhatIsWrongOnOneScreen) {
  if (std::string(RACELAB_TSAN_PRESETS).find("tsan") != 0) GTEST_SKIP() << "the files are those of clang's programs";
  const Project project{.root = RACELAB_SOURCE_DIR};
  const std::filesystem::path folder = project.root / "tests/sanitizers/participant/screens";
  for (const auto& [lab, variant] : WrongVariants(project)) {
    if (lab.name == "pool_of_workers") continue;  // It explores as long as its time permits.
    ChildSpec spec = RacelabCommand({"check", lab.name, variant});
    spec.limits.time = absl::Minutes(3);
    const ChildResult result = RunChild(spec);
    EXPECT_EQ(result.exit_code, 1) << lab.name << " " << variant << result.err;
    ExpectToFit(result.out, absl::StrCat(lab.name, " ", variant));
    EXPECT_THAT(result.out, testing::HasSubstr("  next: racelab "));
    const std::filesystem::path file = folder / absl::StrCat(lab.name, ".", variant, ".txt");
    if (std::getenv("RACELAB_WRITE_SCREENS") != nullptr) std::ofstream(file) << Normal(result.out);
    EXPECT_EQ(Normal(result.out), ReadFile(file).value_or(""))
        << file << " differs; RACELAB_WRITE_SCREENS=1 writes it anew";
  }
}

}  // namespace
}  // namespace racelab
