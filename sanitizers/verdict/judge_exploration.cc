#include "sanitizers/verdict/judge_exploration.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/process/signal_name.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/quantity.h"
#include "sanitizers/verdict/evidence.h"
#include "sanitizers/verdict/expectation_words.h"
#include "sanitizers/verdict/misconception.h"

namespace racelab {
namespace {

constexpr std::string_view kNothingExplored = "no scenario was explored";

// "Bank::Transfer (bank.h:44)", or nothing.
std::string PlaceOf(const Stack& stack) {
  const Frame* frame = Site(stack);
  if (frame == nullptr) return "";
  std::string name = ShortName(SiteName(stack, *frame));
  if (frame->file.empty()) return name;
  return absl::StrCat(name, " (", frame->file.substr(frame->file.rfind('/') + 1), ":", frame->line, ")");
}

std::string In(const Stack& stack) {
  const std::string place = PlaceOf(stack);
  return place.empty() ? "" : absl::StrCat(" in ", place);
}

// The innermost place in a library header called from the site: " (in std::deque::push_back, stl_deque.h:1537)".
std::string Innermost(const Stack& stack) {
  const Frame* site = Site(stack);
  if (site == nullptr) return "";
  const auto manages_memory = [](const Frame& frame) {  // Its caller is more informative.
    return absl::StartsWith(frame.function, "operator new") || absl::StartsWith(frame.function, "operator delete");
  };
  const auto inner = std::find_if_not(stack.frames.begin(), stack.frames.end(), manages_memory);
  if (inner == stack.frames.end() || &*inner == site || inner->file.empty() || inner->line == 0) return "";
  return absl::StrCat(" (in ", SiteName(stack, *inner), ", ", inner->file.substr(inner->file.rfind('/') + 1), ":",
                      inner->line, ")");
}

// Where the thread that failed was; empty if that is unknown, or if `message` begins with it.
std::string PlaceOfFailure(const InterleavingFailure& failure) {
  const Stack* stack = &failure.stack;
  for (const InterleavingStep& step : failure.steps) {
    const bool is_failure = step.operation == "start" || step.operation == "fail";
    if (stack->frames.empty() && is_failure && step.thread == failure.thread) stack = &step.stack;
  }
  const Frame* frame = Site(*stack);
  if (frame == nullptr || frame->file.empty()) return "";
  const std::string place = absl::StrCat(frame->file.substr(frame->file.rfind('/') + 1), ":", frame->line);
  if (absl::StrContains(failure.message, absl::StrCat(place, ":"))) return "";
  return absl::StrCat("  (", place, ")", Innermost(*stack));
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
    const std::string value = waiting.expected.has_value() ? absl::StrCat(" while ", named ? "it" : "a futex", " is ",
                                                                          *waiting.expected, named ? "," : "")
                                                           : "";
    what = absl::StrCat("sleeps", named ? " on " : "", waiting.name, value, " until it is woken");
  }
  return absl::StrCat("T", waiting.thread, " ", what, In(waiting.stack));
}

std::string Scenario(const Exploration& exploration) {
  return exploration.scenario.empty() ? "" : absl::StrCat(exploration.scenario, ": ");
}

// The most telling failure.
const InterleavingFailure* FirstFailure(const InterleaveResult& result, const Exploration*& exploration) {
  const InterleavingFailure* first = nullptr;
  for (const Exploration& candidate : result.explorations) {
    for (const InterleavingFailure& failure : candidate.failures) {
      if (failure.is_note || (first != nullptr && !TellsMore(failure, *first))) continue;
      exploration = &candidate;
      first = &failure;
    }
  }
  return first;
}

// The scenarios that have more interleavings than were run; empty if there are none.
std::string Unfinished(const std::vector<Exploration>& explorations) {
  std::vector<std::string> parts;
  for (const Exploration& exploration : explorations) {
    if (!exploration.complete) parts.push_back(absl::StrCat(exploration.scenario, ": ", Coverage(exploration)));
  }
  return absl::StrJoin(parts, "; ");
}

// For a process that the runtime ended because the tests hung.
std::string HungReason(const InterleaveResult& result) {
  return absl::StrCat("hung", InTest(result.child), ": ", result.runtimes_words);
}

// Judges an end that came before all tests had been run; nullopt if they were.
std::optional<Judgement> HowItEnded(const InterleaveResult& result) {
  if (std::optional<Judgement> end = JudgeEnd(result.child)) return end;
  switch (result.runtime) {
    case RuntimesEnd::kNone:
      break;
    case RuntimesEnd::kMisuse:
    case RuntimesEnd::kGaveUp:
      return Judgement{Verdict::kCouldNotStart, result.runtimes_words, "", {}};
    case RuntimesEnd::kTestsHung:
      return Judgement{Verdict::kHang, HungReason(result), "", {}};
  }
  if (!result.problem.empty()) return Judgement{Verdict::kUnreadableReport, result.problem, "", {}};
  return std::nullopt;
}

// Judges the tests, after no exploration has failed; clean if no test failed either.
Judgement JudgeRest(const InterleaveResult& result) {
  if (result.child.end == ChildEnd::kSignalled) {
    return {Verdict::kCrash, absl::StrCat("killed by ", SignalName(result.child.signal), InTest(result.child)), "", {}};
  }
  const std::optional<Judgement> wrong = JudgeTests(result.child);
  if (!wrong.has_value() && result.explorations.empty())
    return {Verdict::kFunctionalFailure, std::string(kNothingExplored), "", {}};
  Judgement rest = wrong.value_or(Judgement{Verdict::kClean, "", "", {}});
  rest.evidence = Unfinished(result.explorations);
  return rest;
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

constexpr size_t kMostWaiting = 6;                      // threads that are listed individually
constexpr std::string_view kEndOfThread = "last step";  // an access: the end of the thread's stack and locals

std::string ExplainAlone(const InterleavingFailure& failure) {
  if (!failure.waiting.empty()) {
    std::vector<std::string> parts;
    // A thread that joins another waiting thread is not the reason why the others cannot continue.
    const bool all_join = std::all_of(failure.waiting.begin(), failure.waiting.end(),
                                      [](const WaitingThread& waiting) { return waiting.operation == "join"; });
    for (const WaitingThread& waiting : failure.waiting) {
      if (waiting.operation != "join" || all_join) parts.push_back(ExplainWaiting(waiting));
    }
    if (parts.size() > kMostWaiting) {
      const size_t more = parts.size() - kMostWaiting;
      parts.resize(kMostWaiting);
      parts.push_back(absl::StrCat(more, more == 1 ? " more thread waits" : " more threads wait"));
    }
    return absl::StrCat(failure.kind, ": ", absl::StrJoin(parts, "; "));
  }
  if (failure.accesses.size() == 2) {
    const auto part = [&](const RacingAccess& access) {
      const bool writes = absl::StrContains(access.access, "write");
      const std::string does = !IsDescriptor(failure.memory) ? access.access : writes ? "opened or closed" : "used";
      return absl::StrCat(does, " by T", access.thread, In(access.stack), Innermost(access.stack));
    };
    const std::string kind =
        absl::StrCat(failure.kind, failure.memory_name.empty() ? "" : " on ", failure.memory_name, ": ");
    constexpr std::string_view kOf = ", of the stack or a thread_local variable of T";
    const RacingAccess &earlier = failure.accesses[0], &later = failure.accesses[1];
    if (earlier.access == kEndOfThread) {
      const std::string last = In(earlier.stack);
      return absl::StrCat(kind, part(later), kOf, earlier.thread, ", which had ended",
                          last.empty() ? "" : absl::StrCat(" (its last step was", last, ")"));
    }
    if (later.access == kEndOfThread)
      return absl::StrCat(kind, part(earlier), kOf, later.thread, ", which does not wait for this before it ends");
    return absl::StrCat(kind, part(earlier), ", ", part(later));
  }
  const std::string message = ExpectationInWords(failure.message);
  const std::string place = PlaceOfFailure(failure);
  if (message.empty()) return absl::StrCat(failure.kind, place);
  return absl::StrCat(absl::StartsWith(message, failure.kind) ? "" : absl::StrCat(failure.kind, ": "), message, place);
}

}  // namespace

std::string Explain(const InterleavingFailure& failure) {
  return absl::StrCat(ExplainAlone(failure), failure.defect.empty() ? "" : "; this is ", failure.defect);
}

Shortfall ShortfallOf(const InterleaveResult& result) {
  using Kind = Shortfall::Kind;
  const TestRun& child = result.child;
  switch (child.end) {
    case ChildEnd::kInterrupted:
      return {};
    case ChildEnd::kNotStarted:
      return {Kind::kMisuse, absl::StrCat("could not be started: ", child.note)};
    case ChildEnd::kTimeLimit:
    case ChildEnd::kMemoryLimit:
    case ChildEnd::kOutputLimit:
    case ChildEnd::kProcessLimit:
      return {Kind::kCutOff, child.note};
    case ChildEnd::kDeadlock:
    case ChildEnd::kStandstill:
      return {Kind::kCannotTell, absl::StrCat("hung", InTest(child), ": ", child.note)};
    case ChildEnd::kSignalled:
      return {Kind::kCannotTell,
              absl::StrCat("killed by ", SignalName(child.signal), InTest(child),
                           ": the runtime crashed, or the program crashed outside of the explored scenarios")};
    case ChildEnd::kExited:
      break;
  }
  switch (result.runtime) {
    case RuntimesEnd::kNone:
      break;
    case RuntimesEnd::kMisuse:
      return {Kind::kMisuse, result.runtimes_words};
    case RuntimesEnd::kGaveUp:
      return {Kind::kCannotTell, result.runtimes_words};
    case RuntimesEnd::kTestsHung:
      return {Kind::kCannotTell, HungReason(result)};
  }
  if (!result.problem.empty()) return {Kind::kCannotTell, result.problem};
  for (const Exploration& exploration : result.explorations) {
    if (!exploration.failures.empty()) return {};  // the way the process ended is a consequence of these failures
  }
  const std::optional<Judgement> wrong = JudgeTests(child);
  if (!wrong.has_value())
    return result.explorations.empty() ? Shortfall{Kind::kCannotTell, std::string(kNothingExplored)} : Shortfall{};
  if (!result.explorations.empty() || child.tests.failed) return {Kind::kFails, wrong->reason};
  if (child.tests.ran_nothing) return {Kind::kIdle, wrong->reason};
  return {Kind::kCannotTell, absl::StrCat(kNothingExplored, ": it ", wrong->reason)};
}

Judgement JudgeExplorations(const InterleaveResult& result, const ExpectedFailure* expected) {
  const Exploration* where = nullptr;
  const InterleavingFailure* first = FirstFailure(result, where);
  if (std::optional<Judgement> end = HowItEnded(result)) {
    // A failed interleaving is more informative than a later test that hung outside of the scenarios.
    if (end->verdict != Verdict::kHang || first == nullptr) return *std::move(end);
  }
  if (expected == nullptr || expected->kind == "none") {
    if (first != nullptr) {
      const std::string why = Misconception(*first, where->failures);
      return {Verdict::kExposedOtherwise,
              absl::StrCat(Scenario(*where), Explain(*first), why.empty() ? "" : ". ", why),
              Summarize(*first),
              {}};
    }
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
