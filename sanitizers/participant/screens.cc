#include "sanitizers/participant/screens.h"

#include <algorithm>
#include <regex>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "sanitizers/participant/compile_errors.h"
#include "sanitizers/participant/markdown.h"
#include "sanitizers/participant/problems.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/participant/tour.h"
#include "sanitizers/racelab/identifiers.h"
#include "sanitizers/racelab/interleaving_table.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/evidence.h"
#include "sanitizers/verdict/judge_exploration.h"
#include "sanitizers/verdict/misconception.h"
#include "sanitizers/verdict/telling_steps.h"

namespace racelab {
namespace {

constexpr size_t kMostRows = 13;  // of an interleaving: twelve steps and their heading
constexpr size_t kFewestRows = 5;

// "workspace/x/y.h:21: read of left_ by T1, holding nothing", or as much of it as fits. One line, because editors
// recognise this format.
std::string PlaceLine(const Problem& problem, int columns) {
  const std::string place = absl::StrCat(problem.file, ":", problem.line, ": ");
  std::string_view text = problem.text;
  for (std::string_view end : {", ", " of ", " for "}) {
    if (Columns(absl::StrCat(place, text)) < columns) break;
    text = text.substr(0, text.find(end));
  }
  return absl::StrCat(place, text, "\n");
}

// The places, each with its source line.
std::string Text(const Project& project, const std::vector<Problem>& problems, int columns) {
  std::string text;
  for (const Problem& problem : problems) {
    text += PlaceLine(problem, columns);
    const std::string source = SourceLine(project.root / problem.file, problem.line);
    if (source.empty()) continue;
    const std::string shown = Cut(absl::StrCat("    ", source), 1, columns);
    absl::StrAppend(&text, Paint(Colour::kCode, absl::StripSuffix(shown, "\n")), "\n");
  }
  return text;
}

std::string Heading(const Attempt& attempt, int columns) {
  const bool solved = attempt.IsSolved(), untold = attempt.CannotTell();
  const std::string time = absl::StrFormat("%.1f s", attempt.seconds);
  const std::string what = absl::StrCat(attempt.lab->called, attempt.variant == kMineVariant ? "" : " ",
                                        attempt.variant == kMineVariant ? "" : attempt.variant,
                                        solved   ? " is solved"
                                        : untold ? ": cannot tell"
                                                 : " is not solved yet");
  const std::string_view mark = solved ? CheckMark() : untold ? "?" : CrossMark();
  const Colour colour = solved ? Colour::kGreen : untold ? Colour::kYellow : Colour::kRed;
  const int room = columns - 4 - Columns(time);
  const std::string heading = Paint(colour, absl::StrCat(mark, " ", Pad(what, room)));
  return absl::StrCat(heading, Columns(what) < room ? Paint(Colour::kDim, time) : "", "\n");
}

// The next command, ready to be pasted.
std::string NextCommand(const Attempt& attempt) {
  const Lab& lab = *attempt.lab;
  const std::string variant = attempt.variant == kMineVariant ? "" : absl::StrCat(" ", attempt.variant);
  std::string command, why;
  if (attempt.variant != kMineVariant) {
    command = absl::StrCat("racelab explore ", lab.called, variant);
  } else if (!attempt.compile_errors.empty() || !attempt.evasion.empty()) {
    command = absl::StrCat("racelab check ", lab.called);
    why = " when it is mended";
  } else if (attempt.CannotTell()) {
    command = absl::StrCat("racelab explore ", lab.called, " mine");
  } else if (lab.record.hints < static_cast<int>(lab.hints.size())) {
    command = absl::StrCat("racelab hint ", lab.called);
  } else {
    command = absl::StrCat("racelab step ", lab.called, " mine");
    why = ": be the scheduler yourself";
  }
  return absl::StrCat("  next: ", Paint(Colour::kBold, command), why, "\n");
}

// Removes what does not help a participant: places deep in the library, addresses, and the seed of a random test, whose
// steps are shown.
std::string InWords(const Project& project, const std::string& text) {
  static const std::regex& library = *new std::regex(R"( \(in (std|__gnu_cxx)::.*?, [A-Za-z0-9_.]+:[0-9]+\))");
  static const std::regex& address = *new std::regex(R"( at 0x[0-9a-f]+)");
  static const std::regex& seed = *new std::regex(R"(;? ?\(RC_PARAMS=seed=[0-9]+ in the environment repeats this\.\))");
  std::string words = InShort(project, text);
  for (const std::regex* noise : {&library, &address, &seed}) words = std::regex_replace(words, *noise, "");
  return words;
}

// A failed interleaving in at most `room` lines: the promise, what went wrong, why, and the steps.
std::string Text(const Project& project, const ShownFailure& shown, size_t room, int columns) {
  const InterleavingFailure& failure = *shown.failure;
  const std::vector<InterleavingFailure>& failures = shown.exploration->failures;
  std::string text =
      Paragraph(Colour::kNone, absl::StrCat("Broken promise: ", PromiseOf(shown.exploration->scenario)), columns);
  absl::StrAppend(&text, Paragraph(Colour::kRed, InWords(project, Explain(failure)), columns));
  const InterleavingFailure* race = RaceBehind(failure, failures);
  if (const std::string why = Misconception(failure, failures); !why.empty()) {
    absl::StrAppend(&text, Paragraph(Colour::kBold, why, columns));
  } else if (race != nullptr) {
    absl::StrAppend(&text, Paragraph(Colour::kNone,
                                     absl::StrCat("It follows from the ", InWords(project, Explain(*race))), columns));
  }
  const std::string places = Text(project, ProblemsOf(project, race == nullptr ? failure : *race), columns);
  const size_t used = LinesIn(text, columns) + 1;
  const size_t left = room > used ? room - used : 0;
  const InterleavingFailure told = Told(failure, *shown.exploration, kMostRows);
  // One step shows no order: the places that race, or the broken promise, tell all.
  if (told.steps.size() > 1 || !told.waiting.empty())
    absl::StrAppend(&text, "\n",
                    InterleavingTable(told, project.root.string(), std::clamp(left, kFewestRows, kMostRows),
                                      /*with_source=*/false));
  if (LinesIn(text, columns) + LinesIn(places, columns) + 1 <= room) absl::StrAppend(&text, "\n", places);
  return text;
}

// ThreadSanitizer's report, if there is no interleaving to show.
std::string ReportText(const Project& project, const Attempt& attempt, int columns) {
  const Report& report = attempt.tsan.judgement.reports.front();
  return absl::StrCat(
      Paragraph(Colour::kRed, InWords(project, absl::StrCat("ThreadSanitizer: ", Explain(report))), columns), "\n",
      Text(project, ProblemsOf(project, report), columns), "\n",
      Paragraph(Colour::kDim,
                attempt.interleave.done
                    ? "No interleaving that was run shows it."
                    : "The search for an interleaving that shows it was stopped after a few seconds.",
                columns));
}

// The detectors' reasons, if they have neither an interleaving nor a report to show: a test that failed, a hang ...
std::string Reasons(const Project& project, const Attempt& attempt, size_t room, int columns) {
  static const std::regex& test = *new std::regex("^([A-Za-z0-9_]+[.][A-Za-z0-9_]+): ");
  // Both may see the same crash; ThreadSanitizer knows its line.
  const bool tsan_tells_more = attempt.interleave.judgement.verdict == Verdict::kCrash &&
                               absl::StartsWith(attempt.tsan.judgement.reason, attempt.interleave.judgement.reason);
  std::string text;
  for (const Verification* verification : {&attempt.interleave, &attempt.tsan}) {
    if (!verification->done || verification->IsRight()) continue;
    if (verification == &attempt.interleave && tsan_tells_more) continue;
    std::string reason = InWords(project, verification->judgement.reason);
    std::smatch match;
    std::string promise;
    if (std::regex_search(reason, match, test)) {
      promise = Paragraph(Colour::kNone, absl::StrCat("Broken promise: ", PromiseOf(match[1].str())), columns);
      reason = match.suffix();
    }
    std::string part = absl::StrCat(promise, Paragraph(Colour::kRed, reason, columns));
    // Both detectors saw it hang in the same test: report that once.
    const bool again = absl::StartsWith(reason, "hung in ") &&
                       absl::StrContains(text, absl::StrCat("  ", reason.substr(0, reason.find(':') + 1)));
    if (again) continue;
    const size_t left = room - std::min(room, LinesIn(text, columns));
    if (LinesIn(part, columns) > left) part = Cut(part, left, columns + 3);
    if (!absl::StrContains(text, part)) text += part;
  }
  return text;
}

// Suggests what to look at once the participant's own variant is right.
std::string AfterSolving(const Attempt& attempt, bool why_follows) {
  const Lab& lab = *attempt.lab;
  if (attempt.variant != kMineVariant || lab.fixes.empty()) return "";
  const std::string fix = lab.fixes.contains("mutex") ? "mutex" : lab.fixes.begin()->first;
  const std::string next =
      absl::StrCat("\n  next: ", Paint(Colour::kBold, "racelab start"), ": the lab that comes next\n");
  return absl::StrCat("\n  yours beside a solution: racelab diff ", lab.called, " ", fix,
                      "\n  what each of them costs: racelab bench ", lab.called, "\n", why_follows ? "" : next);
}

// Explains a false alarm.
std::string FalseAlarm(const Attempt& attempt, std::string_view interleavings_hold) {
  return absl::StrCat(absl::AsciiStrToUpper(interleavings_hold.substr(0, 1)), interleavings_hold.substr(1),
                      " ThreadSanitizer reports a ", Explain(attempt.tsan.judgement.reports.front()),
                      ". That is a false alarm: it does not take std::atomic_thread_fence() into account, as the "
                      "interleavings do. It sees orders that the atomic operations themselves impose.");
}

}  // namespace

std::string PromiseOf(std::string_view test) {
  const size_t dot = test.find('.');
  if (dot == std::string_view::npos) return std::string(test);
  const std::string_view name = test.substr(dot + 1);
  std::string words;
  for (size_t i = 0; i < name.size(); ++i) {
    const auto is_lower = [&name](size_t at) {
      return at < name.size() && absl::ascii_islower(static_cast<unsigned char>(name[at])) != 0;
    };
    const auto is_upper = [&name](size_t at) {
      return at < name.size() && absl::ascii_isupper(static_cast<unsigned char>(name[at])) != 0;
    };
    // "ATicket" begins with two words, "HTTPServer" with one word in capitals.
    const bool is_acronym =
        is_upper(i) && ((i > 0 && is_upper(i - 1) && !is_lower(i + 1)) || (is_upper(i + 1) && !is_lower(i + 2)));
    const bool begins = is_upper(i) && i > 0 && (!is_upper(i - 1) || !is_acronym);
    if (begins) words += ' ';
    words += is_acronym ? name[i] : absl::ascii_tolower(static_cast<unsigned char>(name[i]));
  }
  return absl::StrCat(test.substr(0, dot), " ", words);
}

std::string RefutationText(const Project& project, const Attempt& attempt, size_t room, int columns) {
  if (!attempt.compile_errors.empty()) {
    return absl::StrCat(Paragraph(Colour::kRed, "It does not compile:", columns),
                        CompileErrorsText(attempt.compile_errors, room - 1, columns));
  }
  if (!attempt.evasion.empty()) return Paragraph(Colour::kRed, InShort(project, attempt.evasion), columns);
  const ShownFailure shown = MostTelling(attempt);
  if (shown.failure != nullptr) return Text(project, shown, room, columns);
  if (!attempt.tsan.judgement.reports.empty()) return ReportText(project, attempt, columns);
  return Reasons(project, attempt, room, columns);
}

std::string ProofText(const Attempt& attempt, int columns) {
  constexpr size_t kMostLines = 8;
  const std::vector<Exploration>& explorations = attempt.interleave.explorations;
  std::uint64_t interleavings = 0;
  std::vector<std::string> left_out;
  for (const Exploration& exploration : explorations) {
    interleavings += exploration.executions;
    if (!IsAll(exploration))
      left_out.push_back(absl::StrCat(PromiseOf(exploration.scenario), ": only ", Coverage(exploration)));
  }
  const std::string_view all = left_out.empty() ? "all " : "";
  for (const Exploration& exploration : explorations) {
    for (const std::string& line : LeftOut(exploration)) {
      if (std::find(left_out.begin(), left_out.end(), line) == left_out.end()) left_out.push_back(line);
    }
  }
  const std::string interleavings_hold =
      absl::StrCat(all, Quantity(interleavings), interleavings == 1 ? " interleaving of " : " interleavings of ",
                   explorations.size(), explorations.size() == 1 ? " scenario" : " scenarios",
                   interleavings == 1 ? " holds." : " hold.");
  std::string text =
      Paragraph(Colour::kNone,
                attempt.IsFalseAlarm() ? FalseAlarm(attempt, interleavings_hold)
                : explorations.empty() ? "ThreadSanitizer reports nothing, and the tests pass."
                                       : absl::StrCat("ThreadSanitizer reports nothing, and ", interleavings_hold),
                columns);
  for (const std::string& line : left_out) {
    if (LinesIn(text, columns) >= kMostLines) {
      absl::StrAppend(&text, Paragraph(Colour::kDim, "and more; `racelab explore` names everything", columns));
      break;
    }
    absl::StrAppend(&text, Paragraph(Colour::kDim, line, columns));
  }
  return text;
}

std::string AttemptScreen(const Project& project, const Attempt& attempt, const ScreenSize& size, bool why_follows) {
  std::string text = Heading(attempt, size.columns);
  if (attempt.IsSolved())
    return absl::StrCat(text, ProofText(attempt, size.columns), AfterSolving(attempt, why_follows));
  const std::string next = NextCommand(attempt);
  constexpr int kLeast = 2;
  const int room = std::max(kLeast, size.lines - 2 - RowsOf(text, size.columns) - RowsOf(next, size.columns));
  const std::string body =
      FirstRows(RefutationText(project, attempt, static_cast<size_t>(room), size.columns), room + 1, size.columns);
  // A table ends with an empty line of its own.
  return absl::StrCat(text, body, absl::EndsWith(body, "\n\n") ? "" : "\n", next);
}

std::string WhyScreen(const Project& project, const std::vector<Lab>& labs, const Lab& lab, const ScreenSize& size) {
  const std::string why = ReadFile(lab.folder / "why.md").value_or("");
  std::string text = RenderMarkdown(why, size.columns - 2);
  std::string names;
  for (const std::string& id : lab.ids)
    absl::StrAppend(&names, "  ", Wrap(NameOf(project, id), size.columns - 1, 4, 2), "\n");
  absl::StrAppend(&text, "\n", Paint(Colour::kBold, absl::StrCat("Known as ", lab.name, ", and as:")), "\n", names,
                  "\n");
  absl::StrAppend(&text, "  the solutions:   racelab solution ", lab.called, "\n");
  const Lab* next = NextLab(labs, lab.name);
  if (next != nullptr)
    absl::StrAppend(
        &text, "  the next lab:    ", Paint(Colour::kBold, absl::StrCat("racelab start ", next->ShownName())), "\n");
  return text;
}

}  // namespace racelab
