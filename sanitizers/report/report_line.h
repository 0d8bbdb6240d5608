#ifndef RACELAB_SANITIZERS_REPORT_REPORT_LINE_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_LINE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// The lines of which a report consists, in the order in which ThreadSanitizer prints them.
enum class LineKind {
  kForeign,         // anything else
  kHeadline,        // WARNING: ThreadSanitizer: data race (pid=1)
  kSignal,          //   Signal 10 handler invoked at:
  kCycle,           //   Cycle in lock order graph: M1 (0x7b04) => M2 (0x7b08) => M1
  kLockAcquired,    //   Mutex M2 acquired here while holding mutex M1 in main thread:
  kLockHeld,        //   Mutex M1 previously acquired by the same thread here:
  kHint,            //     Hint: use TSAN_OPTIONS=second_deadlock_stack=1 to get more informative warning message
  kAnd,             //   and:
  kAccess,          //   Write of size 4 at 0x7b04 by main thread (mutexes: write M1):
  kHeldMutexes,     //  (mutexes: write M1):     the rest of the line before, after foreign output
  kSleep,           //   As if synchronized via sleep:
  kLocation,        //   Location is stack of main thread.
  kMutex,           //   Mutex M1 (0x7b04) created at:
  kDestroyedMutex,  //   Mutex M1 is already destroyed.
  kThread,          //   Thread T1 'worker' (tid=123, running) created by main thread at:
  kSimilarLeaks,    //   And 2 more similar thread leaks.
  kSummary,         // SUMMARY: ThreadSanitizer: data race /src/a.h:3 in A::F()
  kRule,            // ==================
  kFrame,           //     #0 A::F() /src/a.h:3:5 (a+0x1)
  kNoStack,         //     [failed to restore the stack]
};

struct ReportLine {
  LineKind kind = LineKind::kForeign;
  std::string_view body;  // from the first word on. The program's own output may stand before it.
};

// Classifies a line, which must not contain a line end.
ReportLine ClassifyReportLine(std::string_view line);

// These functions parse a line's `body`; the caller fills in the stacks. If the program's output has split a line, they
// return the parts that are present.
struct Headline {
  std::string_view text;
  int pid = 0;
};
std::optional<Headline> ParseHeadline(std::string_view line);  // anywhere in the line
std::optional<ReportedAccess> ParseAccess(std::string_view body);
std::vector<HeldMutex> ParseHeldMutexes(std::string_view body);
ReportedLocation ParseLocation(std::string_view body);
std::optional<ReportedThread> ParseThread(std::string_view body);
std::optional<ReportedMutex> ParseMutex(std::string_view body);
std::vector<CycleMutex> ParseCycle(std::string_view body);
std::optional<LockOrderEdge> ParseLockAcquired(std::string_view body);

// "main thread" or "thread T12" at the beginning of `text`; kUnknownThread if it is something else.
int ParseThreadId(std::string_view text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_LINE_H_
