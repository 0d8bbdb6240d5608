#include "sanitizers/racelab/exploration_screen.h"

#include <algorithm>
#include <map>
#include <regex>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/racelab/interleaving_table.h"
#include "sanitizers/racelab/schedule_text.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "sanitizers/verdict/misconception.h"

namespace racelab {
namespace {

constexpr int kColumns = 80;
constexpr size_t kMostScenarios = 8;  // on one screen; if there are more, those that hold are only counted
constexpr size_t kMostOthers = 4;     // failures besides the one that is shown
constexpr size_t kFewestRows = 6;     // of a table, including its heading ...
constexpr size_t kRowsBefore = 12;    // ... and up to this many rows take precedence over the other failures

size_t Lines(const std::string& text) { return static_cast<size_t>(std::count(text.begin(), text.end(), '\n')); }

// A paragraph whose first line begins at `column` and whose other lines begin at `indent`.
std::string Paragraph(Colour colour, int column, int indent, const std::string& text) {
  const std::string lines = Wrap(text, kColumns - 1, indent, column);
  return absl::StrCat(std::string(static_cast<size_t>(column), ' '), Paint(colour, lines), "\n");
}

std::string Times(std::uint64_t count) { return count > 1 ? absl::StrCat(", ", Quantity(count), " times") : ""; }

class Screen {
 public:
  Screen(const ExplorationScreen& screen, const std::vector<Exploration>& explorations)
      : screen_(screen), explorations_(explorations) {
    for (const Exploration& exploration : explorations_) {
      for (const InterleavingFailure& failure : exploration.failures) {
        if (shown_ != nullptr && !TellsMore(failure, *shown_)) continue;
        shown_ = &failure;
        shown_in_ = &exploration;
      }
    }
  }

  std::string Full() const {
    std::string text;
    for (const Exploration& exploration : explorations_) {
      absl::StrAppend(&text, Head(exploration), LeftOutOf(exploration));
      for (const InterleavingFailure& failure : exploration.failures) {
        absl::StrAppend(&text, What(failure), Cause(failure, exploration), Accesses(failure));
        const std::string table = InterleavingTable(failure, screen_.directory);
        absl::StrAppend(&text, table.empty() ? "" : "\n", table, Again(failure, exploration), "\n");
      }
    }
    return text;
  }

  std::string Short() const {
    // The fewer lines the other scenarios take, the more are left for the one that is shown.
    for (size_t others = kMostScenarios; others > 0; others /= 2) {
      bool shows_steps = true;
      const std::string text = Short(others, shows_steps);
      if (Lines(text) <= screen_.lines && shows_steps) return text;
    }
    bool shows_steps = false;
    return Short(0, shows_steps);
  }

 private:
  // The numbers of scenarios that have no line of their own.
  struct Counts {
    size_t hold = 0, hold_so_far = 0, fail = 0, untold = 0;
  };

  // Uses at most `most_lines` lines for the scenarios that are not shown, if there are many. Sets `shows_steps` to
  // false if this leaves no room for the steps.
  std::string Short(size_t most_lines, bool& shows_steps) const {
    std::string before, after;
    std::string* text = &before;
    const bool few = explorations_.size() <= most_lines;
    Counts counts;
    for (const Exploration& exploration : explorations_) {
      const Certainty certainty = CertaintyOf(exploration);
      const bool holds = certainty == Certainty::kHolds && exploration.failures.empty();
      const bool no_room = Lines(before) + Lines(after) >= most_lines;
      if (!few && &exploration != shown_in_ && (holds || no_room)) {
        ++(certainty == Certainty::kFails        ? counts.fail
           : certainty == Certainty::kCannotTell ? counts.untold
           : IsAll(exploration)                  ? counts.hold
                                                 : counts.hold_so_far);
        continue;
      }
      const bool is_shown = &exploration == shown_in_;
      absl::StrAppend(text, Head(exploration, is_shown ? "" : InAWord(exploration)));
      if (few) absl::StrAppend(text, LeftOutOf(exploration));
      if (is_shown) text = &after;
    }
    if (!few) absl::StrAppend(text, Counted(counts), LeftOutOfAny());
    if (shown_ == nullptr) return before;
    return absl::StrCat(before, Shown(Lines(before) + Lines(after), shows_steps), after);
  }

