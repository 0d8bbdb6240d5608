#ifndef RACELAB_SANITIZERS_REPORT_REPORT_KIND_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_KIND_H_

#include <optional>
#include <string_view>
#include <vector>

namespace racelab {

// Everything that ThreadSanitizer can report: all of its kinds (`ReportTypeString` in LLVM's
// compiler-rt/lib/tsan/rtl/tsan_report.cpp).
enum class ReportKind {
  kDataRace,
  kVptrRace,          // a virtual call during the object's construction or destruction
  kUseAfterFree,      // on the heap
  kVptrUseAfterFree,  // a virtual call on a freed object
  kExternalRace,      // on an object that is not memory, such as a file descriptor
  kLockOrderInversion,
  kBadUnlock,  // of a mutex that is not locked, or is locked by another thread
  kDoubleLock,
  kBadReadLock,    // of a mutex that is locked for writing
  kBadReadUnlock,  // of a mutex that is locked for writing
  kMutexDestroyedLocked,
  kInvalidMutex,       // never initialised, or destroyed
  kMutexWrongContext,  // held where a mutex must not be held
  kThreadLeak,
  kSignalUnsafeCall,
  kErrnoInSignalHandler,
  kOther,  // a headline that is not in this list
};

// The name of a kind in lab.toml and on the screen, such as "data race" or "lock-order inversion".
std::string_view Name(ReportKind kind);

// The kind with this `Name`; nullopt for other words. ThreadSanitizer's own, longer words are not accepted: one word
// for one thing.
std::optional<ReportKind> ReportKindFromName(std::string_view name);

// The kind that a report's headline, without "(pid=…)", announces; kOther if the headline is unknown.
ReportKind ReportKindFromHeadline(std::string_view headline);

// Every kind except kOther, for lists of the kinds that a lab.toml may contain.
std::vector<ReportKind> AllReportKinds();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_KIND_H_
