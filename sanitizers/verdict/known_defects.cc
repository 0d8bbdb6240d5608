#include "sanitizers/verdict/known_defects.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace racelab {
namespace {

constexpr std::string_view kSemaphore = "semaphore-lost-wake-up", kSharedPointer = "atomic-shared-ptr-relaxed-unlock",
                           kCharacterCache = "ctype-cache", kFreeList = "lockfree-free-list";

constexpr std::string_view kBoostLockFree = "/boost/lockfree/";
constexpr std::string_view kHeaders = "/c++/";  // in the path of each of the library's headers: ".../c++/12/atomic"

bool IsOfLibrary(const Frame& frame) {
  return absl::StrContains(frame.file, kHeaders) || absl::StrContains(frame.file, kBoostLockFree) ||
         absl::StartsWith(frame.module, "libstdc++.so");
}

// Whether a function of `scope` is on the stack and has called only library functions since.
bool IsWithin(const Stack& stack, std::string_view scope) {
  for (const Frame& frame : stack.frames) {
    if (!IsOfLibrary(frame)) return false;
    if (absl::StrContains(frame.function, scope)) return true;
  }
  return false;
}

bool AreWithin(const InterleavingFailure& race, std::string_view scope) {
  return race.kind == "data race" && race.accesses.size() == 2 &&
         std::all_of(race.accesses.begin(), race.accesses.end(),
                     [scope](const RacingAccess& access) { return IsWithin(access.stack, scope); });
}

// std::atomic<std::shared_ptr> protects its pointer with a lock bit. A load (or a failed compare-exchange) unlocks with
// a relaxed operation, so its read of the pointer does not happen before the next locking thread's write.
bool IsRelaxedUnlock(const InterleavingFailure& failure) {
  return AreWithin(failure, "std::_Sp_atomic<") &&
         std::any_of(failure.accesses.begin(), failure.accesses.end(),
                     [](const RacingAccess& access) { return access.access == "read"; });
}

// Functions of Boost.Lockfree whose caller guarantees that no other thread uses the container.
bool IsForOneThread(const Frame& frame) {
  return absl::StrContains(frame.function, "unsynchronized_") || absl::StrContains(frame.function, "::~");
}

// std::ctype<char> caches properties of characters; every thread would cache the same value.
bool IsCharacterCache(const InterleavingFailure& failure) { return AreWithin(failure, "std::ctype<char>::"); }

// While a thread reads a node, other threads may pop, free and refill it with plain writes. The tag next to the pointer
// has then changed, and the thread discards the value that it read. This does not cover functions meant for a single
// thread.
bool IsReadOfFreedNode(const InterleavingFailure& failure) {
  if (!AreWithin(failure, "boost::lockfree::queue<") && !AreWithin(failure, "boost::lockfree::stack<")) return false;
  const auto reads = [](const RacingAccess& access) { return absl::EndsWith(access.access, "read"); };
  const auto is_for_one_thread = [](const RacingAccess& access) {
    return std::any_of(access.stack.frames.begin(), access.stack.frames.end(), IsForOneThread);
  };
  return reads(failure.accesses[0]) != reads(failure.accesses[1]) &&
         std::none_of(failure.accesses.begin(), failure.accesses.end(), is_for_one_thread);
}

// A thread sleeps in acquire() although the counter is above 0: the thread that raised it to 2 saw that it was already
// above 0, and woke no thread. If the counter is 0, the program itself lacks a release.
bool IsLostWakeUp(const InterleavingFailure& failure) {
  if (failure.kind != "deadlock") return false;
  return std::any_of(failure.waiting.begin(), failure.waiting.end(), [&](const WaitingThread& waiting) {
    if (waiting.operation != "sleep on" || !IsWithin(waiting.stack, "std::__atomic_semaphore::")) return false;
    const auto last = std::find_if(failure.steps.rbegin(), failure.steps.rend(), [&](const InterleavingStep& step) {
      return step.object == waiting.object && step.after.has_value();
    });
    return last != failure.steps.rend() && static_cast<std::int32_t>(*last->after) > 0;
  });
}

// The version of libstdc++ to which the frames' headers belong: "12" for "/usr/include/c++/12/bits/semaphore_base.h".
std::string VersionOfHeaders(const InterleavingFailure& failure) {
  for (const Stack* stack : Stacks(failure)) {
    for (const Frame& frame : stack->frames) {
      const size_t folder = frame.file.find(kHeaders);
      if (folder == std::string::npos) continue;
      size_t end = folder + kHeaders.size();
      while (end < frame.file.size() && absl::ascii_isdigit(static_cast<unsigned char>(frame.file[end]))) ++end;
      if (end > folder + kHeaders.size())
        return frame.file.substr(folder + kHeaders.size(), end - folder - kHeaders.size());
    }
  }
  return "";
}

void ResolveStack(Stack& stack, const FramesOfPlaces& frames) {
  std::vector<Frame> resolved;
  for (const Frame& frame : stack.frames) {
    const auto found = frames.find(frame.module);
    if (found == frames.end()) {
      resolved.push_back(frame);
    } else {
      resolved.insert(resolved.end(), found->second.begin(), found->second.end());
    }
  }
  stack.frames = std::move(resolved);
}

std::string ModuleOf(const Stack& stack) { return stack.frames.empty() ? "" : stack.frames.front().module; }

}  // namespace

