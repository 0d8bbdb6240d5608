#ifndef RACELAB_SANITIZERS_REPORT_REPORT_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report_kind.h"

namespace racelab {

// One line of a stack: a function, and the place in it. Parts that the report did not know are empty (or 0).
struct Frame {
  std::string function;       // demangled, with its arguments: "HitCounter::Record()"
  std::string file;           // as printed, usually absolute
  int line = 0;               // from 1
  std::string module;         // the program or library, as printed: "data_race", "libtsan.so.2", "/usr/bin/data_race"
  int column = 0;             // from 1; g++'s runtime prints none
  std::uint64_t offset = 0;   // of the call's or access's instruction in the module
  std::uint64_t address = 0;  // of the same instruction in memory; printed in some formats only
  // NOLINTNEXTLINE(readability-redundant-member-init): lists of initialisers may leave it out.
  std::string build_id = {};  // of the module, in hexadecimal; clang 15 and newer

  friend bool operator==(const Frame&, const Frame&) = default;
};

// The role of a stack in the report.
enum class StackRole {
  kAccess,          // the access at which the race was detected
  kPreviousAccess,  // the earlier access, or free, with which it conflicts
  kHere,            // where a mutex was misused, or an unsafe call was made
  kHereBefore,      // the conflicting event: for example, where the destroyed mutex was locked
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

// ThreadSanitizer's number of a thread in its reports: "thread T12". The main thread is 0.
inline constexpr int kMainThread = 0;
inline constexpr int kUnknownThread = -1;

// A mutex that a thread held: "write M12".
struct HeldMutex {
  std::uint64_t id = 0;
  bool write = false;  // locked exclusively

  friend bool operator==(const HeldMutex&, const HeldMutex&) = default;
};

// An index into Report::stacks.
using StackIndex = size_t;

// "Previous atomic write of size 4 at 0x7b04 by thread T1 (mutexes: write M1)".
struct ReportedAccess {
  StackIndex stack = 0;
  bool previous = false;  // the earlier access
  bool write = false;
  bool atomic = false;
  std::uint64_t size = 0;  // bytes; 0 for an external object
  std::uint64_t address = 0;
  std::string object;  // the library's description of an external object
  int thread = kUnknownThread;
  std::vector<HeldMutex> mutexes;

  friend bool operator==(const ReportedAccess&, const ReportedAccess&) = default;
};

enum class LocationKind { kGlobal, kHeap, kStack, kThreadLocal, kFileDescriptor, kOther };

std::string_view Name(LocationKind kind);

// What is at the address: "Location is heap block of size 8 at 0x7b04 allocated by main thread".
struct ReportedLocation {
  LocationKind kind = LocationKind::kOther;
  std::string name;  // of the global; for a heap block of a library's own kind, the library's name for it
  std::uint64_t size = 0;
  std::uint64_t address = 0;    // where the global or the block begins
  std::string module;           // of the global
  std::uint64_t offset = 0;     // of the global in the module
  int thread = kUnknownThread;  // the owner of the stack or TLS, or the thread that allocated the block, or opened or
                                // closed the file
  int descriptor = -1;          // of the file
  bool closed = false;          // the thread closed the file; otherwise, it opened it
  std::optional<StackIndex> stack;  // where it was allocated, opened or closed

  friend bool operator==(const ReportedLocation&, const ReportedLocation&) = default;
};

// "Mutex M12 (0x7b04) created at:", or "Mutex M12 is already destroyed."
struct ReportedMutex {
  std::uint64_t id = 0;
  std::uint64_t address = 0;  // 0 if it is destroyed
  std::optional<StackIndex> stack;

  friend bool operator==(const ReportedMutex&, const ReportedMutex&) = default;
};

// "Thread T1 'worker' (tid=123, running) created by main thread at:".
struct ReportedThread {
  int id = kUnknownThread;
  std::string name;
  std::uint64_t os_id = 0;
  bool running = false;         // otherwise, finished
  bool is_pool_worker = false;  // of Grand Central Dispatch, without a creator
  int creator = kUnknownThread;
  std::optional<StackIndex> stack;

  friend bool operator==(const ReportedThread&, const ReportedThread&) = default;
};

// A mutex on the cycle of a lock-order inversion.
struct CycleMutex {
  std::uint64_t id = 0;
  std::uint64_t address = 0;

  friend bool operator==(const CycleMutex&, const CycleMutex&) = default;
};

// "Mutex M2 acquired here while holding mutex M1 in thread T1".
struct LockOrderEdge {
  std::uint64_t acquired = 0;
  std::uint64_t held = 0;
  int thread = kUnknownThread;
  StackIndex acquired_stack = 0;
  std::optional<StackIndex> held_stack;  // printed with the option second_deadlock_stack=1

