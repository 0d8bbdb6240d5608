#include "sanitizers/report/report_line.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/strip.h"
#include "sanitizers/report/scanner.h"

namespace racelab {
namespace {

constexpr size_t kNowhere = std::string_view::npos;

struct Opening {
  LineKind kind;
  std::string_view begins;  // the words at the beginning of the line
  std::string_view holds;   // words that must follow later in the line
};

// ThreadSanitizer writes a line in several pieces, and the program's own output may come between them. So each line is
// recognised by a few of its words.
constexpr Opening kOpenings[] = {
    {LineKind::kAccess, "Write of size ", " by "},
    {LineKind::kAccess, "Read of size ", " by "},
    {LineKind::kAccess, "Previous ", " at 0x"},
    {LineKind::kAccess, "Atomic write of size ", " by "},
    {LineKind::kAccess, "Atomic read of size ", " by "},
    {LineKind::kAccess, "Modifying access of ", " by "},
    {LineKind::kAccess, "Read-only access of ", " by "},
    {LineKind::kThread, "Thread T", " created by "},
    {LineKind::kThread, "Thread T", " is a GCD worker thread"},
    {LineKind::kLocation, "Location is ", ""},
    {LineKind::kLockAcquired, "Mutex ", " acquired here while holding mutex "},
    {LineKind::kLockHeld, "Mutex ", " previously acquired by the same thread here"},
    {LineKind::kMutex, "Mutex ", " created at"},
    {LineKind::kDestroyedMutex, "Mutex ", " is already destroyed"},
    {LineKind::kSleep, "As if synchronized via sleep", ""},
    {LineKind::kCycle, "Cycle in lock order graph: ", ""},
    {LineKind::kSignal, "Signal ", " handler invoked at"},
    {LineKind::kSimilarLeaks, "And ", " more similar thread leaks"},
    {LineKind::kHint, "Hint: use TSAN_OPTIONS=second_deadlock_stack", ""},
    {LineKind::kHint, "HINT: use TSAN_OPTIONS=second_deadlock_stack", ""},
    {LineKind::kNoStack, "[failed to restore the stack]", ""},
};

bool IsFrame(std::string_view body) {
  Scanner scanner(body);
  int index = 0;
  return scanner.Take('#') && scanner.TakeNumber(index) && scanner.Take(' ');
}

// Which indented line begins with `body`, behind `blanks` blanks.
LineKind KindOfIndented(std::string_view body, size_t blanks) {
  if (body.front() == '#') return blanks >= 4 && IsFrame(body) ? LineKind::kFrame : LineKind::kForeign;
  for (const Opening& opening : kOpenings) {
    if (body.front() != opening.begins.front() || !body.starts_with(opening.begins)) continue;
    if (body.find(opening.holds, opening.begins.size() - 1) != kNowhere) return opening.kind;
  }
  return body == "and:" ? LineKind::kAnd : LineKind::kForeign;
}

// Whether `line` contains the rule that frames a report: exactly eighteen equals signs.
bool HasRule(std::string_view line) {
  constexpr std::string_view kRule = "==================";
  const size_t at = line.find(kRule);
  if (at == kNowhere) return false;
  return at + kRule.size() == line.size() || line[at + kRule.size()] != '=';
}

constexpr std::string_view kSummary = "SUMMARY: ThreadSanitizer: ";

// The identifier of a mutex, "M12", at the beginning of the rest.
bool TakeMutexId(Scanner& scanner, std::uint64_t& id) { return scanner.Take('M') && scanner.TakeNumber(id); }

// "(a.out+0x1234)"
void ParseModule(Scanner scanner, ReportedLocation& location) {
  if (!scanner.Take(" (")) return;
  const std::string_view text = scanner.rest();
  const size_t plus = text.rfind("+0x");
  if (plus == kNowhere) return;
  location.module = text.substr(0, plus);
  Scanner(text.substr(plus + 1)).TakeHex(location.offset);
}

// "'g_total' of size 8 at 0x7b04 (a.out+0x1234)". The name may contain anything.
void ParseGlobal(std::string_view body, ReportedLocation& location) {
  location.kind = LocationKind::kGlobal;
  for (const std::string_view between : {"' of size ", "' at 0x"}) {
    const size_t end = body.rfind(between);
    if (end == kNowhere) continue;
    location.name = body.substr(0, end);
    Scanner scanner(body.substr(end + 2));
    if (scanner.Take("of size ") && scanner.TakeNumber(location.size)) scanner.Take(' ');
    if (scanner.Take("at ") && scanner.TakeHex(location.address)) ParseModule(scanner, location);
    return;
  }
}

// "heap block of size 8 at 0x7b04 allocated by main thread", with another name for "heap block" if a library has one.
void ParseHeapBlock(std::string_view body, ReportedLocation& location) {
  constexpr std::string_view kSize = " of size ";
  const size_t end = body.rfind(kSize);
  if (end == kNowhere) return;
  Scanner scanner(body.substr(end + kSize.size()));
  if (!scanner.TakeNumber(location.size) || !scanner.Take(" at ") || !scanner.TakeHex(location.address)) return;
  location.kind = LocationKind::kHeap;
  if (body.substr(0, end) != "heap block") location.name = body.substr(0, end);
  if (scanner.Take(" allocated by ")) location.thread = ParseThreadId(scanner.rest());
}

}  // namespace

ReportLine ClassifyReportLine(std::string_view line) {
  if (line.empty()) return {};
  // Nearly all lines of a report are indented. Foreign output before the line ends somewhere before these blanks.
  for (size_t at = line.find("  "); at != kNowhere; at = line.find("  ", at)) {
    const size_t begin = std::min(line.find_first_not_of(' ', at), line.size());
    if (begin == line.size()) break;
    const LineKind kind = KindOfIndented(line.substr(begin), begin - at);
    if (kind != LineKind::kForeign) return {kind, line.substr(begin)};
    at = begin;
  }
  if (const size_t at = line.find(kSummary); at != kNowhere) return {LineKind::kSummary, line.substr(at)};
  if (HasRule(line)) return {LineKind::kRule, line};
  if (line.starts_with(" (mutexes: ")) return {LineKind::kHeldMutexes, line};
  return {};
}

std::optional<Headline> ParseHeadline(std::string_view line) {
  constexpr std::string_view kHeadline = "WARNING: ThreadSanitizer: ";
  const size_t at = line.find(kHeadline);
  if (at == kNowhere) return std::nullopt;
  line.remove_prefix(at + kHeadline.size());
  constexpr std::string_view kPid = " (pid=";
  const size_t pid = line.rfind(kPid);
  if (pid == kNowhere || pid == 0) return std::nullopt;
  Headline headline{line.substr(0, pid), 0};
  Scanner scanner(line.substr(pid + kPid.size()));
  if (!scanner.TakeNumber(headline.pid) || !scanner.Take(')')) return std::nullopt;
  return headline;
}

int ParseThreadId(std::string_view text) {
  if (text.starts_with("main thread")) return kMainThread;
  Scanner scanner(text);
  int id = kUnknownThread;
  return scanner.Take("thread T") && scanner.TakeNumber(id) ? id : kUnknownThread;
}

std::optional<ReportedAccess> ParseAccess(std::string_view body) {
  ReportedAccess access;
  Scanner scanner(body);
  access.previous = scanner.Take("Previous ");
  access.atomic = scanner.Take("Atomic ") || scanner.Take("atomic ");
  if (scanner.Take("Write of size ") || scanner.Take("write of size ")) {
    access.write = true;
    if (!scanner.TakeNumber(access.size)) return std::nullopt;
  } else if (scanner.Take("Read of size ") || scanner.Take("read of size ")) {
    if (!scanner.TakeNumber(access.size)) return std::nullopt;
  } else {
    access.write = scanner.Take("Modifying access of ") || scanner.Take("modifying access of ");
    if (!access.write && !scanner.Take("Read-only access of ") && !scanner.Take("read-only access of ")) {
      return std::nullopt;
    }
    const size_t end = scanner.rest().rfind(" at 0x");
    if (end == kNowhere) return std::nullopt;
    access.object = scanner.rest().substr(0, end);
    scanner = Scanner(scanner.rest().substr(end));
  }
  if (!scanner.Take(" at ") || !scanner.TakeHex(access.address) || !scanner.Take(" by ")) return std::nullopt;
  access.thread = ParseThreadId(scanner.rest());
  if (scanner.SkipPast(" (mutexes: ")) access.mutexes = ParseHeldMutexes(scanner.rest());
  return access;
}

std::vector<HeldMutex> ParseHeldMutexes(std::string_view body) {
  std::vector<HeldMutex> mutexes;
  Scanner scanner(body);
  scanner.Take(" (mutexes: ");
  do {
    HeldMutex mutex;
    mutex.write = scanner.Take("write ");
    if (!mutex.write && !scanner.Take("read ")) break;
    if (!TakeMutexId(scanner, mutex.id)) break;
    mutexes.push_back(mutex);
  } while (scanner.Take(", "));
  return mutexes;
}

ReportedLocation ParseLocation(std::string_view body) {
  ReportedLocation location;
  Scanner scanner(body);
  scanner.Take("Location is ");
  if (scanner.Take("global '")) {
    ParseGlobal(scanner.rest(), location);
  } else if (scanner.Take("stack of ")) {
    location.kind = LocationKind::kStack;
    location.thread = ParseThreadId(scanner.rest());
  } else if (scanner.Take("TLS of ")) {
    location.kind = LocationKind::kThreadLocal;
    location.thread = ParseThreadId(scanner.rest());
  } else if (scanner.Take("file descriptor ") && scanner.TakeNumber(location.descriptor)) {
    location.kind = LocationKind::kFileDescriptor;
    location.closed = scanner.Take(" destroyed");
    if (scanner.SkipPast(" by ")) location.thread = ParseThreadId(scanner.rest());
  } else {
    ParseHeapBlock(scanner.rest(), location);
  }
  return location;
}

std::optional<ReportedThread> ParseThread(std::string_view body) {
  ReportedThread thread;
  Scanner scanner(body);
  if (!scanner.Take("Thread T") || !scanner.TakeNumber(thread.id)) return std::nullopt;
  constexpr std::string_view kOsId = " (tid=";
  if (scanner.Take(" '")) {  // the name may contain quotes and brackets
    const size_t end = scanner.rest().rfind("' (tid=");
    if (end == kNowhere) return thread;
    thread.name = scanner.rest().substr(0, end);
    scanner = Scanner(scanner.rest().substr(end + 1));
  }
  if (scanner.Take(kOsId) && scanner.TakeNumber(thread.os_id)) {
    thread.running = scanner.Take(", running)");
    if (!thread.running) scanner.Take(", finished)");
  }
  thread.is_pool_worker = scanner.Take(" is a GCD worker thread");
  if (scanner.SkipPast("created by ")) thread.creator = ParseThreadId(scanner.rest());
  return thread;
}

std::optional<ReportedMutex> ParseMutex(std::string_view body) {
  ReportedMutex mutex;
  Scanner scanner(body);
  if (!scanner.Take("Mutex ") || !TakeMutexId(scanner, mutex.id)) return std::nullopt;
  if (scanner.Take(" (")) scanner.TakeHex(mutex.address);
  return mutex;
}

std::vector<CycleMutex> ParseCycle(std::string_view body) {
  std::vector<CycleMutex> cycle;
  Scanner scanner(body);
  scanner.Take("Cycle in lock order graph: ");
  CycleMutex mutex;
  // The last one repeats the first, without an address.
  while (TakeMutexId(scanner, mutex.id) && scanner.Take(" (") && scanner.TakeHex(mutex.address)) {
    cycle.push_back(mutex);
    if (!scanner.Take(") => ")) break;
  }
  return cycle;
}

std::optional<LockOrderEdge> ParseLockAcquired(std::string_view body) {
  LockOrderEdge edge;
  Scanner scanner(body);
  if (!scanner.Take("Mutex ") || !TakeMutexId(scanner, edge.acquired)) return std::nullopt;
  if (!scanner.Take(" acquired here while holding mutex ") || !TakeMutexId(scanner, edge.held)) return std::nullopt;
  if (scanner.Take(" in ")) edge.thread = ParseThreadId(scanner.rest());
  return edge;
}

}  // namespace racelab
