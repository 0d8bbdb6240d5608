#include "sanitizers/report/certainty.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/report/quantity.h"

namespace racelab {
namespace {

constexpr std::string_view kByTelling[] = {
    "failed expectation", "abort",
    "uncaught exception", "crash",
    "use after free",     "deadlock",
    "no progress",        "misuse of a mutex",
    "misuse of the heap", "misuse of a thread",
    "thread leak",
};
// These sort after every other kind, including kinds that only a newer runtime knows.
constexpr std::string_view kByTellingLast[] = {"data race",         "exit code", "unsupported",
                                               "not deterministic", "cut off",   "paused"};

int Rank(const InterleavingFailure& failure) {
  constexpr int kOther = std::size(kByTelling), kNote = 100;
  if (failure.is_note) return kNote;
  const auto* first = std::find(std::begin(kByTelling), std::end(kByTelling), failure.kind);
  if (first != std::end(kByTelling)) return static_cast<int>(first - std::begin(kByTelling));
  const auto* last = std::find(std::begin(kByTellingLast), std::end(kByTellingLast), failure.kind);
  if (last == std::end(kByTellingLast)) return kOther;
  return kOther + 1 + static_cast<int>(last - std::begin(kByTellingLast));
}

auto Order(const InterleavingFailure& failure) { return std::tuple(Rank(failure), failure.steps.empty()); }

// Splits "heap+0x44" into the part of memory and the offset from its beginning. Offsets in a stack count downwards from
// its beginning, hence the sign.
std::pair<std::string_view, std::int64_t> PartAndOffset(std::string_view place) {
  const size_t plus = place.rfind("+0x");
  std::int64_t offset = 0;
  if (plus == std::string_view::npos || !absl::SimpleHexAtoi(place.substr(plus + 1), &offset)) return {place, 0};
  return {place.substr(0, plus), absl::StartsWith(place, "stack of ") ? -offset : offset};
}

std::string Searched(const SearchPhase& phase) {
  const std::string runs = absl::StrCat(Quantity(phase.executions), phase.executions == 1 ? " run" : " runs");
  if (phase.search == "preemptions" && phase.preemptions < 0) return absl::StrCat("without preemptions ", runs);
  if (phase.search == "preemptions") {
    return absl::StrCat("at most ", phase.preemptions, phase.preemptions == 1 ? " preemption " : " preemptions ", runs);
  }
  if (phase.search == "random") return absl::StrCat("random ", runs);
  if (phase.search == "pct") return absl::StrCat("random priorities of threads ", runs);
  if (phase.search == "pos") return absl::StrCat("random priorities of operations ", runs);
  if (phase.search == "near") return absl::StrCat("random after most of the way to a data race ", runs);
  if (phase.search == "exhaustive") return absl::StrCat("depth first ", runs);
  return absl::StrCat(phase.search, " ", runs);
}

}  // namespace

std::string_view Name(Certainty certainty) {
  switch (certainty) {
    case Certainty::kHolds:
      return "holds";
    case Certainty::kCannotTell:
      return "cannot tell";
    case Certainty::kFails:
      return "fails";
  }
  return "";
}

bool IsOfTheRuntime(std::string_view kind) {
  return kind == "unsupported" || kind == "cut off" || kind == "not deterministic" || kind == "paused";
}

Certainty CertaintyOf(const InterleavingFailure& failure) {
  if (failure.is_note) return Certainty::kHolds;
  return IsOfTheRuntime(failure.kind) ? Certainty::kCannotTell : Certainty::kFails;
}

Certainty CertaintyOf(const Exploration& exploration) {
  const bool was_run = exploration.complete || exploration.executions > 0;
  Certainty certainty = was_run ? Certainty::kHolds : Certainty::kCannotTell;
  for (const InterleavingFailure& failure : exploration.failures) certainty = std::max(certainty, CertaintyOf(failure));
  return certainty;
}

bool TellsMore(const InterleavingFailure& a, const InterleavingFailure& b) { return Order(a) < Order(b); }

void SortByTelling(std::vector<InterleavingFailure>& failures) {
  std::vector<size_t> order(failures.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return std::tuple(Order(failures[a]), a) < std::tuple(Order(failures[b]), b); });
  std::vector<InterleavingFailure> sorted;
  for (const size_t i : order) sorted.push_back(std::move(failures[i]));
  failures = std::move(sorted);
}

