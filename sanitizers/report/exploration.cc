#include "sanitizers/report/exploration.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/report/quantity.h"

namespace racelab {
namespace {

// Calls `visit` with every stack of `explorations`.
template <typename Explorations, typename Visit>
void ForEachStack(Explorations& explorations, const Visit& visit) {
  for (auto& exploration : explorations) {
    for (auto& failure : exploration.failures) {
      for (auto& access : failure.accesses) visit(access.stack);
      for (auto& waiting : failure.waiting) visit(waiting.stack);
      visit(failure.stack);
      for (auto& step : failure.steps) visit(step.stack);
    }
  }
}

}  // namespace

bool IsAll(const Exploration& exploration) { return exploration.complete && exploration.cut_at_steps == 0; }

bool IsDescriptor(std::string_view object) { return absl::StartsWith(object, "descriptor "); }

bool IsFailureKind(std::string_view kind) {
  constexpr std::string_view kKinds[] = {"failed expectation",
                                         "data race",
                                         "use after free",
                                         "deadlock",
                                         "no progress",
                                         "crash",
                                         "abort",
                                         "uncaught exception",
                                         "exit code",
                                         "misuse of a mutex",
                                         "misuse of the heap",
                                         "misuse of a thread",
                                         "thread leak"};
  return std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds);
}

std::vector<std::string> Places(const std::vector<Exploration>& explorations) {
  std::set<std::string> places;
  ForEachStack(explorations, [&](const Stack& stack) {
    for (const Frame& frame : stack.frames) places.insert(frame.module);
  });
  for (const Exploration& exploration : explorations)
    places.insert(exploration.compare_exchanges.begin(), exploration.compare_exchanges.end());
  return {places.begin(), places.end()};
}

std::vector<std::string> Places(const std::vector<CallSite>& sites) {
  std::set<std::string> places;
  for (const CallSite& site : sites) places.insert(site.places.begin(), site.places.end());
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
  if (!failure.stack.frames.empty()) stacks.push_back(&failure.stack);
  for (const InterleavingStep& step : failure.steps) stacks.push_back(&step.stack);
  return stacks;
}

std::string Identity(const InterleavingFailure& failure) {
  std::string identity = absl::StrCat(failure.kind, "\n", failure.message);
  const auto add = [&](const Stack& stack) {
    if (stack.frames.empty()) return;
    const Frame& frame = stack.frames.front();
    absl::StrAppend(&identity, "\n", frame.module, " ", frame.file, ":", frame.line);
  };
  for (const RacingAccess& access : failure.accesses) add(access.stack);
  add(failure.stack);
  return identity;
}