  friend bool operator==(const LockOrderEdge&, const LockOrderEdge&) = default;
};

// Lines of the input, from 1, both included.
struct LineRange {
  size_t first = 0;
  size_t last = 0;

  friend bool operator==(const LineRange&, const LineRange&) = default;
};

struct Report {
  ReportKind kind = ReportKind::kOther;
  std::string headline;  // ThreadSanitizer's name for the kind
  std::string location;  // the memory that is accessed: "global 'g_total' of size 8 at …"; empty if unknown
  std::vector<Stack> stacks;
  // From the headline to the closing rule, including foreign lines between them; without colours, carriage returns, and
  // log prefixes.
  std::string text;

  int pid = 0;
  std::vector<ReportedAccess> accesses;
  std::vector<ReportedLocation> locations;
  std::vector<ReportedMutex> mutexes;
  std::vector<ReportedThread> threads;
  std::vector<CycleMutex> cycle;     // of a lock-order inversion; the last one leads back to the first
  std::vector<LockOrderEdge> edges;  // one for each mutex on the cycle
  std::optional<StackIndex> sleep;   // a sleep that alone separated the accesses
  int signal = 0;                    // in whose handler errno was changed
  int similar_leaks = 0;             // further threads that leaked like this one
  std::string summary;               // the text of the line SUMMARY: "data race /src/a.h:3 in A::F()"
  std::string source;                // whose line it is, according to the log: "web-1", "12"; usually empty
  LineRange lines;
  // A line is missing or foreign: a stack's frame numbers have a gap, or parts are in an impossible order.
  bool damaged = false;

  friend bool operator==(const Report&, const Report&) = default;
};

// A hash that ignores addresses, processes, threads and sleeps. Stable across runs.
std::uint64_t Signature(const Report& report);

// A report that began but could not be read completely.
struct IncompleteReport {
  std::string headline;
  ReportKind kind = ReportKind::kOther;
  int pid = 0;
  bool mixed = false;  // its lines are mixed with other processes' reports; otherwise, it was cut short
  std::string text;
  LineRange lines;

  friend bool operator==(const IncompleteReport&, const IncompleteReport&) = default;
};

enum class FatalKind {
  kSignal,         // SEGV, BUS, FPE…
  kMemoryMapping,  // the address space does not have the layout that the runtime needs
  kCheckFailed,    // of the runtime itself
  kOutOfMemory,
  kAllocation,  // impossible arguments of malloc() and the like
  kOther,
};

std::string_view Name(FatalKind kind);

// ThreadSanitizer ended the program.
struct FatalError {
  FatalKind kind = FatalKind::kOther;
  std::string what;    // the line, from "ERROR" or the like on
  std::string signal;  // "SEGV", "stack-overflow"
  int pid = 0;         // 0 if it was not printed
  int thread = kUnknownThread;
  std::optional<std::uint64_t> address;  // at which the signal was raised
  std::uint64_t pc = 0;
  std::string access;  // "READ", "WRITE", "UNKNOWN"
  std::vector<std::string> hints;
  Stack stack;
  std::string summary;
  std::string text;
  LineRange lines;

  friend bool operator==(const FatalError&, const FatalError&) = default;
};

// A status line of ThreadSanitizer, such as "ThreadSanitizer: reported 3 warnings".
struct Notice {
  std::string text;
  std::optional<int> warnings;  // how many it reported, if the line says so
  size_t line = 0;

  friend bool operator==(const Notice&, const Notice&) = default;
};

// "3 race:HitCounter::Record", printed with the option print_suppressions=1.
struct MatchedSuppression {
  std::uint64_t hits = 0;
  std::string pattern;
  int pid = 0;

  friend bool operator==(const MatchedSuppression&, const MatchedSuppression&) = default;
};

// A fatal signal that ThreadSanitizer caught: it prints the stack and exits with the status of a report.
struct CaughtSignal {
  std::string name;  // "SEGV", "BUS", "FPE"…
  Stack stack;
};

struct ParsedReports {
  std::vector<Report> reports;         // the complete reports, in the order in which they ended
  bool truncated = false;              // a report began and did not end: see `incomplete`
  std::optional<CaughtSignal> signal;  // the program died of it
  std::string fatal;                   // the line in which ThreadSanitizer itself gave up; empty if it did not give up
  std::vector<IncompleteReport> incomplete;
  std::vector<FatalError> fatals;  // all of them, including signals
  std::vector<Notice> notices;
  std::vector<MatchedSuppression> suppressions;
};

// Reads a program's stderr output under ThreadSanitizer, or a log that contains it, of one process or many. For output
// that is too long for memory, or that is not complete yet, see ReportReader.
//
// Never fails. The program's own lines may stand anywhere between the lines of a report, or before them on the same
// line; any bytes may occur, and the text may be cut off anywhere. Understands the text of clang 14 to 19 and of g++
// 12, with colours or without, and the line prefixes of CI services and containers (log_prefix.h).
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
