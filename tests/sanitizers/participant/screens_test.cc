// What participants see in a terminal: where they are, a lab begun, and `racelab watch` with hints, the lab left wrong
// in at least three ways and not to compile, solved by each of its fixes, and explained. One golden file for each lab.
// By default the first lab of each track; RACELAB_SCREENS_OF=all in the environment, which takes minutes, or
// =aba,lock_order drives these, and RACELAB_WRITE_SCREENS=1 writes the files anew.

#include "sanitizers/participant/screens.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/tasks.h"
#include "tests/sanitizers/participant/terminal.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

TEST(Promise, IsTheNameOfTheTestInWords) {
  EXPECT_EQ(PromiseOf("Voucher.PaysWithTheSameMoneyOnlyOnce"), "Voucher pays with the same money only once");
  EXPECT_EQ(PromiseOf("Desk.GivesEachATicketOfItsOwn"), "Desk gives each a ticket of its own");
  EXPECT_EQ(PromiseOf("Server.AnswersHTTPRequests"), "Server answers HTTP requests");
  EXPECT_EQ(PromiseOf("main"), "main");
}

// What a participant may have saved.
struct Attempted {
  std::string name;
  std::string text;
  bool solves = false;
};

std::string Text(const std::filesystem::path& file) { return ReadFile(file).value_or(""); }

// The wrong repairs in the lab's wrong.md: a heading with the name, and an edit of the lab's class below it.
std::vector<Attempted> FromText(const Lab& lab) {
  std::vector<Attempted> attempts;
  const std::vector<std::string> parts = absl::StrSplit(Text(lab.tests / "wrong.md"), "\n## ");
  for (auto part = parts.begin() + 1; part < parts.end(); ++part) {
    const std::string name = part->substr(0, part->find('\n'));
    const std::vector<TaskEdit> edits = EditsIn(*part);
    EXPECT_EQ(edits.size(), 1u) << lab.name << ": " << name;
    if (edits.empty()) continue;
    const absl::StatusOr<std::string> text = Apply(edits[0], Text(lab.folder / lab.subject));
    EXPECT_TRUE(text.ok()) << lab.name << ": " << name << ": " << text.status();
    attempts.push_back({name, text.value_or("")});
  }
  return attempts;
}

// The lab as it is, wrong repairs, then the fixes.
std::vector<Attempted> AttemptsAt(const Lab& lab) {
  const std::string original = Text(lab.folder / lab.subject);
  std::vector<Attempted> attempts = {{"lab", original}, {"does not compile", absl::StrCat(original, "}\n")}};
  for (const auto& [name, rejected] : lab.rejected) attempts.push_back({name, Text(lab.HeaderOf(name))});
  for (Attempted& attempt : FromText(lab)) attempts.push_back(std::move(attempt));
  for (const auto& [fix, what] : lab.fixes) attempts.push_back({fix, Text(lab.HeaderOf(fix)), /*solves=*/true});
  return attempts;
}

std::vector<Lab> Labs() { return LoadLabs(Project{.root = RACELAB_SOURCE_DIR}).value(); }

std::vector<Lab> LabsToDrive() {
  std::vector<Lab> labs = Labs();
  const char* wanted = std::getenv("RACELAB_SCREENS_OF");
  std::erase_if(labs, [&](const Lab& lab) {
    if (wanted == nullptr) return lab.order != 1;
    const std::vector<std::string> names = absl::StrSplit(wanted, ',');
    return names[0] != "all" && std::find(names.begin(), names.end(), lab.name) == names.end();
  });
  return labs;
}

bool ShowsAVerdict(const Screen& screen) {
  static const std::regex& verdict =
      *new std::regex("^(✓|✗|\\?) [a-z_]+( is solved|( is not solved yet)|: cannot tell) ");
  // The keys are written last.
  return screen.line() + 1 == Screen::kLines && absl::EndsWith(screen.Lines().back(), "q quit") &&
         std::regex_search(screen.Lines()[0], verdict);
}