const std::vector<KnownDefect>& KnownDefects() {
  static const auto& defects = *new std::vector<KnownDefect>{
      {.id = kSemaphore,
       .what =
           "std::counting_semaphore loses a wake-up: release() wakes nobody if the counter is above 0 already, though "
           "a thread may just be going to sleep",
       .versions = "libstdc++ 11 and later",
       .mended = "",
       .upstream = "GCC bugs 104928 and 98033",
       .is_formal = false},
      {.id = kSharedPointer,
       .what =
           "std::atomic<std::shared_ptr>::load() unlocks by a relaxed operation, so that its read of the pointer is "
           "formally in a race with the next write",
       .versions = "libstdc++ 12 and later",
       .mended = "",
       .upstream = "",
       .is_formal = true},
      {.id = kCharacterCache,
       .what =
           "std::ctype<char>, which all threads share, keeps the results of narrow() and widen() without a lock (as "
           "std::regex and streams use them)",
       .versions = "libstdc++",
       .mended = "",
       .upstream = "GCC bug 77704",
       .is_formal = true},
      {.id = kFreeList,
       .what =
           "a node that a thread reads may have been taken and written anew, which it notices by the tag afterwards",
       .versions = "Boost.Lockfree",
       .mended = "",
       .upstream = "",
       .is_formal = true},
  };
  return defects;
}

const KnownDefect* FindKnownDefect(const InterleavingFailure& failure) {
  const std::string_view id = IsLostWakeUp(failure)        ? kSemaphore
                              : IsRelaxedUnlock(failure)   ? kSharedPointer
                              : IsCharacterCache(failure)  ? kCharacterCache
                              : IsReadOfFreedNode(failure) ? kFreeList
                                                           : "";
  const auto found = std::find_if(KnownDefects().begin(), KnownDefects().end(),
                                  [id](const KnownDefect& defect) { return defect.id == id; });
  return found == KnownDefects().end() ? nullptr : &*found;
}

bool IsFormalDefect(const Report& report) {
  if (report.kind != ReportKind::kDataRace) return false;
  InterleavingFailure race;
  race.kind = "data race";
  for (const Stack& stack : report.stacks) {
    if (stack.role != StackRole::kAccess && stack.role != StackRole::kPreviousAccess) continue;
    const bool reads = absl::StrContains(absl::AsciiStrToLower(stack.description), "read of size");
    race.accesses.push_back({0, reads ? "read" : "write", stack, false, {}, {}});
  }
  const KnownDefect* defect = FindKnownDefect(race);
  return defect != nullptr && defect->is_formal;
}

std::string Describe(const KnownDefect& defect, const InterleavingFailure& failure) {
  const std::string version = defect.id == kFreeList ? "" : VersionOfHeaders(failure);
  return absl::StrCat("a known defect of ", version.empty() ? std::string(defect.versions) : "libstdc++ " + version,
                      defect.upstream.empty() ? "" : ", ", defect.upstream, ", not of this program: ", defect.what,
                      defect.mended.empty() ? "" : absl::StrCat(" (mended in ", defect.mended, ")"));
}

std::vector<std::string> NoteKnownDefects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames) {
  std::vector<std::string> races;
  for (Exploration& exploration : explorations) {
    for (InterleavingFailure& failure : exploration.failures) {
      InterleavingFailure resolved;
      resolved.kind = failure.kind;
      resolved.accesses = failure.accesses;
      resolved.waiting = failure.waiting;
      if (!failure.waiting.empty()) resolved.steps = failure.steps;
      for (RacingAccess& access : resolved.accesses) ResolveStack(access.stack, frames);
      for (WaitingThread& waiting : resolved.waiting) ResolveStack(waiting.stack, frames);
      const KnownDefect* defect = FindKnownDefect(resolved);
      if (defect == nullptr) continue;
      failure.defect = Describe(*defect, resolved);
      failure.is_note = defect->is_formal;
      if (!failure.is_note) continue;
      const std::string one = ModuleOf(failure.accesses[0].stack), other = ModuleOf(failure.accesses[1].stack);
      races.push_back(absl::StrCat(one, "*", other));
      // Two threads may also race at one and the same place in the cache code. (Not excused for the other defects: code
      // that swaps a pointer may also swap the program's own data.)
      if (defect->id == kCharacterCache)
        races.insert(races.end(), {absl::StrCat(one, "*", one), absl::StrCat(other, "*", other)});
    }
  }
  return races;
}

}  // namespace racelab
