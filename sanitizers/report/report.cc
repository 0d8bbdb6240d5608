#include "sanitizers/report/report.h"

#include <string_view>
#include <utility>
#include <variant>

#include "sanitizers/report/report_reader.h"

namespace racelab {
namespace {

// Collects what a reader reads.
class Collector {
 public:
  void operator()(Report report) { result_.reports.push_back(std::move(report)); }
  void operator()(IncompleteReport incomplete) {
    result_.truncated = true;
    result_.incomplete.push_back(std::move(incomplete));
  }
  void operator()(FatalError error) {
    if (error.kind == FatalKind::kSignal) {
      if (!result_.signal.has_value()) result_.signal = {error.signal, error.stack};
    } else if (result_.fatal.empty()) {
      result_.fatal = error.what;
    }
    result_.fatals.push_back(std::move(error));
  }
  void operator()(Notice notice) { result_.notices.push_back(std::move(notice)); }
  void operator()(MatchedSuppression suppression) { result_.suppressions.push_back(std::move(suppression)); }

  ParsedReports Take() { return std::move(result_); }

 private:
  ParsedReports result_;
};

}  // namespace

std::string_view Name(StackRole role) {
  switch (role) {
    case StackRole::kAccess:
      return "access";
    case StackRole::kPreviousAccess:
      return "previous access";
    case StackRole::kHere:
      return "here";
    case StackRole::kHereBefore:
      return "here before";
    case StackRole::kLockAcquired:
      return "lock acquired";
    case StackRole::kLockHeld:
      return "lock held";
    case StackRole::kMutexCreated:
      return "mutex created";
    case StackRole::kThreadCreated:
      return "thread created";
    case StackRole::kHeapAllocated:
      return "heap allocated";
    case StackRole::kFileDescriptor:
      return "file descriptor";
    case StackRole::kSignalHandler:
      return "signal handler";
    case StackRole::kSleep:
      return "sleep";
    case StackRole::kOther:
      break;
  }
  return "other";
}

std::string_view Name(LocationKind kind) {
  switch (kind) {
    case LocationKind::kGlobal:
      return "global";
    case LocationKind::kHeap:
      return "heap";
    case LocationKind::kStack:
      return "stack";
    case LocationKind::kThreadLocal:
      return "thread-local";
    case LocationKind::kFileDescriptor:
      return "file descriptor";
    case LocationKind::kOther:
      break;
  }
  return "other";
}

std::string_view Name(FatalKind kind) {
  switch (kind) {
    case FatalKind::kSignal:
      return "signal";
    case FatalKind::kMemoryMapping:
      return "memory mapping";
    case FatalKind::kCheckFailed:
      return "check failed";
    case FatalKind::kOutOfMemory:
      return "out of memory";
    case FatalKind::kAllocation:
      return "allocation";
    case FatalKind::kOther:
      break;
  }
  return "other";
}

ParsedReports ParseThreadSanitizer(std::string_view text) {
  Collector collector;
  ReportReader reader([&collector](ReportEvent event) { std::visit(collector, std::move(event)); });
  reader.Feed(text);
  reader.Finish();
  return collector.Take();
}

}  // namespace racelab
