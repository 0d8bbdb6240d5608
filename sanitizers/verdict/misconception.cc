#include "sanitizers/verdict/misconception.h"

#include <algorithm>
#include <map>
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
#include "sanitizers/verdict/evidence.h"

namespace racelab {
namespace {

// "Total()", or "the test".
std::string CallerIn(const Stack& stack) {
  const Frame* frame = Site(stack);
  if (frame == nullptr) return "";
  std::string name = ShortName(SiteName(stack, *frame));
  if (name == "the test") return name;
  const size_t qualified = name.rfind("::");
  return absl::StrCat(qualified == std::string::npos ? name : name.substr(qualified + 2), "()");
}

// The class of the constructor that is the program's innermost function; empty if that is no constructor.
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

constexpr std::string_view kFree = "free";

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

// "Total() reads total_"; `memory` is what the failure is about.
std::string Does(const RacingAccess& access, std::string_view memory, std::string_view object) {
  const std::string_view does = IsDescriptor(memory) ? (Writes(access) ? " opens or closes " : " uses ")
                                : Writes(access)     ? " writes "
                                                     : " reads ";
  return absl::StrCat(CallerIn(access.stack), does, object);
}

// The function in which the stacks of two steps of a thread diverge: its callers are the same, and it has advanced from
// the first line to the second.
struct Parting {
  std::string function, first, second;  // "Pay()", "voucher.h:20", "voucher.h:23"
  int first_line, second_line;
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
    return Parting{CallerIn(first_alone), PlaceIn(first_alone), PlaceIn(second_alone), first.line, second.line};
  }
  return std::nullopt;
}

bool IsLock(const InterleavingStep& step) { return step.operation == "lock" || step.operation == "lock shared"; }

bool WritesAtomically(const InterleavingStep& step) {
  return step.operation == "store" || step.operation == "update" ||
         (step.operation == "compare-exchange" && !step.failed);
}
bool ReadsAtomically(const InterleavingStep& step) {
  return step.operation == "load" || step.operation == "update" || step.operation == "compare-exchange";
}

// ", relaxed", or nothing for the default order.
std::string Ordered(const std::string& order) { return order.empty() ? "" : absl::StrCat(", ", order); }

// Whether a function advances from `first` to the same or a later line at `second`.
bool GoesOn(const Stack& first, const Stack& second) {
  const size_t shorter = std::min(first.frames.size(), second.frames.size());
  for (size_t i = 1; i <= shorter; ++i) {
    const Frame &one = first.frames[first.frames.size() - i], &other = second.frames[second.frames.size() - i];
    if (one != other || i == shorter) return one.function == other.function && one.line <= other.line;
  }
  return false;
}

// One thread accesses memory and then writes an atomic; the other thread reads that value and then accesses the memory.
// With release and acquire, this would have ordered the two accesses. No step follows the access `later`.
std::string OfWeakOrder(const RacingAccess& earlier, const RacingAccess& later,
                        const std::vector<InterleavingStep>& steps) {
  // An atomic access races with no atomic access, but a free may follow either kind.
  const bool is_atomic = IsAtomic(later) || (IsAtomic(earlier) && later.access != kFree);
  if (is_atomic || !later.held.empty()) return "";
  for (size_t write = 0; write < steps.size(); ++write) {
    if (steps[write].thread != earlier.thread || !WritesAtomically(steps[write])) continue;
    if (!GoesOn(earlier.stack, steps[write].stack)) continue;
    for (size_t read = write + 1; read < steps.size(); ++read) {
      if (steps[read].object != steps[write].object) continue;
      const std::string writer = CallerIn(steps[write].stack), reader = CallerIn(steps[read].stack);
      const std::string &released = steps[write].order, &acquired = steps[read].order;
      const bool is_weak =
          released == "relaxed" || released == "acquire" || acquired == "relaxed" || acquired == "release";
      const auto is_programs = [](const std::string& caller) { return !caller.empty() && caller != "the test"; };
      if (steps[read].thread == later.thread && ReadsAtomically(steps[read]) && is_weak && is_programs(writer) &&
          is_programs(reader)) {
        const std::string object = steps[write].name.empty() ? "an atomic" : steps[write].name;
        return absl::StrCat(writer, " writes ", object, Ordered(released), ", and ", reader, " reads what it wrote",
                            Ordered(acquired),
                            "; but only a release at or before the write and an acquire at or after the read would "
                            "order the two accesses.");
      }
      if (WritesAtomically(steps[read])) break;
    }
  }
  return "";
}

std::string OfRace(const InterleavingFailure& failure) {
  if (failure.accesses.size() != 2) return "";
  if (std::string weak = OfWeakOrder(failure.accesses[0], failure.accesses[1], failure.steps); !weak.empty())
    return weak;
  const RacingAccess *first = &failure.accesses[0], *second = &failure.accesses[1];
  for (const RacingAccess& access : failure.accesses) {
    const bool is_access = Writes(access) || absl::StrContains(access.access, "read");
    if (!access.knows_held || !is_access || CallerIn(access.stack).empty()) return "";
  }
  // The access to blame comes first: it holds no lock, or is not atomic; otherwise the one that only reads.
  const auto blame = [](const RacingAccess& access) {
    return std::tuple(!access.held.empty(), IsAtomic(access), Writes(access));
  };
  if (blame(*second) < blame(*first)) std::swap(first, second);
  const std::string object = failure.memory_name.empty() ? "the same memory" : failure.memory_name;
  const auto does = [&](const RacingAccess& access, std::string_view what) {
    return Does(access, failure.memory, what);
  };
  for (const RacingAccess* access : {first, second}) {
    const RacingAccess& other = access == first ? *second : *first;
    const std::string constructed = ConstructedBy(access->stack);
    if (!constructed.empty() && Writes(*access) && ConstructedBy(other.stack).empty())
      return absl::StrCat("The constructor of ", constructed, " writes ", object, ", and ", does(other, "it"),
                          " in another thread: nothing orders the construction before the use.");
  }
  if (first->held.empty() && second->held.empty()) {
    if (CallerIn(first->stack) == "the test" && CallerIn(second->stack) == "the test")
      return absl::StrCat("Both accesses to ", object, " are the test's own, and nothing that it calls orders them.");
    if (IsAtomic(*second))
      return absl::StrCat(does(*second, object), " atomically, but ", does(*first, "it"), " plainly.");
    return absl::StrCat(does(*first, object), ", and ", does(*second, "it"), ", both holding nothing.");
  }
  if (first->held.empty())
    return absl::StrCat(does(*first, object), " holding nothing; ", does(*second, "it"), " holding ", Locks(*second),
                        ".");
  if (HaveCommonLock(*first, *second))
    return absl::StrCat(does(*first, object), ", and ", does(*second, "it"), ", both holding ", Locks(*first),
                        ", but shared: shared locks do not exclude each other.");
  return absl::StrCat(does(*first, object), " holding ", Locks(*first), "; ", does(*second, "it"), " holding ",
                      Locks(*second), ": only the same lock excludes the other.");
}

// A thread frees memory after another thread has used it, but nothing orders the two.
std::string OfUnorderedFree(const InterleavingFailure& failure) {
  if (failure.accesses.size() != 2) return "";
  const RacingAccess &use = failure.accesses[0], &free = failure.accesses[1];
  const std::string user = CallerIn(use.stack), place = PlaceIn(use.stack), freer = CallerIn(free.stack);
  if (free.access != kFree || use.access == kFree || place.empty() || freer.empty()) return "";
  if (std::string weak = OfWeakOrder(use, free, failure.steps); !weak.empty()) return weak;
  return absl::StrCat(freer, " frees the memory after T", use.thread, " used it in ", user, " at ", place,
                      ", but nothing orders the two.");
}

// A thread sleeps for ever on a condition variable that has been notified.
std::string OfLostNotification(const InterleavingFailure& failure) {
  const std::vector<InterleavingStep>& steps = failure.steps;
  for (const WaitingThread& waiting : failure.waiting) {
    if (waiting.spins || waiting.operation == "join" || waiting.holder >= 0) continue;
    // Where the thread fell asleep, what it did last before that, and the last notification, if any.
    size_t slept = steps.size(), before = steps.size(), notified = steps.size();
    for (size_t i = 0; i < steps.size(); ++i) {
      if (steps[i].thread == waiting.thread && steps[i].operation == "wait" && steps[i].object == waiting.object)
        slept = i;
      if (steps[i].thread != waiting.thread && steps[i].operation == "notify" && steps[i].object == waiting.object)
        notified = i;
    }
    for (size_t i = 0; i < slept; ++i) {
      if (steps[i].thread == waiting.thread) before = i;
    }
    if (notified == steps.size()) continue;
    const std::string notifier = CallerIn(steps[notified].stack), waiter = CallerIn(waiting.stack);
    if (notifier.empty() || waiter.empty()) continue;
    const std::string condition = waiting.name.empty() ? "the condition variable" : waiting.name;
    if (slept < notified)
      return absl::StrCat(notifier, " wakes only one of the threads that sleep on ", condition, ", and T",
                          waiting.thread, " is another.");
    // Irrelevant if the function does nothing else afterwards that the waiting thread could have checked.
    const bool goes_on = std::any_of(steps.begin() + notified + 1, steps.end(), [&](const InterleavingStep& step) {
      return step.thread == steps[notified].thread && CallerIn(step.stack) == notifier &&
             (IsLock(step) || WritesAtomically(step));
    });
    if (before != steps.size() && notified < before && !goes_on) continue;
    if (before != steps.size() && notified < before)
      return absl::StrCat(notifier, " notifies ", condition, " before ", waiter,
                          " checks for the last time, and nobody does so after that.");
    if (steps[notified].held.empty())
      return absl::StrCat(notifier, " notifies ", condition, " holding nothing, when ", waiter,
                          " has checked and does not sleep yet.");
  }
  return "";
}

// Two steps of one thread on one object, within one function or what it calls, and another thread that changes the
// object in between.
struct Interruption {
  const InterleavingStep& first;
  Parting parting;
  int other;
};

// `touches`, `changes`, `begins`: which steps on an object count, which of them may come last or in between, and which
// may come first.
template <typename Touches, typename Changes, typename Begins>
std::optional<Interruption> FindInterruption(const std::vector<InterleavingStep>& steps, Touches touches,
                                             Changes changes, Begins begins) {
  for (size_t last = steps.size(); last-- > 0;) {
    if (!changes(steps[last])) continue;
    std::optional<int> other;
    for (size_t first = last; first-- > 0;) {
      const InterleavingStep& step = steps[first];
      if (!touches(step) || step.object != steps[last].object) continue;
      if (step.thread != steps[last].thread) {
        if (changes(step)) other = step.thread;
        continue;
      }
      const std::optional<Parting> parting = WherePart(step.stack, steps[last].stack);
      // A function that returns to an earlier line is in the next iteration of a loop.
      if (!other || !begins(step) || !parting || parting->function == "the test" ||
          parting->second_line < parting->first_line) {
        break;
      }
      return Interruption{step, *parting, *other};
    }
  }
  return std::nullopt;
}

// The steps by which threads lock a mutex again at the end of a wait: to the program, that is one critical section.
std::set<const InterleavingStep*> LocksAfterWaits(const std::vector<InterleavingStep>& steps) {
  std::set<const InterleavingStep*> locks;
  std::map<int, std::string> waits;  // where each thread waits that has not relocked its mutex yet
  for (const InterleavingStep& step : steps) {
    if (step.operation == "wait") waits[step.thread] = PlaceIn(step.stack);
    const auto wait = waits.find(step.thread);
    if (wait == waits.end() || !IsLock(step)) continue;
    if (wait->second == PlaceIn(step.stack)) locks.insert(&step);
    waits.erase(wait);
  }
  return locks;
}

// A function that takes a lock twice, to check and to act, and another thread that takes it in between.
std::string OfTwoSections(const InterleavingFailure& failure) {
  const std::set<const InterleavingStep*> after_waits = LocksAfterWaits(failure.steps);
  const auto begins_section = [&](const InterleavingStep& step) {
    return IsLock(step) && !after_waits.contains(&step);
  };
  const std::optional<Interruption> found = FindInterruption(failure.steps, IsLock, begins_section, IsLock);
  if (!found) return "";
  return absl::StrCat(found->parting.function, " locks ",
                      found->first.name.empty() ? "the same lock" : found->first.name, " twice, at ",
                      found->parting.first, " and ", found->parting.second, ", and T", found->other,
                      " comes in between: what was checked may no longer be true.");
}

// A function that loads an atomic to check it, and then changes it, and another thread that changes it in between.
std::string OfLoadAndChange(const InterleavingFailure& failure) {
  const std::optional<Interruption> found = FindInterruption(
      failure.steps, [](const InterleavingStep&) { return true; }, WritesAtomically,
      [](const InterleavingStep& step) { return step.operation == "load"; });
  if (!found) return "";
  return absl::StrCat(found->parting.function, " loads ",
                      found->first.name.empty() ? "the same atomic" : found->first.name, " at ", found->parting.first,
                      " and changes it at ", found->parting.second, ", and T", found->other,
                      " changes it in between: what was loaded may no longer be true.");
}

// A thread returns from a wait after a spurious wake-up, and neither checks a condition nor waits again.
std::string OfWaitWithoutLoop(const InterleavingFailure& failure) {
  const std::vector<InterleavingStep>& steps = failure.steps;
  for (size_t woken = 0; woken < steps.size(); ++woken) {
    if (steps[woken].operation != "wake up without cause") continue;
    const std::string waiter = CallerIn(steps[woken].stack);
    const bool looks_again = std::any_of(steps.begin() + woken + 1, steps.end(), [&](const InterleavingStep& step) {
      return step.thread == steps[woken].thread && CallerIn(step.stack) == waiter &&
             (step.operation == "wait" || ReadsAtomically(step));
    });
    if (waiter.empty() || looks_again) continue;
    return absl::StrCat(waiter, " goes on because ",
                        steps[woken].name.empty() ? "a condition variable" : steps[woken].name,
                        " woke it without cause, as it may: only a loop checks again what the thread waits for.");
  }
  return "";
}

// A load returns an older value, as the memory orders of the load and the store permit.
std::string OfOlderValue(const InterleavingFailure& failure) {
  for (const InterleavingStep& step : failure.steps) {
    const std::string reader = step.older ? CallerIn(step.stack) : "";
    if (reader.empty()) continue;
    return absl::StrCat(reader, " loads ", step.name.empty() ? "an atomic" : step.name, Ordered(step.order),
                        ", and gets an older value: nothing orders the latest store before this load.");
  }
  return "";
}

}  // namespace

std::string Misconception(const InterleavingFailure& shown, const std::vector<InterleavingFailure>& failures) {
  const InterleavingFailure* race = RaceBehind(shown, failures);
  const InterleavingFailure& failure = race != nullptr ? *race : shown;
  if (failure.is_note || !failure.defect.empty()) return "";
  std::string sentence = OfOlderValue(failure);
  if (!sentence.empty()) return sentence;
  if (failure.kind == "data race") {
    sentence = OfWaitWithoutLoop(failure);
    if (sentence.empty()) sentence = OfRace(failure);
  } else if (failure.kind == "use after free") {
    sentence = OfUnorderedFree(failure);
  } else if (failure.kind == "deadlock") {
    sentence = OfLostNotification(failure);
  } else if (failure.kind == "failed expectation" || failure.kind == "abort" || failure.kind == "crash" ||
             failure.kind == "uncaught exception") {
    sentence = OfWaitWithoutLoop(failure);
    if (sentence.empty()) sentence = OfTwoSections(failure);
    if (sentence.empty()) sentence = OfLoadAndChange(failure);
  }
  if (absl::StartsWith(sentence, "the ")) sentence[0] = 'T';
  return sentence;
}

}  // namespace racelab
