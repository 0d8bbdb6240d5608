#ifndef RACELAB_SANITIZERS_REPORT_REPORT_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report_kind.h"

namespace racelab {

// One line of a stack: a function, and where in it. What the report did not know is empty (or 0).
struct Frame {
  std::string function;  // demangled, with its arguments: "HitCounter::Record()"
  std::string file;      // as printed, usually absolute
  int line = 0;          // from 1
  std::string module;    // the program or library: "data_race", "libtsan.so.2"

  friend bool operator==(const Frame&, const Frame&) = default;
};

// What a stack has to do with the report.
enum class StackRole {
  kAccess,          // the access that was caught
  kPreviousAccess,  // the earlier access, or free, that it conflicts with
  kHere,            // where a mutex was misused, or an unsafe call was made
  kHereBefore,      // and what that conflicts with: the place where the destroyed mutex was locked
  kLockAcquired,    // an edge of a lock-order cycle: a lock taken while another was held
  kLockHeld,        // where the other had been taken
  kMutexCreated,
  kThreadCreated,
  kHeapAllocated,
  kFileDescriptor,  // where it was opened or closed
  kSignalHandler,
  kSleep,  // "as if synchronized via sleep"
  kOther,
};

// A role's name in JSON, such as "previous access".
std::string_view Name(StackRole role);

// A stack of a report, innermost frame first. `frames` is empty if ThreadSanitizer failed to restore the stack.
struct Stack {
  StackRole role = StackRole::kOther;
  std::string description;  // the line that introduces it, without its indentation and colon
  std::vector<Frame> frames;

  friend bool operator==(const Stack&, const Stack&) = default;
};

struct Report {
  ReportKind kind = ReportKind::kOther;
  std::string headline;  // ThreadSanitizer's words for the kind
  std::string location;  // whose memory it is: "global 'g_total' of size 8 at …"; empty if unknown
  std::vector<Stack> stacks;
  std::string text;  // as printed, from the headline to the closing rule, foreign lines in between included

  friend bool operator==(const Report&, const Report&) = default;
};

// A fatal signal that ThreadSanitizer caught: it prints the stack and exits with the status of a report.
struct CaughtSignal {
  std::string name;  // "SEGV", "BUS", "FPE"…
  Stack stack;
};

struct ParsedReports {
  std::vector<Report> reports;         // the complete ones, in the order in which they were printed
  bool truncated = false;              // a report began and never ended
  std::optional<CaughtSignal> signal;  // the program died of it
  std::string fatal;                   // the line in which ThreadSanitizer itself gave up; empty if it did not
};

// Reads what a program printed to stderr under ThreadSanitizer.
//
// Never fails. Lines of the program's own may stand anywhere between those of a report, or begin in front of one; any
// bytes may occur, and the text may have been cut anywhere. Understands the text of clang 14 to 19 and of g++ 12,
// without colours.
ParsedReports ParseThreadSanitizer(std::string_view text);

// The frame that speaks for a stack: the innermost one that belongs to the program under test, not to the standard
// library, the sanitizer's runtime, libc, Abseil, GoogleTest, rapidcheck or tests/support. nullptr if there is none.
// Points into `stack`.
const Frame* Site(const Stack& stack);

// The qualified name, without template or function arguments, of a function as a report prints it:
// "int& Box<int>::At(int) const" is "Box::At". ABI tags and unnamed namespaces are left out. A lambda is named after
// the function in which it is written: "Table::Open()::{lambda(int)#1}::operator()(int) const" is "Table::Open". A
// function that cannot be understood is returned as it is.
std::string QualifiedName(std::string_view function);

// QualifiedName of the function of `frame` in `stack`. g++ calls a lambda of a free function just "operator()"; then
// the name is recovered from the frames that called it.
std::string SiteName(const Stack& stack, const Frame& frame);

// The place where one of a report's conflicting parties is. `frame` points into the report; it is nullptr, and `name`
// empty, for a stack that could not be restored or has no site.
struct NamedSite {
  const Frame* frame = nullptr;
  std::string name;  // SiteName: "HitCounter::Record"
};

// The sites that make up the report, in the order printed: the two accesses of a race, each acquisition of a lock-order
// cycle, the creation of a leaked thread, otherwise the place of the misuse.
std::vector<NamedSite> NamedSites(const Report& report);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_H_
