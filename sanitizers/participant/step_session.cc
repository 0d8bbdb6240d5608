#include "sanitizers/participant/step_session.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/participant/screens.h"
#include "sanitizers/racelab/interleaving_table.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {
namespace {

using State = Stepper::State;

std::string Preemptions(int count) {
  return absl::StrCat(count == 0 ? "no" : absl::StrCat(count), count == 1 ? " preemption" : " preemptions");
}

// The last rows of the steps taken so far.
std::string Rows(const Project& project, const State& state, size_t most) {
  InterleavingFailure shown = state.execution;
  if (state.kind == State::Kind::kPaused) shown.waiting.clear();
  for (size_t rows = std::min(most, shown.steps.size());; --rows) {
    std::string table =
        InterleavingTable(shown, project.root.string(), 0, /*with_source=*/false, shown.steps.size() - rows);
    if (rows <= 1 || static_cast<size_t>(std::count(table.begin(), table.end(), '\n')) <= most) return table;
  }
}

// "  1  T1  lock mutex_  voucher.h:20": a thread, and its next operation if it is chosen.
std::string Line(const WaitingThread& thread) {
  std::string does = thread.operation;
  if (thread.operation == "join") {
    does = absl::StrCat("waits for the end of T", thread.holder);
  } else if (!thread.name.empty()) {
    absl::StrAppend(&does, " ", thread.name);
  }
  if (!thread.can_go_on && thread.holder >= 0 && thread.operation != "join")
    absl::StrAppend(&does, ", which T", thread.holder, " holds");
  const Frame* site = Site(thread.stack);
  const std::string place = site == nullptr || site->file.empty()
                                ? ""
                                : absl::StrCat("  ", site->file.substr(site->file.rfind('/') + 1), ":", site->line);
  const std::string key = thread.can_go_on ? Paint(Colour::kBold, absl::StrCat(thread.thread)) : " ";
  return absl::StrCat(
      "  ", key, "  ",
      Paint(thread.can_go_on ? Colour::kNone : Colour::kDim, absl::StrCat("T", thread.thread, "  ", does, place)),
      "\n");
}

std::string Outcome(const Project& project, const Stepper& stepper, const State& state, int columns) {
  const auto paragraph = [columns](Colour colour, const std::string& text) {
    return absl::StrCat("  ", Paint(colour, Wrap(text, columns - 1, 2, 2)), "\n");
  };
  std::string text;
  switch (state.kind) {
    case State::Kind::kPaused:
      text = "  Who goes on?\n";
      for (const WaitingThread& thread : state.execution.waiting) text += Line(thread);
      break;
    case State::Kind::kFailed: {
      const int found = state.execution.preemptions;
      text = paragraph(Colour::kRed, absl::StrCat(CrossMark(), " ", InShort(project, Explain(state.execution))));
      std::string how = absl::StrCat("You found a failing interleaving, with ", Preemptions(found));
      if (stepper.shortest() != nullptr)
        absl::StrAppend(&how, "; fewest known: ", std::min(found, stepper.shortest()->preemptions));
      absl::StrAppend(&text, paragraph(Colour::kBold, how + "."));
      break;
    }
    case State::Kind::kHolds:
      text = paragraph(Colour::kGreen, absl::StrCat(CheckMark(), " This interleaving holds."));
      if (stepper.all_hold() > 0) {
        absl::StrAppend(&text, paragraph(Colour::kNone, absl::StrCat("So do all ", Quantity(stepper.all_hold()),
                                                                     " that differ in what depends on their order.")));
      }
      break;
    case State::Kind::kUnknown:
      text = paragraph(Colour::kYellow, absl::StrCat("? ", state.problem));
      break;
  }
  return text;
}

}  // namespace

std::string StepSession::Screen(const State& state, const ScreenSize& size) const {
  std::string text =
      absl::StrCat(Paint(Colour::kBold, absl::StrCat("You are the scheduler of ", of_)), "\n  ",
                   Wrap(absl::StrCat("Promised: ", PromiseOf(stepper_.scenario())), size.columns - 1, 2, 2), "\n");
  constexpr int kEnough = 20;
  if (size.lines >= kEnough) {
    absl::StrAppend(&text, "  ",
                    Paint(Colour::kDim, "Left out here: wake-ups without cause, and other reuse of freed memory."),
                    "\n");
  }
  text += "\n";
  const std::string outcome = Outcome(project_, stepper_, state, size.columns);
  const int lines = RowsOf(text, size.columns) + RowsOf(outcome, size.columns);
  constexpr int kFooter = 4;
  const int room = std::max(3, size.lines - kFooter - lines);
  const std::string rows = Rows(project_, state, static_cast<size_t>(room));
  absl::StrAppend(&text, rows.empty() ? "  No thread has taken a step yet.\n" : rows);
  return absl::StrCat(text, "\n", outcome);
}

bool StepSession::Play(RawTerminal& terminal) {
  std::vector<State> states;
  states.push_back(stepper_.Run(stepper_.FirstSchedule()));
  bool found = false;
  for (;;) {
    const std::string text = Screen(states.back(), SizeOfScreen());
    terminal.Draw(absl::StrCat(text, "\n"), Paint(Colour::kDim, Keys(SizeOfScreen().columns)));
    const int key = terminal.Key();
    if (key == RawTerminal::kInterrupt || key == 'q') return found;
    if (key == 'b' && states.size() > 1) states.pop_back();
    if (key == 'r') states.resize(1);
    if (key == 's' && shows_shortest_) {
      const std::string& schedule = stepper_.shortest()->schedule;
      states.push_back(stepper_.Run(absl::StrCat(schedule.find(':') == std::string::npos ? ":" : "", schedule)));
    }
    if (!absl::ascii_isdigit(static_cast<unsigned char>(key))) continue;
    if (const WaitingThread* chosen = states.back().Choice(key - '0')) {
      states.push_back(stepper_.Run(Stepper::Continued(states.back().schedule, *chosen)));
      found |= states.back().kind == State::Kind::kFailed;
    }
  }
}

std::string StepSession::Keys(int columns) const {
  std::vector<std::string_view> keys = {"0-9 that thread goes on", "b back", "r restart", "q quit"};
  if (shows_shortest_) keys.insert(keys.end() - 1, "s the shortest failure");
  return KeysText(keys, columns);
}

}  // namespace racelab