  // The failure that is shown, in the remaining lines.
  std::string Shown(size_t taken, bool& shows_steps) const {
    const InterleavingFailure* race = RaceBehind(*shown_, shown_in_->failures);
    const std::string what = absl::StrCat(What(*shown_), Cause(*shown_, *shown_in_), Next(*shown_));
    const std::string again = Again(*shown_, *shown_in_);
    size_t others_shown = kMostOthers;
    std::string others;
    const auto left = [&] {
      const size_t used = taken + Lines(what) + Lines(others) + Lines(again) + 2;  // two empty lines, around the table
      return used < screen_.lines ? screen_.lines - used : 0;
    };
    const size_t wanted = Lines(InterleavingTable(*shown_, screen_.directory, kRowsBefore, /*with_source=*/false));
    do {
      others = Others(*shown_in_, shown_, race, others_shown);
    } while (left() < wanted && others_shown-- > 0);
    std::string table = InterleavingTable(*shown_, screen_.directory, std::max(left(), kFewestRows));
    shows_steps = !table.empty() || InterleavingTable(*shown_, screen_.directory).empty();
    if (table.empty()) table = Accesses(*shown_);
    if (Lines(table) > std::max(left(), kFewestRows)) table.clear();
    return absl::StrCat(what, table.empty() ? "" : "\n", table, table.empty() ? "" : "\n", others, again);
  }

  // ": deadlock: Bank::Transfer, and 3 more"; empty if there is nothing to say about the exploration.
  static std::string InAWord(const Exploration& exploration) {
    const std::vector<InterleavingFailure>& failures = exploration.failures;
    if (failures.empty()) return "";
    const size_t more = failures.size() - 1;
    return absl::StrCat(failures[0].is_note ? "; note: " : ": ", Summarize(failures[0]),
                        more == 0 ? "" : absl::StrCat(", and ", more, " more"));
  }

  // "✗ main: fails in interleaving 3".
  std::string Head(const Exploration& exploration, const std::string& more = "") const {
    const Certainty certainty = CertaintyOf(exploration);
    const bool holds = certainty == Certainty::kHolds, fails = certainty == Certainty::kFails;
    const std::string_view mark = holds ? CheckMark() : fails ? CrossMark() : "?";
    const Colour colour = holds ? Colour::kGreen : fails ? Colour::kRed : Colour::kYellow;
    const std::string line = absl::StrCat(exploration.scenario, ": ", Finding(exploration, certainty), more);
    return absl::StrCat("  ", Paint(colour, mark), " ", Wrap(line, kColumns - 1, 6, 4), "\n");
  }

  std::string Finding(const Exploration& exploration, Certainty certainty) const {
    if (certainty == Certainty::kFails) {
      const auto first =
          std::find_if(exploration.failures.begin(), exploration.failures.end(),
                       [](const InterleavingFailure& failure) { return CertaintyOf(failure) == Certainty::kFails; });
      return absl::StrCat("fails in interleaving ", Quantity(std::max<std::uint64_t>(1, first->found_after)));
    }
    if (certainty == Certainty::kCannotTell) {
      return absl::StrCat("cannot tell, after ", Quantity(exploration.executions),
                          exploration.executions == 1 ? " interleaving" : " interleavings");
    }
    std::string_view rest;
    std::string covered = Coverage(exploration);
    if (absl::EndsWith(covered, kThereAreMore)) {
      covered.resize(covered.size() - kThereAreMore.size());
      rest = kThereAreMore;
    }
    return absl::StrCat(covered, screen_.part, exploration.executions == 1 ? " holds" : " hold", rest);
  }

  std::string LeftOutOf(const Exploration& exploration) const {
    if (CertaintyOf(exploration) == Certainty::kFails) return "";
    std::string text;
    for (const std::string& line : LeftOut(exploration)) absl::StrAppend(&text, Paragraph(Colour::kDim, 6, 8, line));
    return text;
  }