bool Touches(const InterleavingStep& step, const InterleavingFailure& race) {
  const auto [part, begin] = PartAndOffset(step.object);
  const auto [races_part, races_begin] = PartAndOffset(race.memory);
  return part == races_part && begin < races_begin + static_cast<std::int64_t>(race.memory_bytes) &&
         races_begin < begin + static_cast<std::int64_t>(std::max<std::uint64_t>(step.size, 1));
}

const InterleavingFailure* RaceBehind(const InterleavingFailure& failure,
                                      const std::vector<InterleavingFailure>& failures) {
  if (failure.is_note || failure.kind == "data race" || IsOfTheRuntime(failure.kind)) return nullptr;
  // The race whose memory the interleaving accessed last.
  for (auto step = failure.steps.rbegin(); step != failure.steps.rend(); ++step) {
    if (step->operation != "read" && step->operation != "write") continue;
    for (const InterleavingFailure& race : failures) {
      if (race.kind == "data race" && !race.is_note && Touches(*step, race)) return &race;
    }
  }
  return nullptr;
}

std::vector<std::string> LeftOut(const Exploration& exploration) {
  std::vector<std::string> left_out;
  const auto add = [&](bool is_left_out, std::string_view text) {
    if (is_left_out) left_out.emplace_back(text);
  };
  const auto executions = [](std::uint64_t count) {
    return absl::StrCat(Quantity(count), count == 1 ? " execution" : " executions");
  };
  if (exploration.cut_at_steps > 0) {
    left_out.push_back(absl::StrCat(executions(exploration.cut_at_steps), " ended at the limit on steps"));
  }
  if (exploration.cut_after_end > 0) {
    left_out.push_back(absl::StrCat("in ", executions(exploration.cut_after_end),
                                    ", a thread ran on after the end of main and was cut off"));
  }
  add(exploration.weak_orders, exploration.older_values > 0
                                   ? "explored in part: effects of orders weaker than sequentially consistent"
                                   : "not explored: effects of orders weaker than sequentially consistent");
  add(exploration.collapsed_spins, "not explored: later rounds of a loop that keeps reading the same values");
  add(exploration.skipped_timeouts, "not explored: more than two time-outs of a thread at any moment");
  add(exploration.unvaried_addresses, "not explored: whether freed memory goes to the next allocation at once");
  add(exploration.no_spurious_wakeups, "not explored: wake-ups without cause, where they are switched off");
  add(exploration.no_weak_failures, "not explored: weak compare-exchanges that fail without cause");
  add(exploration.virtual_time, "not explored: computations that take time (the program reads the clock)");
  add(exploration.aliases, "not explored: conflicts between two mappings of the same memory");
  add(exploration.system_changes, "not explored: orders of calls that change files or the process's state");
  add(exploration.unseen_locals, "not explored: functions' own uses of parts of their locals (clang < 21)");
  add(exploration.unseen_copies, "not explored: memcpy() and its kin where g++ has inlined them");
  if (!exploration.unseen_libraries.empty()) {
    left_out.push_back(absl::StrCat("not explored: what happens within ",
                                    absl::StrJoin(exploration.unseen_libraries, ", "),
                                    ", built without the sanitizer"));
  }
  add(exploration.memory_bound, "the search reached its memory limit, and went on remembering less");
  if (!exploration.complete && exploration.searches.size() > 1) {
    std::vector<std::string> phases;
    for (const SearchPhase& phase : exploration.searches) phases.push_back(Searched(phase));
    left_out.push_back(absl::StrCat("searched: ", absl::StrJoin(phases, ", ")));
  }
  return left_out;
}

}  // namespace racelab
