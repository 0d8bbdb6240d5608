#include "sanitizers/report/report_kind.h"

#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"

namespace racelab {
namespace {

struct KindRow {
  ReportKind kind;
  std::string_view name;      // ours
  std::string_view headline;  // ThreadSanitizer's, the same in clang 14 to 19 and g++ 12
};

constexpr KindRow kKinds[] = {
    {ReportKind::kDataRace, "data race", "data race"},
    {ReportKind::kVptrRace, "data race on vptr", "data race on vptr (ctor/dtor vs virtual call)"},
    {ReportKind::kUseAfterFree, "heap-use-after-free", "heap-use-after-free"},
    {ReportKind::kVptrUseAfterFree, "heap-use-after-free on vptr", "heap-use-after-free (virtual call vs free)"},
    {ReportKind::kExternalRace, "race on external object", "race on external object"},
    {ReportKind::kLockOrderInversion, "lock-order inversion", "lock-order-inversion (potential deadlock)"},
    {ReportKind::kBadUnlock, "bad unlock", "unlock of an unlocked mutex (or by a wrong thread)"},
    {ReportKind::kDoubleLock, "double lock", "double lock of a mutex"},
    {ReportKind::kBadReadLock, "bad read lock", "read lock of a write locked mutex"},
    {ReportKind::kBadReadUnlock, "bad read unlock", "read unlock of a write locked mutex"},
    {ReportKind::kMutexDestroyedLocked, "destroy of a locked mutex", "destroy of a locked mutex"},
    {ReportKind::kInvalidMutex, "invalid mutex", "use of an invalid mutex (e.g. uninitialized or destroyed)"},
    {ReportKind::kMutexWrongContext, "mutex in the wrong context", "mutex held in the wrong context"},
    {ReportKind::kThreadLeak, "thread leak", "thread leak"},
    {ReportKind::kSignalUnsafeCall, "signal-unsafe call", "signal-unsafe call inside of a signal"},
    {ReportKind::kErrnoInSignalHandler, "errno in signal handler", "signal handler spoils errno"},
};

constexpr std::string_view kOtherName = "unknown report";

}  // namespace

std::string_view Name(ReportKind kind) {
  for (const KindRow& row : kKinds) {
    if (row.kind == kind) return row.name;
  }
  return kOtherName;
}

std::optional<ReportKind> ReportKindFromName(std::string_view name) {
  for (const KindRow& row : kKinds) {
    if (row.name == name) return row.kind;
  }
  return std::nullopt;
}

ReportKind ReportKindFromHeadline(std::string_view headline) {
  for (const KindRow& row : kKinds) {
    if (row.headline == headline) return row.kind;
  }
  // A library may register its own objects: "race on <the library's name for them>".
  if (absl::StartsWith(headline, "race on ") || headline == "Swift access race") return ReportKind::kExternalRace;
  return ReportKind::kOther;
}

std::vector<ReportKind> AllReportKinds() {
  std::vector<ReportKind> all;
  for (const KindRow& row : kKinds) all.push_back(row.kind);
  return all;
}

}  // namespace racelab
