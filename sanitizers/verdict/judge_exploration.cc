#include "sanitizers/verdict/judge_exploration.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/demangle.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/signal_name.h"
#include "sanitizers/verdict/test_output.h"

namespace racelab {
namespace {

// The exit codes with which the runtime says that it cannot go on, and that the tests do not.
constexpr int kRuntimeGaveUp = 70;
constexpr int kTestsHung = 71;

// What the runtime said last, without its name before it.
std::string WordsOfRuntime(std::string_view err) {
  constexpr std::string_view kName = "racelab interleave: ";
  std::string words;
  for (std::string_view line : absl::StrSplit(err, '\n')) {
    if (absl::ConsumePrefix(&line, kName)) words = DemangleWords(line);
  }
  return words;
}

// GoogleTest's name for a test's body is long and known to its reader.
std::string ShortName(std::string name) { return absl::EndsWith(name, "_Test::TestBody") ? "the test" : name; }

// "Bank::Transfer (bank.h:44)", or nothing.
std::string PlaceOf(const Stack& stack) {
  const Frame* frame = Site(stack);
  if (frame == nullptr) return "";
  const std::string name = ShortName(SiteName(stack, *frame));
  if (frame->file.empty()) return name;
  return absl::StrCat(name, " (", frame->file.substr(frame->file.rfind('/') + 1), ":", frame->line, ")");
}

std::string In(const Stack& stack) {
  const std::string place = PlaceOf(stack);
  return place.empty() ? "" : absl::StrCat(" in ", place);
}

std::string ExplainWaiting(const WaitingThread& waiting) {
  const bool named = !waiting.name.empty();
  const std::string mutex = named ? absl::StrCat(waiting.name, ", which ") : "a mutex that ";
  const std::string_view comma = named ? "," : "";
  std::string what;
  if (waiting.spins) {
    what = "spins";
  } else if (waiting.operation == "join") {
    what = absl::StrCat("waits for the end of T", waiting.holder);
  } else if (waiting.holder == waiting.thread) {
    what = absl::StrCat("waits for ", mutex, "it holds itself", comma);
  } else if (waiting.holder >= 0) {
    what = absl::StrCat("waits for ", mutex, "T", waiting.holder, " holds", comma);
  } else {
    what = absl::StrCat("sleeps", waiting.name.empty() ? "" : absl::StrCat(" on ", waiting.name), " until it is woken");
  }
  return absl::StrCat("T", waiting.thread, " ", what, In(waiting.stack));
}

// GoogleTest's message in one line: "Expected equality of these values: account.Balance() (-10), 0".
std::string OneLine(std::string_view message) {
  std::string text;
  for (std::string_view line : absl::StrSplit(message, '\n', absl::SkipWhitespace())) {
    line = absl::StripAsciiWhitespace(line);
    if (absl::ConsumePrefix(&line, "Which is: ")) {
      absl::StrAppend(&text, " (", line, ")");
    } else {
      absl::StrAppend(&text, text.empty() ? "" : absl::EndsWith(text, ":") ? " " : ", ", line);
    }
  }
  return text;
}

std::string Scenario(const Exploration& exploration) {
  return exploration.scenario.empty() ? "" : absl::StrCat(exploration.scenario, ": ");
}

const InterleavingFailure* FirstFailure(const InterleaveResult& result, const Exploration*& exploration) {
  for (const Exploration& candidate : result.explorations) {
    if (candidate.failures.empty()) continue;
    exploration = &candidate;
    return &candidate.failures.front();
  }
  return nullptr;
}

// Which scenarios have more interleavings than were run; empty if none has.
std::string Unfinished(const std::vector<Exploration>& explorations) {
  std::vector<std::string> parts;
  for (const Exploration& exploration : explorations) {
    if (!exploration.complete) parts.push_back(absl::StrCat(exploration.scenario, ": ", Coverage(exploration)));
  }
  return absl::StrJoin(parts, "; ");
}

// " in HitCounter.CountsEveryHit", or nothing if no test was running at the end.
std::string InRunningTest(const ChildResult& child) {
  const std::string test = ParseGoogleTest(child.out).running_test;
  return test.empty() ? "" : absl::StrCat(" in ", test);
}

// What the tests say that no exploration failed in; clean if nothing did.
Judgement JudgeRest(const InterleaveResult& result) {
  if (result.child.end == ChildEnd::kSignalled) {
    return {Verdict::kCrash,
            absl::StrCat("killed by ", SignalName(result.child.signal), InRunningTest(result.child)),
            "",
            {}};
  }
  Judgement tests = JudgeTests(result.child);
  if (tests.verdict == Verdict::kClean && result.explorations.empty()) {
    return {Verdict::kFunctionalFailure, "no scenario was explored", "", {}};
  }
  tests.evidence = Unfinished(result.explorations);
  return tests;
}

}  // namespace

bool Matches(const InterleavingFailure& failure, const ExpectedFailure& expected) {
  if (failure.kind != expected.kind) return false;
  const std::vector<const Stack*> stacks = Stacks(failure);
  return std::all_of(expected.in.begin(), expected.in.end(), [&](const std::string& name) {
    return std::any_of(stacks.begin(), stacks.end(), [&](const Stack* stack) {
      return std::any_of(stack->frames.begin(), stack->frames.end(),
                         [&](const Frame& frame) { return NamesSite(name, QualifiedName(frame.function)); });
    });
  });
}

std::string Summarize(const InterleavingFailure& failure) {
  std::vector<std::string> names;
  for (const Stack* stack : Stacks(failure)) {
    const Frame* frame = Site(*stack);
    if (frame == nullptr) continue;
    std::string name = ShortName(SiteName(*stack, *frame));
    if (name == "the test") continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    if (names.size() == 2) break;
  }
  return names.empty() ? failure.kind : absl::StrCat(failure.kind, ": ", absl::StrJoin(names, " / "));
}

namespace {

std::string ExplainAlone(const InterleavingFailure& failure) {
  if (!failure.waiting.empty()) {
    std::vector<std::string> parts;
    for (const WaitingThread& waiting : failure.waiting) parts.push_back(ExplainWaiting(waiting));
    return absl::StrCat(failure.kind, ": ", absl::StrJoin(parts, "; "));
  }
  if (failure.accesses.size() == 2) {
    const auto part = [](const RacingAccess& access) {
      return absl::StrCat(access.access, " by T", access.thread, In(access.stack));
    };
    return absl::StrCat(failure.kind, failure.memory_name.empty() ? "" : " on ", failure.memory_name, ": ",
                        part(failure.accesses[0]), ", ", part(failure.accesses[1]));
  }
  return absl::StrCat(failure.kind, ": ", OneLine(failure.message));
}

}  // namespace

std::string Explain(const InterleavingFailure& failure) {
  return absl::StrCat(ExplainAlone(failure), failure.defect.empty() ? "" : "; this is ", failure.defect);
}

Judgement JudgeExplorations(const InterleaveResult& result, const ExpectedFailure* expected) {
  if (Judgement end = JudgeEnd(result.child); end.verdict != Verdict::kClean) return end;
  if (result.child.exit_code == kRuntimeGaveUp) {
    return {Verdict::kCouldNotStart, WordsOfRuntime(result.child.err), "", {}};
  }
  if (result.child.exit_code == kTestsHung) {
    return {Verdict::kHang,
            absl::StrCat("hung", InRunningTest(result.child), ": ", WordsOfRuntime(result.child.err)),
            "",
            {}};
  }
  if (!result.problem.empty()) return {Verdict::kUnreadableReport, result.problem, "", {}};

  const Exploration* where = nullptr;
  const InterleavingFailure* first = FirstFailure(result, where);
  if (expected == nullptr || expected->kind == "none") {
    if (first != nullptr)
      return {Verdict::kExposedOtherwise, absl::StrCat(Scenario(*where), Explain(*first)), Summarize(*first), {}};
    Judgement rest = JudgeRest(result);
    if (expected != nullptr && rest.verdict == Verdict::kClean) rest.verdict = Verdict::kSilent;
    return rest;
  }
  for (const Exploration& exploration : result.explorations) {
    for (const InterleavingFailure& failure : exploration.failures) {
      if (!Matches(failure, *expected)) continue;
      return {Verdict::kExposed,
              "",
              absl::StrCat(Summarize(failure), ", in interleaving ",
                           Quantity(std::max<std::uint64_t>(failure.found_after, 1))),
              {}};
    }
  }
  const std::string declared =
      absl::StrCat(expected->kind, expected->in.empty() ? "" : " in ", absl::StrJoin(expected->in, " / "));
  if (first != nullptr) {
    return {Verdict::kExposedOtherwise,
            absl::StrCat(Scenario(*where), Explain(*first), ", but lab.toml declares ", declared),
            Summarize(*first),
            {}};
  }
  Judgement rest = JudgeRest(result);
  if (rest.verdict != Verdict::kClean) return rest;
  const std::string_view held =
      rest.evidence.empty() ? "every interleaving holds" : "no interleaving that was run fails, ";
  return {Verdict::kNotExposed, absl::StrCat("declared ", declared, ", but ", held, rest.evidence), "", {}};
}

}  // namespace racelab
