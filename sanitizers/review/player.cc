#include "sanitizers/review/player.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/participant/screens.h"
#include "sanitizers/participant/step_session.h"
#include "sanitizers/participant/stepper.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/review/review_diff.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

constexpr char kEnter = '\r', kBackspace = 127, kControlH = 8, kControlU = 21;

bool Leaves(int key) { return key == RawTerminal::kInterrupt; }

// `text`, padded with empty lines so that `keys` is on the last line of the screen.
std::string WithKeys(const std::string& text, const std::string& keys) {
  const ScreenSize size = SizeOfScreen();
  const int left = size.lines - 1 - RowsOf(text, size.columns);
  return absl::StrCat(text, std::string(static_cast<size_t>(std::max(0, left)), '\n'), Paint(Colour::kDim, keys));
}

}  // namespace

void Player::Play() {
  while (const std::optional<Round::Next> next = round_.NextChange()) {
    const Card* card = deck_.Find(next->change);
    if (card == nullptr) {  // the deck has changed since the round began
      std::erase(round_.changes, next->change);
      continue;
    }
    const absl::StatusOr<std::vector<DiffLine>> diff = DiffLines(card->Before(), card->After());
    if (!diff.ok()) return Tell(std::string(diff.status().message()));
    diff_ = *diff;
    view_ = {};
    BackgroundVerdict verdict(project_, *card->lab, card->name);
    std::optional<Answer> answer = Ask(*card, *next);
    if (!answer) return;
    answer->change = next->change;
    answer->is_prompted = next->is_prompted;
    const bool goes_on = answer->approves || AskForProof(*card, verdict, *answer);
    const GradedAnswer graded = GradeOf(*answer, *card);
    round_.answers.push_back(graded);
    if (!round_.NextChange()) round_.ended = Now();
    Save();
    if (!goes_on) return;
    if (graded.is_faulty && !graded.found && !next->is_prompted) {
      if (!ShowResult(absl::StrCat("\n", Paragraph(Colour::kNone, "Noted. This one comes back at the end of the round.",
                                                   SizeOfScreen().columns)))) {
        return;
      }
      continue;
    }
    const absl::StatusOr<Attempt>* known = Await(verdict, "the detectors' verdict");
    if (known == nullptr) return;
    if (!ShowResult(AnswerScreen(project_, *card, graded, *known, SizeOfScreen()))) return;
  }
}

std::optional<Answer> Player::Ask(const Card& card, const Round::Next& next) {
  const std::string keys =
      absl::StrCat(next.is_prompted ? "r it is here  n I do not see it" : "a approve  r request changes",
                   "  space scroll  w whole file  e editor",
                   SizeOfScreen().columns >= kColumnsForBoth ? "  v side by side" : "", "  q quit");
  for (;;) {
    const ScreenSize size = SizeOfScreen();
    terminal_.Draw(WithKeys(ChangeScreen(card, next, diff_, size, 1, view_), keys));
    Answer answer;
    const size_t page = static_cast<size_t>(std::max(1, size.lines / 2));
    switch (const int key = terminal_.Key()) {
      case RawTerminal::kInterrupt:
      case 'q':
        return std::nullopt;
      case 'a':
      case 'n':
        if ((key == 'n') != next.is_prompted) break;
        answer.approves = true;
        if (next.is_prompted || AskSure(answer)) return answer;
        break;
      case 'r':
        if (AskWhere(card, next, answer) && AskClass(answer) && (next.is_prompted || AskSure(answer))) return answer;
        break;
      case 'j':
      case RawTerminal::kDown:
        ++view_.first_row;
        break;
      case 'k':
      case RawTerminal::kUp:
        view_.first_row -= view_.first_row > 0 ? 1 : 0;
        break;
      case ' ':
      case RawTerminal::kPageDown:
        view_.first_row += page;
        break;
      case 'b':
      case RawTerminal::kPageUp:
        view_.first_row -= std::min(view_.first_row, page);
        break;
      case 'w':
        view_.whole_file = !view_.whole_file;
        view_.first_row = 0;
        break;
      case 'v':
        view_.side_by_side = !view_.side_by_side;
        break;
      case 'e':
        OpenFile(card);
        break;
      default:
        break;
    }
  }
}

