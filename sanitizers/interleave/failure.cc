#include "sanitizers/interleave/failure.h"

#include <string.h>

namespace racelab::interleave {

const char* Name(const Access& access) {
  switch (access.lifetime) {
    case Lifetime::kGoesOn:
      break;
    case Lifetime::kBegins:
      return "allocation";
    case Lifetime::kEnds:
      return "free";
    case Lifetime::kEndsWithThread:
      return "last step";
  }
  if (access.atomic) return access.write ? "atomic write" : "atomic read";
  return access.write ? "write" : "read";
}

const char* Name(FailureKind kind) {
  switch (kind) {
    case FailureKind::kNone:
      return "none";
    case FailureKind::kExpectation:
      return "failed expectation";
    case FailureKind::kDataRace:
      return "data race";
    case FailureKind::kUseAfterFree:
      return "use after free";
    case FailureKind::kDeadlock:
      return "deadlock";
    case FailureKind::kNoProgress:
      return "no progress";
    case FailureKind::kCrash:
      return "crash";
    case FailureKind::kAbort:
      return "abort";
    case FailureKind::kUncaughtException:
      return "uncaught exception";
    case FailureKind::kExit:
      return "exit code";
    case FailureKind::kMutexMisuse:
      return "misuse of a mutex";
    case FailureKind::kHeapMisuse:
      return "misuse of the heap";
    case FailureKind::kThreadMisuse:
      return "misuse of a thread";
    case FailureKind::kThreadLeak:
      return "thread leak";
    case FailureKind::kUnsupported:
      return "unsupported";
    case FailureKind::kNotDeterministic:
      return "not deterministic";
    case FailureKind::kPaused:
      return "paused";
    case FailureKind::kCutOff:
      return "cut off";
  }
  return "?";
}

bool SameFailure(const Failure& a, const Failure& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == FailureKind::kDataRace || a.kind == FailureKind::kUseAfterFree)
    return a.race.earlier.pc == b.race.earlier.pc && a.later.pc == b.later.pc;
  if (a.kind == FailureKind::kCrash) return a.place == b.place;  // The address may vary.
  if (a.kind == FailureKind::kAbort) return a.place == b.place && strcmp(a.message, b.message) == 0;
  return strcmp(a.message, b.message) == 0;
}

}  // namespace racelab::interleave