namespace {

// Of two occurrences of a failure, fewer steps explain it better; an occurrence without steps is the worst.
bool IsToldBetter(const InterleavingFailure& a, const InterleavingFailure& b) {
  if (a.steps.empty() != b.steps.empty()) return b.steps.empty();
  return a.schedule.size() < b.schedule.size();
}

void AddFailure(std::vector<InterleavingFailure>& failures, const InterleavingFailure& failure) {
  for (InterleavingFailure& known : failures) {
    if (Identity(known) != Identity(failure)) continue;
    const std::uint64_t occurrences = known.occurrences + failure.occurrences;
    if (IsToldBetter(failure, known)) known = failure;
    known.occurrences = occurrences;
    return;
  }
  failures.push_back(failure);
}

// A complete part has run all its interleavings.
int Covered(const Exploration& a, const Exploration& b) {
  if (a.complete) return b.preemptions_covered;
  if (b.complete) return a.preemptions_covered;
  return std::min(a.preemptions_covered, b.preemptions_covered);
}

void AddSearch(std::vector<SearchPhase>& searches, const SearchPhase& search) {
  const auto known = std::find_if(searches.begin(), searches.end(), [&](const SearchPhase& candidate) {
    return candidate.search == search.search && candidate.preemptions == search.preemptions;
  });
  if (known == searches.end()) {
    searches.push_back(search);
  } else {
    known->executions += search.executions;
  }
}

void AddPart(Exploration& whole, const Exploration& part) {
  whole.executions += part.executions;
  whole.sleep_set_blocked += part.sleep_set_blocked;
  whole.failing += part.failing;
  whole.preemptions_covered = Covered(whole, part);
  whole.complete &= part.complete;
  whole.collapsed_spins |= part.collapsed_spins;
  whole.skipped_timeouts |= part.skipped_timeouts;
  whole.weak_orders |= part.weak_orders;
  whole.older_values = std::max(whole.older_values, part.older_values);
  whole.fences |= part.fences;
  whole.unvaried_addresses |= part.unvaried_addresses;
  whole.no_spurious_wakeups |= part.no_spurious_wakeups;
  whole.no_weak_failures |= part.no_weak_failures;
  whole.unseen_locals |= part.unseen_locals;
  whole.unseen_copies |= part.unseen_copies;
  whole.virtual_time |= part.virtual_time;
  whole.aliases |= part.aliases;
  whole.system_changes |= part.system_changes;
  whole.memory_bound |= part.memory_bound;
  whole.cut_at_steps += part.cut_at_steps;
  whole.cut_after_end += part.cut_after_end;
  whole.out_of_time |= part.out_of_time;
  for (const std::string& library : part.unseen_libraries) {
    if (std::find(whole.unseen_libraries.begin(), whole.unseen_libraries.end(), library) ==
        whole.unseen_libraries.end())
      whole.unseen_libraries.push_back(library);
  }
  whole.seconds = std::max(whole.seconds, part.seconds);
  for (const SearchPhase& search : part.searches) AddSearch(whole.searches, search);
  for (const auto& [exit_code, count] : part.outcomes) whole.outcomes[exit_code] += count;
  for (const InterleavingFailure& failure : part.failures) AddFailure(whole.failures, failure);
}

std::string WithAtMost(int preemptions) {
  return absl::StrCat(" with at most ", preemptions, preemptions == 1 ? " preemption" : " preemptions");
}

}  // namespace

std::vector<Exploration> Merge(const std::vector<Exploration>& parts) {
  std::vector<Exploration> wholes;
  for (const Exploration& part : parts) {
    const auto whole = std::find_if(wholes.begin(), wholes.end(),
                                    [&](const Exploration& candidate) { return candidate.scenario == part.scenario; });
    if (whole != wholes.end()) {
      AddPart(*whole, part);
      continue;
    }
    wholes.push_back(part);
    // A single part may also have found a failure twice, in different interleavings.
    wholes.back().failures.clear();
    for (const InterleavingFailure& failure : part.failures) AddFailure(wholes.back().failures, failure);
  }
  return wholes;
}

std::string Coverage(const Exploration& exploration) {
  const std::string count = Quantity(exploration.executions);
  // An execution that was cut off does not count as an interleaving that holds.
  const bool complete = exploration.complete && exploration.cut_at_steps == 0;
  const std::string_view noun = exploration.executions == 1 ? " interleaving" : " interleavings";
  std::string text;
  if (exploration.search == "random" || exploration.search == "pct") {
    text = absl::StrCat(count, " random", noun, " (seed ", exploration.seed, ")");
  } else if (exploration.search == "preemptions") {
    text = absl::StrCat(complete ? "the " : "", count, noun, WithAtMost(exploration.preemptions));
  } else if (exploration.search == "replay") {
    text = "the given interleaving";
  } else {
    text = complete ? absl::StrCat(exploration.executions == 1 ? "the only" : absl::StrCat("all ", count), noun)
                    : absl::StrCat(count, noun);
  }
  if (!complete && exploration.search != "replay" && exploration.search != "random" && exploration.search != "pct") {
    if (exploration.preemptions_covered == 0) text += ", and all without a preemption";
    if (exploration.preemptions_covered > 0) {
      absl::StrAppend(&text, ", and all", WithAtMost(exploration.preemptions_covered));
    }
    absl::StrAppend(&text, kThereAreMore);
  }
  return text;
}

}  // namespace racelab