  // For many scenarios: prints each line only once, with the number of scenarios.
  std::string LeftOutOfAny() const {
    std::map<std::string, size_t> scenarios;
    for (const Exploration& exploration : explorations_) {
      for (const std::string& line : LeftOut(exploration)) ++scenarios[line];
    }
    std::string text;
    for (const auto& [line, count] : scenarios) {
      if (Lines(text) >= kMostOthers) return absl::StrCat(text, "    and more; --full\n");
      absl::StrAppend(&text, Paragraph(Colour::kDim, 4, 6, absl::StrCat("of ", count, " scenarios: ", line)));
    }
    return text;
  }

  static std::string Counted(const Counts& counts) {
    std::string text;
    const auto add = [&text](size_t count, Colour colour, std::string_view mark, std::string_view what) {
      if (count == 0) return;
      absl::StrAppend(&text, "  ", Paint(colour, mark), " ", Quantity(count), " more ",
                      count == 1 ? "scenario" : "scenarios", what, "; --full\n");
    };
    add(counts.fail, Colour::kRed, CrossMark(), counts.fail == 1 ? " fails" : " fail");
    add(counts.untold, Colour::kYellow, "?", " cannot be told");
    add(counts.hold_so_far, Colour::kGreen, CheckMark(),
        counts.hold_so_far == 1 ? " holds in every interleaving that was run (there are more)"
                                : " hold in every interleaving that was run (there are more)");
    add(counts.hold, Colour::kGreen, CheckMark(), counts.hold == 1 ? " holds" : " hold");
    return text;
  }

  std::string Explained(const InterleavingFailure& failure) const {
    return InShort(absl::StrCat(failure.is_note ? "note: " : "", Explain(failure)));
  }

  // Readers know where the project is, so paths in it are shortened. For other files, the name without the folder is
  // enough, as in the table.
  std::string InShort(std::string text) const {
    if (!screen_.directory.empty()) text = absl::StrReplaceAll(text, {{absl::StrCat(screen_.directory, "/"), ""}});
    static const std::regex& folders = *new std::regex("(^| )/[^ :]*/([^ :/]+:[0-9]+)");
    return std::regex_replace(text, folders, "$1$2");
  }

  std::string What(const InterleavingFailure& failure) const {
    const Colour colour = CertaintyOf(failure) == Certainty::kFails ? Colour::kRed : Colour::kYellow;
    return Paragraph(colour, 4, 6, Explained(failure));
  }

  std::string Cause(const InterleavingFailure& failure, const Exploration& exploration) const {
    const InterleavingFailure* race = RaceBehind(failure, exploration.failures);
    std::string text;
    if (race != nullptr) text = Paragraph(Colour::kNone, 4, 6, absl::StrCat("it follows from the ", Explained(*race)));
    const std::string why = Misconception(failure, exploration.failures);
    return why.empty() ? text : absl::StrCat(text, Paragraph(Colour::kBold, 4, 6, why));
  }

  // The next step to suggest when the result is "cannot tell".
  std::string Next(const InterleavingFailure& failure) const {
    std::string text;
    if (failure.kind == "unsupported") {
      text = "next: explore a part of the program that does not use it, or run the whole program under ThreadSanitizer";
    } else if (failure.kind == "not deterministic" && screen_.is_replay) {
      text =
          "the schedule does not fit: was all of it copied? since it was printed, has the program been rebuilt, or "
          "does it get other arguments?";
    } else if (failure.kind == "not deterministic") {
      text = "next: find out what differs from run to run: files, other processes, random numbers, the time of day";
    } else if (failure.kind == "cut off") {
      text = "next: more --time, or a smaller program";
    }
    return text.empty() ? "" : Paragraph(Colour::kNone, 4, 6, text);
  }