// How far a search comes whose time ends differs from run to run: what such a proof says is left out.
std::string WithoutProof(const std::string& text) {
  const size_t begin = text.find("  ThreadSanitizer reports nothing"), end = text.find("\n\n", begin);
  if (begin == std::string::npos || end == std::string::npos) return text;
  const bool is_whole = !absl::StrContains(text.substr(begin, end - begin), ": only ");
  return is_whole ? text : absl::StrCat(text.substr(0, begin), "  PROOF", text.substr(end));
}

// Times, the seed of a random test, and what was allocated before an object differ from run to run; whether it is seen
// that Abseil's mutexes read the time stamp counter differs from machine to machine.
std::string Normal(std::string text) {
  text = WithoutProof(text);
  text = std::regex_replace(
      text, std::regex("  not explored: computations that take time \\(the program reads the clock\\)\n"), "");
  text = std::regex_replace(text, std::regex(" +[0-9]+\\.[0-9] s\n"), "  TIME\n");
  text = std::regex_replace(text, std::regex("[0-9][0-9.,]*( million)? interleavings? of"), "N interleavings of");
  text = std::regex_replace(text, std::regex("heap\\+0x[0-9a-f]+ *"), "heap+0xN ");
  text = std::regex_replace(text, std::regex("heap\\+0xN \n"), "heap+0xN\n");
  return std::regex_replace(text, std::regex("seed=[0-9]+"), "seed=SEED");
}

// What stands on the screen above the list of keys, which is on its last line.
std::string AboveTheKeys(const Screen& screen) {
  const std::string text = screen.Text();
  return absl::StrCat(absl::StripTrailingAsciiWhitespace(text.substr(0, text.rfind('\n', text.size() - 2))), "\n");
}

// What `racelab` leaves on the screen of somebody whose shell finds it.
std::string ScreenOf(const ScratchProject& scratch, std::vector<std::string> arguments) {
  Terminal terminal(scratch.project().root.string(), std::move(arguments));
  EXPECT_EQ(terminal.Ended(), 0);
  EXPECT_EQ(terminal.screen().scrolled(), 0);
  return terminal.screen().Text();
}

// What each press of h adds below the verdict.
std::string Hints(Terminal& terminal, const Lab& lab) {
  std::string screens;
  for (size_t number = 1; number <= lab.hints.size(); ++number) {
    const std::string label = absl::StrCat("hint ", number, " of ", lab.hints.size(), ": ");
    terminal.Press('h');
    const auto shows_it = [&](const Screen& screen) {
      return ShowsAVerdict(screen) && absl::StrContains(screen.Text(), label);
    };
    EXPECT_TRUE(terminal.Becomes(shows_it));
    EXPECT_EQ(terminal.screen().scrolled(), 0) << lab.name;
    const std::string text = AboveTheKeys(terminal.screen());
    EXPECT_THAT(text, testing::HasSubstr("\n  next: racelab ")) << lab.name;
    absl::StrAppend(&screens, "=== hint ", number, "\n", text.substr(std::min(text.find(label), text.size())));
  }
  return screens;
}

// What key w shows. The pager may show it, so that part of it has left the screen.
std::string Why(Terminal& terminal) {
  terminal.Skip();
  terminal.Press('w');
  EXPECT_TRUE(terminal.Shows(": back"));
  // It is the latest drawing, or what has been written since racelab gave the screen away.
  const std::string& all = terminal.all();
  const std::string latest = all.substr(std::max(all.rfind("\033[H") + 1, all.rfind("\033[?1049l") + 1) - 1);
  terminal.Press('\n');
  static const std::regex &escape = *new std::regex("\033\\[[?0-9;]*[A-Za-z]|\r"),
                          &key = *new std::regex("\\s*(any key|Enter): back[^]*");
  return absl::StrCat("=== why\n", std::regex_replace(std::regex_replace(latest, escape, ""), key, ""), "\n");
}

