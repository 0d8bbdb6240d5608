#include "sanitizers/report/exploration.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "sanitizers/report/demangle.h"
#include "sanitizers/report/quantity.h"

namespace racelab {
namespace {

using Json = nlohmann::json;

// As read, each frame is just a place: its `module` is "module+offset".
Stack ReadStack(const Json& json) {
  Stack stack;
  for (const Json& place : json.at("stack"))
    stack.frames.push_back({.function = "", .file = "", .line = 0, .module = place});
  return stack;
}

std::optional<std::uint64_t> ReadValue(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? std::nullopt : std::optional<std::uint64_t>(found->get<std::uint64_t>());
}

Surroundings ReadSurroundings(const Json& json) {
  Surroundings surroundings;
  const auto found = json.find("surroundings");
  if (found == json.end()) return surroundings;
  surroundings.address = found->at("address");
  surroundings.stack_pointer = found->at("stack_pointer");
  for (const Json& frame : found->at("frames")) {
    surroundings.frames.push_back({frame.at("place"), frame.at("pc"), frame.at("cfa"), frame.at("registers")});
  }
  const Json& words = found->at("words");
  for (size_t i = 0; i + 1 < words.size(); i += 2) surroundings.words[words[i]] = words[i + 1];
  return surroundings;
}

InterleavingStep ReadStep(const Json& json) {
  return {.thread = json.at("thread"),
          .is_step = json.at("step"),
          .operation = json.at("operation"),
          .note = json.value("note", ""),
          .object = json.at("object"),
          .name = "",
          .size = json.value("size", std::uint64_t{0}),
          .before = ReadValue(json, "before"),
          .after = ReadValue(json, "after"),
          .is_whole = true,
          .before_text = "",
          .after_text = "",
          .joins = json.value("joins", -1),
          .held = json.at("held").get<std::vector<std::string>>(),
          .held_names = {},
          .stack = ReadStack(json),
          .surroundings = ReadSurroundings(json)};
}

InterleavingFailure ReadFailure(const Json& json) {
  InterleavingFailure failure;
  failure.kind = json.at("kind");
  failure.thread = json.at("thread");
  failure.message = DemangleWords(json.at("message").get<std::string>());
  failure.found_after = json.at("found_after");
  failure.occurrences = json.at("occurrences");
  failure.schedule = json.at("schedule");
  failure.threads = json.at("threads");
  failure.memory = json.value("memory", "");
  failure.surroundings = ReadSurroundings(json);
  if (const auto accesses = json.find("accesses"); accesses != json.end()) {
    for (const Json& access : *accesses) {
      failure.accesses.push_back({access.at("thread"), access.at("access"), ReadStack(access)});
    }
  }
  for (const Json& waiting : json.at("waiting")) {
    failure.waiting.push_back({waiting.at("thread"), waiting.at("operation"), waiting.at("object"), "",
                               waiting.value("holder", -1), waiting.at("spins"), ReadStack(waiting),
                               ReadSurroundings(waiting)});
  }
  for (const Json& step : json.at("steps")) failure.steps.push_back(ReadStep(step));
  return failure;
}

Exploration ReadExploration(const Json& json) {
  Exploration exploration;
  exploration.scenario = json.at("scenario");
  exploration.search = json.at("search");
  exploration.preemptions = json.at("preemptions");
  exploration.seed = json.at("seed");
  exploration.executions = json.at("executions");
  exploration.redundant = json.at("redundant");
  exploration.failing = json.at("failing");
  exploration.complete = json.at("complete");
  exploration.preemptions_covered = json.at("preemptions_covered");
  exploration.collapsed_spins = json.at("collapsed_spins");
  exploration.skipped_timeouts = json.at("skipped_timeouts");
  exploration.seconds = json.at("seconds");
  for (const Json& outcome : json.at("outcomes"))
    exploration.outcomes[outcome.at("exit_code")] = outcome.at("executions");
  for (const Json& failure : json.at("failures")) exploration.failures.push_back(ReadFailure(failure));
  return exploration;
}

// Calls `visit` with every stack of `explorations`.
template <typename Explorations, typename Visit>
void ForEachStack(Explorations& explorations, const Visit& visit) {
  for (auto& exploration : explorations) {
    for (auto& failure : exploration.failures) {
      for (auto& access : failure.accesses) visit(access.stack);
      for (auto& waiting : failure.waiting) visit(waiting.stack);
      for (auto& step : failure.steps) visit(step.stack);
    }
  }
}

}  // namespace

bool IsFailureKind(std::string_view kind) {
  constexpr std::string_view kKinds[] = {
      "failed expectation", "data race", "use after free",    "deadlock",          "no progress", "crash", "abort",
      "uncaught exception", "exit code", "misuse of a mutex", "misuse of the heap"};
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

absl::StatusOr<std::vector<Exploration>> ParseExplorations(std::string_view text) {
  std::vector<Exploration> explorations;
  int line_number = 0;
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    ++line_number;
    if (line.empty()) continue;
    try {
      explorations.push_back(ReadExploration(Json::parse(line)));
    } catch (const Json::exception& error) {
      return absl::InvalidArgumentError(
          absl::StrCat("the report of the explorations is cut or broken in line ", line_number, ": ", error.what()));
    }
  }
  return explorations;
}

std::vector<std::string> Places(const std::vector<Exploration>& explorations) {
  std::set<std::string> places;
  ForEachStack(explorations, [&](const Stack& stack) {
    for (const Frame& frame : stack.frames) places.insert(frame.module);
  });
  return {places.begin(), places.end()};
}

void Resolve(std::vector<Exploration>& explorations, const std::map<std::string, std::vector<Frame>>& frames) {
  ForEachStack(explorations, [&](Stack& stack) {
    std::vector<Frame> resolved;
    for (Frame& frame : stack.frames) {
      const auto found = frames.find(frame.module);
      if (found == frames.end()) {
        resolved.push_back(std::move(frame));
      } else {
        resolved.insert(resolved.end(), found->second.begin(), found->second.end());
      }
    }
    stack.frames = std::move(resolved);
  });
}

std::vector<const Stack*> Stacks(const InterleavingFailure& failure) {
  std::vector<const Stack*> stacks;
  for (const RacingAccess& access : failure.accesses) stacks.push_back(&access.stack);
  for (const WaitingThread& waiting : failure.waiting) stacks.push_back(&waiting.stack);
  for (const InterleavingStep& step : failure.steps) stacks.push_back(&step.stack);
  return stacks;
}

namespace {

void AddFailure(std::vector<InterleavingFailure>& failures, const InterleavingFailure& failure) {
  for (InterleavingFailure& known : failures) {
    if (known.kind != failure.kind || known.message != failure.message) continue;
    const std::uint64_t occurrences = known.occurrences + failure.occurrences;
    if (failure.schedule.size() < known.schedule.size()) known = failure;
    known.occurrences = occurrences;
    return;
  }
  failures.push_back(failure);
}

// A part that is complete has all of its interleavings.
int Covered(const Exploration& a, const Exploration& b) {
  if (a.complete) return b.preemptions_covered;
  if (b.complete) return a.preemptions_covered;
  return std::min(a.preemptions_covered, b.preemptions_covered);
}

void AddPart(Exploration& whole, const Exploration& part) {
  whole.executions += part.executions;
  whole.redundant += part.redundant;
  whole.failing += part.failing;
  whole.preemptions_covered = Covered(whole, part);
  whole.complete &= part.complete;
  whole.collapsed_spins |= part.collapsed_spins;
  whole.skipped_timeouts |= part.skipped_timeouts;
  whole.seconds = std::max(whole.seconds, part.seconds);
  for (const auto& [exit_code, count] : part.outcomes) whole.outcomes[exit_code] += count;
  for (const InterleavingFailure& failure : part.failures) AddFailure(whole.failures, failure);
}

}  // namespace

std::vector<Exploration> Merge(const std::vector<Exploration>& parts) {
  std::vector<Exploration> wholes;
  for (const Exploration& part : parts) {
    const auto whole = std::find_if(wholes.begin(), wholes.end(),
                                    [&](const Exploration& candidate) { return candidate.scenario == part.scenario; });
    if (whole == wholes.end()) {
      wholes.push_back(part);
    } else {
      AddPart(*whole, part);
    }
  }
  return wholes;
}

std::string Coverage(const Exploration& exploration) {
  const std::string count = Quantity(exploration.executions);
  const std::string_view noun = exploration.executions == 1 ? " interleaving" : " interleavings";
  std::string text;
  if (exploration.search == "random" || exploration.search == "pct") {
    text = absl::StrCat(count, " random", noun, " (seed ", exploration.seed, ")");
  } else if (exploration.search == "preemptions") {
    text = absl::StrCat(exploration.complete ? "the " : "", count, noun, " with at most ", exploration.preemptions,
                        " preemptions");
  } else if (exploration.search == "replay") {
    text = "the given interleaving";
  } else {
    text = exploration.complete
               ? absl::StrCat(exploration.executions == 1 ? "the only" : absl::StrCat("all ", count), noun)
               : absl::StrCat(count, noun);
  }
  if (!exploration.complete && exploration.search != "replay" && exploration.search != "random" &&
      exploration.search != "pct") {
    if (exploration.preemptions_covered == 0) text += ", and all without a preemption";
    if (exploration.preemptions_covered > 0) {
      absl::StrAppend(&text, ", and all with at most ", exploration.preemptions_covered,
                      exploration.preemptions_covered == 1 ? " preemption" : " preemptions");
    }
    absl::StrAppend(&text, kThereAreMore);
  }
  return text;
}

}  // namespace racelab