bool Player::AskWhere(const Card& card, const Round::Next& next, Answer& answer) {
  std::string typed, error;
  for (;;) {
    const ScreenSize size = SizeOfScreen();
    const std::string screen = ChangeScreen(card, next, diff_, size, 2, view_);
    const std::string say = error.empty() ? "lines after the change, or functions: 21 24-26 Total" : error;
    terminal_.Draw(WithKeys(absl::StrCat(screen, Paint(Colour::kBold, "Where? "), typed, "_\n"),
                            Cut(absl::StrCat(say, "  (Enter; empty: back)"), 1, size.columns)));
    const int key = terminal_.Key();
    if (Leaves(key)) return false;
    error.clear();
    if (key == kEnter || key == '\n') {
      if (typed.empty()) return false;
      absl::StatusOr<std::vector<CommentPlace>> places = ParsePlaces(typed);
      if (places.ok()) {
        answer.places = *std::move(places);
        return true;
      }
      error = std::string(places.status().message());
    } else if (key == kBackspace || key == kControlH) {
      if (!typed.empty()) typed.pop_back();
    } else if (key == kControlU) {
      typed.clear();
    } else if (key == RawTerminal::kDown || key == RawTerminal::kUp) {
      view_.first_row += key == RawTerminal::kDown ? 1 : view_.first_row > 0 ? static_cast<size_t>(-1) : 0;
    } else if (key >= ' ' && key < kBackspace && typed.size() < 60) {
      typed += static_cast<char>(key);
    }
  }
}

bool Player::AskClass(Answer& answer) {
  for (;;) {
    terminal_.Draw(WithKeys(absl::StrCat("\n", Paint(Colour::kBold, "Which class of fault is it?"), "\n\n",
                                         ClassMenu(SizeOfScreen().columns)),
                            "1-8 the class  0 I cannot say"));
    const int key = terminal_.Key();
    if (Leaves(key)) return false;
    if (key == '0') return true;
    if (key < '1' || key > '9') continue;
    answer.fault_class = FaultClassOf(std::string(1, static_cast<char>(key)));
    if (!answer.fault_class.empty()) return true;
  }
}

bool Player::AskSure(Answer& answer) {
  for (;;) {
    terminal_.Draw(
        WithKeys(absl::StrCat("\n", Paint(Colour::kBold, "How sure are you of your verdict?"), "\n\n",
                              "  5  50 %, a guess\n  6  60 %\n  7  70 %\n  8  80 %\n  9  90 %\n  0  100 %, certain\n"),
                 "5 6 7 8 9 0"));
    const int key = terminal_.Key();
    if (Leaves(key)) return false;
    if (key == '0') answer.sure = 100;
    if (key >= '5' && key <= '9') answer.sure = 10 * (key - '0');
    if (key == '0' || (key >= '5' && key <= '9')) return true;
  }
}

bool Player::AskForProof(const Card& card, BackgroundVerdict& verdict, Answer& answer) {
  for (;;) {
    const auto result = [](const std::optional<bool>& value) {
      return !value ? "" : *value ? absl::StrCat("  ", CheckMark()) : absl::StrCat("  ", CrossMark());
    };
    terminal_.Draw(
        WithKeys(absl::StrCat("\n", Paint(Colour::kBold, "Can you prove it?"), "\n\n",
                              "  i  find an interleaving that fails: you are the scheduler", result(answer.shown), "\n",
                              "  p  repair it: your repair is judged by both detectors", result(answer.removed), "\n",
                              "  Enter  go on\n"),
                 "i interleaving  p repair  Enter on  q quit"));
    switch (terminal_.Key()) {
      case 'i':
        Step(card, verdict, answer);
        break;
      case 'p':
        Repair(card, answer);
        break;
      case RawTerminal::kInterrupt:
      case 'q':
        return false;
      case kEnter:
      case '\n':
        return true;
      default:
        break;
    }
  }
}

void Player::Step(const Card& card, BackgroundVerdict& verdict, Answer& answer) {
  const absl::StatusOr<Attempt>* known = Await(verdict, "the build");
  if (known == nullptr) return;
  if (!known->ok()) return Tell(absl::StrCat("\n  ", known->status().message(), "\n"));
  terminal_.Draw(absl::StrCat("\n  ", Paint(Colour::kYellow, HereMark()), " looking for what can be stepped through"));
  Stepper stepper(project_, TestProgram(project_, ThreadSanitizerPreset(""), *card.lab, card.name));
  if (const absl::Status begun = stepper.Begin(""); !begun.ok())
    return Tell(absl::StrCat("\n  ", begun.message(), "\n"));
  const bool found = StepSession(project_, card.Id(), stepper, /*may_be_shown=*/false).Play(terminal_);
  answer.shown = found || answer.shown.value_or(false);
}