// The golden file of this name.
void ExpectToBeThoseOf(const std::string& name, const std::string& screens) {
  const std::filesystem::path file =
      std::filesystem::path(RACELAB_SOURCE_DIR) / "tests/sanitizers/participant/screens" / absl::StrCat(name, ".txt");
  if (std::getenv("RACELAB_WRITE_SCREENS") != nullptr) std::ofstream(file) << screens;
  EXPECT_EQ(screens, Text(file)) << file << " differs; RACELAB_WRITE_SCREENS=1 writes it anew";
}

void ExpectToTell(const Attempted& attempt, const Screen& screen) {
  const std::string text = AboveTheKeys(screen);
  EXPECT_EQ(screen.scrolled(), 0) << text;
  EXPECT_THAT(text, testing::HasSubstr(attempt.solves ? " is solved " : " is not solved yet ")) << attempt.name;
  const std::vector<std::string> parts = absl::StrSplit(text, "\n  next: racelab ");
  EXPECT_EQ(parts.size(), 2u) << attempt.name << " has not one next command:\n" << text;
  for (std::string_view line : absl::StrSplit(text, '\n'))
    EXPECT_LT(Columns(line), static_cast<int>(Screen::kColumns)) << attempt.name << ": " << line;
  EXPECT_THAT(text, testing::Not(testing::HasSubstr(RACELAB_BUILD_DIR))) << attempt.name;
}

TEST(Screens, AreOfThreeWrongRepairsForEachLab) {
  for (const Lab& lab : Labs()) {
    const std::vector<Attempted> attempts = AttemptsAt(lab);
    EXPECT_GE(std::count_if(attempts.begin(), attempts.end(), [](const Attempted& attempt) { return !attempt.solves; }),
              4)
        << lab.name << ": add to tests/" << lab.track << "/" << lab.name << "/wrong.md";
  }
}

TEST(Screens, TellWhereTheParticipantIs) {
  const ScratchProject scratch(ScratchProject::Checkout::kUsed);
  std::string screens;
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{}, {"start"}, {}, {"hint"}, {}})
    absl::StrAppend(&screens, "=== racelab ", absl::StrJoin(arguments, " "), "\n", ScreenOf(scratch, arguments));
  ExpectToBeThoseOf("racelab", screens);
}

TEST(Screens, TellWhatIsWrongAndWhatIsRight) {
  if (std::string(RACELAB_TSAN_PRESETS).find("tsan") != 0) GTEST_SKIP() << "the files are those of clang's programs";
  const ScratchProject scratch(ScratchProject::Checkout::kUsed);
  for (const Lab& lab : LabsToDrive()) {
    SCOPED_TRACE(lab.name);
    const std::string mine = absl::StrCat("workspace/", lab.alias, "/", lab.subject.string());
    const std::vector<Attempted> attempts = AttemptsAt(lab);
    std::string screens = absl::StrCat("=== start\n", ScreenOf(scratch, {"start", lab.alias}));
    EXPECT_EQ(scratch.Read(mine), attempts[0].text);
    Terminal terminal(scratch.project().root.string(), {"watch", lab.alias});
    for (const Attempted& attempt : attempts) {
      if (&attempt != &attempts[0]) {
        if (attempt.solves && !(&attempt)[-1].solves) screens += Hints(terminal, lab);
        terminal.Skip();
        scratch.Write(mine, attempt.text);
      }
      ASSERT_TRUE(terminal.Shows(": compiling")) << attempt.name;
      ASSERT_TRUE(terminal.Becomes(ShowsAVerdict)) << attempt.name;
      ExpectToTell(attempt, terminal.screen());
      absl::StrAppend(&screens, "=== ", attempt.name, "\n", Normal(AboveTheKeys(terminal.screen())));
    }
    screens += Why(terminal);
    terminal.Press('q');
    EXPECT_EQ(terminal.Ended(), 0);
    ExpectToBeThoseOf(lab.name, screens);
  }
}

}  // namespace
}  // namespace racelab
