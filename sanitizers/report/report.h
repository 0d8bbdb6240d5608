#ifndef RACELAB_SANITIZERS_REPORT_REPORT_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report_kind.h"

namespace racelab {

// One line of a stack: a function, and the place in it. Parts that the report did not know are empty (or 0).
struct Frame {
  std::string function;  // demangled, with its arguments: "HitCounter::Record()"
  std::string file;      // as printed, usually absolute
  int line = 0;          // from 1
  std::string module;    // the program or library: "data_race", "libtsan.so.2"

  friend bool operator==(const Frame&, const Frame&) = default;
};

// The role of a stack in the report.
enum class StackRole {
  kAccess,          // the access that was caught
  kPreviousAccess,  // the earlier access, or free, with which it conflicts
  kHere,            // where a mutex was misused, or an unsafe call was made
  kHereBefore,      // what conflicts with that: for example, where the destroyed mutex was locked
  kLockAcquired,    // an edge of a lock-order cycle: a lock taken while another was held
  kLockHeld,        // where that other lock was taken
  kMutexCreated,
  kThreadCreated,
  kHeapAllocated,
  kFileDescriptor,  // where it was opened or closed
  kSignalHandler,
  kSleep,  // "as if synchronized via sleep"
  kOther,
};

// The role's name in JSON, such as "previous access".
std::string_view Name(StackRole role);

// A stack of a report, innermost frame first. `frames` is empty if ThreadSanitizer failed to restore the stack.
struct Stack {
  StackRole role = StackRole::kOther;
  std::string description;  // the line that introduces it, without indentation and colon
  std::vector<Frame> frames;

  friend bool operator==(const Stack&, const Stack&) = default;
};

struct Report {
  ReportKind kind = ReportKind::kOther;
  std::string headline;  // ThreadSanitizer's name for the kind
  std::string location;  // the memory that is accessed: "global 'g_total' of size 8 at …"; empty if unknown
  std::vector<Stack> stacks;
  std::string text;  // as printed, from the headline to the closing rule, including foreign lines between them

  friend bool operator==(const Report&, const Report&) = default;
};

// A fatal signal that ThreadSanitizer caught: it prints the stack and exits with the status of a report.
struct CaughtSignal {
  std::string name;  // "SEGV", "BUS", "FPE"…
  Stack stack;
};

struct ParsedReports {
  std::vector<Report> reports;         // the complete reports, in the order in which they were printed
  bool truncated = false;              // a report began and did not end
  std::optional<CaughtSignal> signal;  // the program died of it
  std::string fatal;                   // the line in which ThreadSanitizer itself gave up; empty if it did not give up
};

// Reads a program's stderr output under ThreadSanitizer.
//
// Never fails. The program's own lines may stand anywhere between the lines of a report, or before them on the same
// line; any bytes may occur, and the text may be cut off anywhere. Understands the text of clang 14 to 19 and of g++
// 12, without colours.
ParsedReports ParseThreadSanitizer(std::string_view text);

// The frame that represents a stack: the innermost one that belongs to the program under test, not to the standard
// library, the sanitizer's runtime, libc, Abseil, GoogleTest, rapidcheck or tests/support. nullptr if there is none.
// Points into `stack`.
const Frame* Site(const Stack& stack);

// The qualified name, without template or function arguments, of a function as a report prints it: "int&
// Box<int>::At(int) const" becomes "Box::At". ABI tags and unnamed namespaces are left out. A lambda gets the name of
// the function that contains it: "Table::Open()::{lambda(int)#1}::operator()(int) const" becomes "Table::Open". A
// function that cannot be parsed is returned unchanged.
std::string QualifiedName(std::string_view function);

// The QualifiedName of the function of `frame` in `stack`. g++ calls a lambda in a free function just "operator()"; in
// this case the name is recovered from the frames that called it.
std::string SiteName(const Stack& stack, const Frame& frame);

// The place of one of a report's conflicting parties. `frame` points into the report. If the stack could not be
// restored or has no site, `frame` is nullptr and `name` is empty.
struct NamedSite {
  const Frame* frame = nullptr;
  std::string name;  // SiteName: "HitCounter::Record"
};

// The sites that make up the report, in the order printed: the two accesses of a race, each acquisition of a lock-order
// cycle, the creation of a leaked thread; for other kinds, the place of the misuse.
std::vector<NamedSite> NamedSites(const Report& report);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_H_