void Player::Repair(const Card& card, Answer& answer) {
  const fs::path folder = project_.Workspace() / ".reviews" / card.lab->name / card.name;
  const fs::path own = folder / card.lab->subject;
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) fs::copy_file(card.After(), own, error);
  if (error) return Tell(absl::StrCat("\n  ", own.string(), " cannot be written: ", error.message(), "\n"));
  // The build tree must not refer to the folder after it is removed.
  const absl::Cleanup remove = [&folder] {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  };
  for (;;) {
    if (!Edit(own)) return;
    Lab lab = *card.lab;
    lab.mine = folder;
    lab.own = absl::StrCat("repaired_", card.name);
    BackgroundVerdict verdict(project_, lab, lab.own);
    const absl::StatusOr<Attempt>* known = Await(verdict, "the verdict on your repair");
    if (known == nullptr) return;
    if (!known->ok()) return Tell(absl::StrCat("\n  ", known->status().message(), "\n"));
    const ScreenSize size = SizeOfScreen();
    answer.removed = (*known)->IsSolved();
    if (*answer.removed) {
      return Tell(absl::StrCat(Paint(Colour::kGreen, CheckMark()), " Your repair is clean.\n",
                               ProofText(**known, size.columns)));
    }
    terminal_.Draw(
        WithKeys(absl::StrCat(Paint(Colour::kRed, CrossMark()), " Your repair is not clean.\n",
                              RefutationText(project_, **known, static_cast<size_t>(size.lines) - 4, size.columns)),
                 "p again  any other key: on"));
    if (terminal_.Key() != 'p') return;
  }
}

const absl::StatusOr<Attempt>* Player::Await(BackgroundVerdict& verdict, const std::string& why) {
  return verdict.Wait([&](const std::string& doing) {
    terminal_.Draw(WithKeys(absl::StrCat("\n  ", Paint(Colour::kYellow, HereMark()), " waiting for ", why, ": ",
                                         Wrap(doing, SizeOfScreen().columns - 1, 4, 20 + Columns(why)), "\n"),
                            "q quit"));
    constexpr int kMilliseconds = 200;
    const std::optional<int> key = terminal_.KeyWithin(kMilliseconds);
    return !key || (!Leaves(*key) && *key != 'q');
  });
}

void Player::Save() {
  const absl::Status saved = SaveRound(project_, round_);
  problem_ = saved.ok() ? "" : std::string(saved.message());
}

bool Player::Edit(const fs::path& file) {
  const std::string editor = UsersEditor();
  if (editor.empty()) {
    Tell("\n  Neither VISUAL nor EDITOR is set; which editor is to be opened?\n");
    return false;
  }
  terminal_.Suspend();
  [[maybe_unused]] const int status = std::system(absl::StrCat(editor, " ", Quoted(file.string())).c_str());
  terminal_.Resume();
  return true;
}

void Player::OpenFile(const Card& card) {
  // Edits a copy: the truth is next to the original, and reviewers must not change the original.
  const fs::path copy = project_.Workspace() / ".reviews" / card.lab->subject;
  std::error_code error;
  fs::create_directories(copy.parent_path(), error);
  if (!error) fs::copy_file(card.After(), copy, fs::copy_options::overwrite_existing, error);
  if (error) return Tell(absl::StrCat("\n  ", copy.string(), " cannot be written: ", error.message(), "\n"));
  Edit(copy);
  fs::remove(copy, error);
}

int Player::Show(const std::string& text, const std::string& keys) {
  for (;;) {
    terminal_.Draw(WithKeys(text, keys));
    if (const int key = terminal_.Key(); key != RawTerminal::kResized) return key;
  }
}

void Player::Tell(const std::string& text) { Show(text, "any key: on"); }

bool Player::ShowResult(const std::string& text) {
  const int key = Show(text, "any key: on  q quit");
  return key != 'q' && !Leaves(key);
}

}  // namespace racelab
