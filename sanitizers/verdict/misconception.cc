#include "sanitizers/verdict/misconception.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sanitizers/report/certainty.h"

namespace racelab {
namespace {

// "Total()", or "the test".
std::string CallerIn(const Stack& stack) {
  const Frame* frame = Site(stack);
  if (frame == nullptr) return "";
  const std::string name = SiteName(stack, *frame);
  if (absl::EndsWith(name, "::TestBody")) return "the test";
  const size_t qualified = name.rfind("::");
  return absl::StrCat(qualified == std::string::npos ? name : name.substr(qualified + 2), "()");
}

// The class whose constructor the program's innermost function is; empty if it is none.
std::string ConstructedBy(const Stack& stack) {
  const Frame* frame = Site(stack);
  if (frame == nullptr) return "";
  const std::vector<std::string> parts = absl::StrSplit(SiteName(stack, *frame), "::");
  const size_t count = parts.size();
  return count >= 2 && parts[count - 1] == parts[count - 2] ? parts[count - 1] : "";
}

std::string PlaceIn(const Stack& stack) {
  const Frame* frame = Site(stack);
  if (frame == nullptr || frame->line == 0) return "";
  return absl::StrCat(frame->file.substr(frame->file.rfind('/') + 1), ":", frame->line);
}

bool Writes(const RacingAccess& access) { return absl::StrContains(access.access, "write"); }
bool IsAtomic(const RacingAccess& access) { return absl::StartsWith(access.access, "atomic"); }

std::string Locks(const RacingAccess& access) {
  if (access.held.empty()) return "nothing";
  std::set<std::string> names;
  for (size_t i = 0; i < access.held.size(); ++i) {
    const bool named = i < access.held_names.size() && !access.held_names[i].empty();
    names.insert(named ? access.held_names[i] : "a lock");
  }
  return absl::StrJoin(names, " and ");
}

bool HaveCommonLock(const RacingAccess& a, const RacingAccess& b) {
  return std::any_of(a.held.begin(), a.held.end(), [&](const std::string& lock) {
    return std::find(b.held.begin(), b.held.end(), lock) != b.held.end();
  });
}

// "Total() reads total_"
std::string Does(const RacingAccess& access, std::string_view object) {
  return absl::StrCat(CallerIn(access.stack), Writes(access) ? " writes " : " reads ", object);
}

std::string OfRace(const InterleavingFailure& failure) {
  if (failure.accesses.size() != 2) return "";
  const RacingAccess *first = &failure.accesses[0], *second = &failure.accesses[1];
  for (const RacingAccess& access : failure.accesses) {
    const bool is_access = Writes(access) || absl::StrContains(access.access, "read");
    if (!access.knows_held || !is_access || CallerIn(access.stack).empty()) return "";
  }
  // The one that is to blame comes first: it holds nothing, or is not atomic; or else the one that only reads.
  const auto blame = [](const RacingAccess& access) {
    return std::tuple(!access.held.empty(), IsAtomic(access), Writes(access));
  };
  if (blame(*second) < blame(*first)) std::swap(first, second);
  const std::string object = failure.memory_name.empty() ? "the same memory" : failure.memory_name;
  for (const RacingAccess* access : {first, second}) {
    const RacingAccess& other = access == first ? *second : *first;
    const std::string constructed = ConstructedBy(access->stack);
    if (!constructed.empty() && Writes(*access) && ConstructedBy(other.stack).empty())
      return absl::StrCat("The constructor of ", constructed, " writes ", object,
                          " when the thread has already been started in which ", Does(other, "it"), ".");
  }
  if (first->held.empty() && second->held.empty()) {
    if (IsAtomic(*second)) return absl::StrCat(Does(*second, object), " atomically, but ", Does(*first, "it"), " not.");
    return absl::StrCat(Does(*first, object), ", and ", Does(*second, "it"), ", both holding nothing.");
  }
  if (first->held.empty())
    return absl::StrCat(Does(*first, object), " holding nothing; ", Does(*second, "it"), " holding ", Locks(*second),
                        ".");
  if (HaveCommonLock(*first, *second))
    return absl::StrCat(Does(*first, object), ", and ", Does(*second, "it"), ", both holding ", Locks(*first),
                        ", but shared: shared locks do not exclude each other.");
  return absl::StrCat(Does(*first, object), " holding ", Locks(*first), "; ", Does(*second, "it"), " holding ",
                      Locks(*second), ": only the same lock excludes the other.");
}

// A thread sleeps for ever on a condition variable that was notified before it slept, by a thread that held no lock.
std::string OfLostNotification(const InterleavingFailure& failure) {
  for (const WaitingThread& waiting : failure.waiting) {
    if (waiting.spins || waiting.operation == "join" || waiting.holder >= 0) continue;
    for (const InterleavingStep& step : failure.steps) {
      if (step.operation != "notify" || step.object != waiting.object || step.thread == waiting.thread) continue;
      const std::string notifier = CallerIn(step.stack), waiter = CallerIn(waiting.stack);
      if (!step.held.empty() || notifier.empty() || waiter.empty()) continue;
      return absl::StrCat(notifier, " notifies ", waiting.name.empty() ? "the condition variable" : waiting.name,
                          " holding nothing, when ", waiter, " has checked and does not sleep yet.");
    }
  }
  return "";
}

// The function in which two steps of a thread part: the calls that led there are the same, and it has gone on from the
// first to the second.
struct Parting {
  std::string function, first, second;  // "Pay()", "voucher.h:20", "voucher.h:23"
};
std::optional<Parting> WherePart(const Stack& a, const Stack& b) {
  const size_t shorter = std::min(a.frames.size(), b.frames.size());
  for (size_t i = 1; i <= shorter; ++i) {
    const Frame &first = a.frames[a.frames.size() - i], &second = b.frames[b.frames.size() - i];
    if (first == second) continue;
    const Stack first_alone = {.role = a.role, .description = "", .frames = {first}};
    const Stack second_alone = {.role = b.role, .description = "", .frames = {second}};
    if (first.function != second.function || first.line == second.line || Site(first_alone) == nullptr)
      return std::nullopt;
    return Parting{CallerIn(first_alone), PlaceIn(first_alone), PlaceIn(second_alone)};
  }
  return std::nullopt;
}

bool IsLock(const InterleavingStep& step) { return step.operation == "lock" || step.operation == "lock shared"; }

// A function that takes a lock twice, itself or by what it calls, to check and to act, and another thread that takes it
// in between.
std::string OfTwoSections(const InterleavingFailure& failure) {
  const std::vector<InterleavingStep>& steps = failure.steps;
  for (size_t last = steps.size(); last-- > 0;) {
    if (!IsLock(steps[last])) continue;
    std::optional<int> other;
    for (size_t first = last; first-- > 0;) {
      const InterleavingStep& step = steps[first];
      if (!IsLock(step) || step.object != steps[last].object) continue;
      if (step.thread != steps[last].thread) {
        other = step.thread;
        continue;
      }
      const std::optional<Parting> parting = WherePart(step.stack, steps[last].stack);
      if (!other || !parting || parting->function == "the test") break;
      return absl::StrCat(parting->function, " locks ", step.name.empty() ? "the same lock" : step.name, " twice, at ",
                          parting->first, " and ", parting->second, ", and T", *other,
                          " comes in between: what was checked may no longer be true.");
    }
  }
  return "";
}

}  // namespace

std::string Misconception(const InterleavingFailure& shown, const std::vector<InterleavingFailure>& failures) {
  const InterleavingFailure* race = RaceBehind(shown, failures);
  const InterleavingFailure& failure = race != nullptr ? *race : shown;
  if (failure.is_note || !failure.defect.empty()) return "";
  std::string sentence;
  if (failure.kind == "data race") {
    sentence = OfRace(failure);
  } else if (failure.kind == "deadlock") {
    sentence = OfLostNotification(failure);
  } else if (failure.kind == "failed expectation" || failure.kind == "abort" || failure.kind == "crash" ||
             failure.kind == "uncaught exception") {
    sentence = OfTwoSections(failure);
  }
  if (absl::StartsWith(sentence, "the ")) sentence[0] = 'T';
  return sentence;
}

}  // namespace racelab