  // A line for each failure except `shown` and the race that is described with it. Failures that differ only in the
  // object share a line.
  std::string Others(const Exploration& exploration, const InterleavingFailure* shown, const InterleavingFailure* race,
                     size_t most) const {
    struct Alike {
      InterleavingFailure first;
      std::vector<std::string> names;
      std::uint64_t occurrences = 0;
      size_t failures = 0;
    };
    std::vector<std::string> order;
    std::map<std::string, Alike> alike;
    for (const InterleavingFailure& failure : exploration.failures) {
      if (&failure == shown || &failure == race) continue;
      InterleavingFailure nameless = failure;
      nameless.memory_name.clear();
      const auto [entry, is_new] = alike.try_emplace(Explained(nameless));
      if (is_new) {
        order.push_back(entry->first);
        entry->second.first = std::move(nameless);
      }
      Alike& one = entry->second;
      if (!failure.memory_name.empty()) one.names.push_back(failure.memory_name);
      one.occurrences += failure.occurrences;
      ++one.failures;
    }
    std::string text;
    size_t left_out = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      Alike& one = alike[order[i]];
      if (i >= most) {
        left_out += one.failures;
        continue;
      }
      one.first.memory_name = NamesOf(one.names);
      absl::StrAppend(&text, Paragraph(Colour::kNone, 4, 6,
                                       absl::StrCat("also: ", Explained(one.first), Times(one.occurrences),
                                                    one.failures > 1 ? "" : ShortReplay(exploration, one.first))));
    }
    if (left_out > 0) absl::StrAppend(&text, "    and ", left_out, " more; --full shows them\n");
    return text;
  }

  // "; --replay 1:1122", if that is short.
  std::string ShortReplay(const Exploration& exploration, const InterleavingFailure& failure) const {
    constexpr size_t kShort = 24;
    const std::vector<std::string> words = screen_.replay(exploration, failure);
    const auto option = std::find(words.begin(), words.end(), "--replay");
    if (words.end() - option < 2 || option[1].size() > kShort) return "";
    return absl::StrCat("; --replay ", option[1]);
  }

  // "x[1], x[2], x[3] and 4 more".
  static std::string NamesOf(const std::vector<std::string>& names) {
    constexpr size_t kMostNames = 3;
    std::string text;
    for (size_t i = 0; i < std::min(names.size(), kMostNames); ++i)
      absl::StrAppend(&text, i == 0 ? "" : ", ", names[i]);
    return names.size() <= kMostNames ? text : absl::StrCat(text, " and ", names.size() - kMostNames, " more");
  }

  std::string Again(const InterleavingFailure& failure, const Exploration& exploration) const {
    const std::vector<std::string> words = screen_.replay(exploration, failure);
    if (words.empty()) return "";
    return absl::StrCat("    again, or with --gdb:\n", ShellLines(words, kColumns - 1, 4), "\n");
  }

  // Both stacks of a data race, without the frames that are not the program's own.
  static std::string Accesses(const InterleavingFailure& failure) {
    if (failure.accesses.size() != 2) return "";
    std::string text;
    for (const RacingAccess& access : failure.accesses) {
      absl::StrAppend(&text, "      T", access.thread, ": ", access.access, "\n");
      for (const Frame& frame : access.stack.frames) {
        const Stack alone = {.role = StackRole::kAccess, .description = "", .frames = {frame}};
        if (frame.file.empty() || frame.line == 0 || Site(alone) == nullptr) continue;
        const std::string function = QualifiedName(frame.function);
        absl::StrAppend(&text, "        ", frame.file.substr(frame.file.rfind('/') + 1), ":", frame.line,
                        absl::EndsWith(function, "::TestBody") ? "" : absl::StrCat("  ", function), "\n");
      }
    }
    return text;
  }

  const ExplorationScreen& screen_;
  const std::vector<Exploration>& explorations_;
  const InterleavingFailure* shown_ = nullptr;  // the most telling one of all
  const Exploration* shown_in_ = nullptr;
};

}  // namespace

std::string Text(const ExplorationScreen& screen, const std::vector<Exploration>& explorations) {
  const Screen all(screen, explorations);
  return screen.full ? all.Full() : all.Short();
}

}  // namespace racelab
