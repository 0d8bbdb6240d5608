#include "tests/sanitizers/report/known_reports.h"

#include <algorithm>
#include <cstddef>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/report/report_printer.h"
#include "tests/sanitizers/report/site_names.h"

namespace racelab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

bool IsGcc(std::string_view compiler) { return absl::StartsWith(compiler, "g++"); }
// An access without its address and stack.
std::string Text(const ReportedAccess& access) {
  std::string text = absl::StrCat(access.previous ? "previous " : "", access.atomic ? "atomic " : "",
                                  access.write ? "write " : "read ", access.size, " by ", access.thread);
  for (const HeldMutex& mutex : access.mutexes) absl::StrAppend(&text, mutex.write ? " +write" : " +read");
  return text;
}

// The first location that has a place. (Some runtimes print a nameless global for every place.)
ReportedLocation Location(const Report& report) {
  for (const ReportedLocation& location : report.locations) {
    if (location.kind != LocationKind::kGlobal || (location.name != "<null>" && location.name != "??")) return location;
  }
  return {};
}

void ThreadIsWorker(const Report& report) {
  ASSERT_THAT(report.threads, SizeIs(1));
  const ReportedThread& thread = report.threads[0];
  EXPECT_EQ(thread.id, 1);
  EXPECT_EQ(thread.name, "worker 'one'");
  EXPECT_TRUE(thread.running);
  EXPECT_EQ(thread.creator, kMainThread);
  EXPECT_GT(thread.os_id, 1u);
  ASSERT_TRUE(thread.stack.has_value());
  EXPECT_EQ(report.stacks[*thread.stack].role, StackRole::kThreadCreated);
}

void GlobalIsDescribed(const Report& report) {
  EXPECT_THAT(Accesses(report), ElementsAre("write 8 by 0 +write", "previous read 8 by 1 +write +read"));
  const ReportedLocation location = Location(report);
  EXPECT_EQ(location.kind, LocationKind::kGlobal);
  EXPECT_THAT(location.name, HasSubstr("g_total"));
  EXPECT_EQ(location.size, 32u);
  EXPECT_EQ(report.accesses[0].address, location.address + 16);
  EXPECT_EQ(location.module, "every_kind");
  EXPECT_GT(location.offset, 0u);
  EXPECT_THAT(report.mutexes, SizeIs(3));
  std::set<std::uint64_t> known, held;
  for (const ReportedMutex& mutex : report.mutexes) {
    known.insert(mutex.id);
    EXPECT_NE(mutex.address, 0u);
    EXPECT_TRUE(mutex.stack.has_value());
  }
  for (const ReportedAccess& access : report.accesses) {
    for (const HeldMutex& mutex : access.mutexes) held.insert(mutex.id);
  }
  EXPECT_EQ(known, held);
  ThreadIsWorker(report);
}

void BlockIsDescribed(const Report& report) {
  EXPECT_THAT(Accesses(report), ElementsAre("write 1 by 0", "previous write 1 by 1"));
  const ReportedLocation location = Location(report);
  EXPECT_EQ(location.kind, LocationKind::kHeap);
  EXPECT_EQ(location.size, 48u);
  EXPECT_EQ(location.address + 17, report.accesses[0].address);
  EXPECT_EQ(location.thread, kMainThread);
  ASSERT_TRUE(location.stack.has_value());
  EXPECT_EQ(report.stacks[*location.stack].role, StackRole::kHeapAllocated);
  ThreadIsWorker(report);
}

void FileIsDescribed(const Report& report) {
  const ReportedLocation location = Location(report);
  EXPECT_EQ(location.kind, LocationKind::kFileDescriptor);
  EXPECT_GE(location.descriptor, 3);
  EXPECT_EQ(location.thread, kMainThread);
  EXPECT_FALSE(location.closed);
  EXPECT_TRUE(location.stack.has_value());
}

std::function<void(const Report&)> LocationIs(LocationKind kind) {
  return [kind](const Report& report) {
    EXPECT_THAT(Accesses(report), ElementsAre("write 2 by 0", "previous write 2 by 1"));
    EXPECT_EQ(Name(Location(report).kind), Name(kind));
    EXPECT_EQ(Location(report).thread, kMainThread);
  };
}

std::function<void(const Report&)> AccessesAre(std::string first, std::string second) {
  return [=](const Report& report) { EXPECT_THAT(Accesses(report), ElementsAre(first, second)); };
}

void ThreadIsFinished(const Report& report) {
  ASSERT_THAT(report.threads, SizeIs(1));
  EXPECT_FALSE(report.threads[0].running);
  EXPECT_EQ(report.threads[0].creator, kMainThread);
}

void HasASleep(const Report& report) {
  ASSERT_TRUE(report.sleep.has_value());
  EXPECT_EQ(report.stacks[*report.sleep].role, StackRole::kSleep);
  EXPECT_FALSE(report.stacks[*report.sleep].frames.empty());
}

void ObjectIsNamed(const Report& report) {
  ASSERT_THAT(report.accesses, SizeIs(2));
  EXPECT_EQ(report.headline, "race on a list of users");
  EXPECT_EQ(report.accesses[0].object, "a list of users");
  EXPECT_TRUE(report.accesses[0].write);
  EXPECT_FALSE(report.accesses[1].write);
}

std::function<void(const Report&)> CycleHas(size_t size) {
  return [size](const Report& report) {
    ASSERT_THAT(report.cycle, SizeIs(size));
    ASSERT_THAT(report.edges, SizeIs(size));
    for (size_t i = 0; i < size; ++i) {
      EXPECT_NE(report.cycle[i].address, 0u);
      EXPECT_EQ(report.edges[i].held, report.cycle[i].id);
      EXPECT_EQ(report.edges[i].acquired, report.cycle[(i + 1) % size].id);
      EXPECT_NE(report.edges[i].thread, kUnknownThread);
      EXPECT_EQ(report.stacks[report.edges[i].acquired_stack].role, StackRole::kLockAcquired);
      ASSERT_TRUE(report.edges[i].held_stack.has_value());
      EXPECT_EQ(report.stacks[*report.edges[i].held_stack].role, StackRole::kLockHeld);
    }
  };
}

void MutexIsDescribed(const Report& report) {
  ASSERT_FALSE(report.mutexes.empty());
  EXPECT_NE(report.mutexes[0].address, 0u);
}

void Nothing(const Report&) {}

// What a compiler's runtime does not tell apart, or does not report at all.
ReportKind KindFor(std::string_view compiler, ReportKind kind) {
  if (!IsGcc(compiler)) return kind;
  if (kind == ReportKind::kVptrRace) return ReportKind::kDataRace;
  return kind == ReportKind::kVptrUseAfterFree ? ReportKind::kUseAfterFree : kind;
}

bool MayBeSilent(std::string_view compiler, std::string_view mode) {
  // clang's runtime drops a report whose stack it cannot restore.
  if (mode == "no_stack") return !IsGcc(compiler);
  // Newer runtimes only.
  return mode == "wrong_context";
}

std::vector<Report> WithoutPlace(std::vector<Report> reports) {
  for (Report& report : reports) {
    report.lines = {};
    report.text.clear();
    report.location.clear();
    for (Stack& stack : report.stacks) stack.description.clear();
  }
  return reports;
}

// What is true of all whole reports.
void CheckPrinted(std::string_view compiler, const std::string& text, const Report& report) {
  EXPECT_FALSE(report.damaged);
  EXPECT_GT(report.pid, 1);
  const std::vector<std::string_view> lines = absl::StrSplit(text, '\n');
  ASSERT_GT(report.lines.first, 1u);
  ASSERT_LE(report.lines.last, lines.size());
  EXPECT_THAT(lines[report.lines.first - 1], HasSubstr("WARNING: ThreadSanitizer: "));
  EXPECT_EQ(lines[report.lines.last - 1], "==================");
  EXPECT_EQ(report.lines.last - report.lines.first + 1,
            static_cast<size_t>(std::count(report.text.begin(), report.text.end(), '\n')));
  EXPECT_TRUE(absl::StartsWith(
      report.text, absl::StrCat("WARNING: ThreadSanitizer: ", report.headline, " (pid=", report.pid, ")\n")));
  EXPECT_TRUE(absl::EndsWith(report.text, "\n==================\n"));
  bool has_build_id = false, has_column = false;
  for (const Stack& stack : report.stacks) {
    EXPECT_NE(stack.role, StackRole::kOther);
    for (const Frame& frame : stack.frames) {
      EXPECT_FALSE(frame.module.empty());
      EXPECT_GT(frame.offset, 0u);
      if (!frame.build_id.empty()) {
        has_build_id = true;
        EXPECT_THAT(frame.build_id, SizeIs(40));
      }
      if (!absl::EndsWith(frame.file, "every_kind.cc")) continue;
      EXPECT_GT(frame.line, 0);
      has_column = has_column || frame.column > 0;
      EXPECT_FALSE(frame.function.empty());
    }
  }
  EXPECT_EQ(has_build_id, !IsGcc(compiler));
  EXPECT_EQ(has_column, !IsGcc(compiler));
  for (const ReportedAccess& access : report.accesses) {
    EXPECT_NE(access.address, 0u);
    EXPECT_TRUE(access.thread == kMainThread ||
                std::any_of(report.threads.begin(), report.threads.end(),
                            [&](const auto& thread) { return thread.id == access.thread; }));
  }
  const ParsedReports again = ParseThreadSanitizer(PrintReport(report));
  EXPECT_EQ(WithoutPlace(again.reports), WithoutPlace({report})) << PrintReport(report);
}

}  // namespace

const std::vector<KnownReport>& KnownReports() {
  using Kind = ReportKind;
  static const auto& known = *new std::vector<KnownReport>{
      {"global", Kind::kDataRace, {"WriteTotal", "ReadTotal"}, GlobalIsDescribed},
      {"finished", Kind::kDataRace, {"RaceWithFinishedThread", "*"}, ThreadIsFinished},
      {"heap", Kind::kDataRace, {"WriteBlock", "WriteBlock"}, BlockIsDescribed},
      {"stack", Kind::kDataRace, {"WriteLocal", "WriteLocal"}, LocationIs(LocationKind::kStack)},
      {"thread_local", Kind::kDataRace, {"WriteLocal", "WriteLocal"}, LocationIs(LocationKind::kThreadLocal)},
      {"file", Kind::kDataRace, {"CloseFile", "WriteFile"}, FileIsDescribed},
      {"with_atomic",
       Kind::kDataRace,
       {"PlainRead", "AtomicWrite"},
       AccessesAre("read 4 by 0", "previous atomic write 4 by 1")},
      {"of_atomic", Kind::kDataRace, {"AtomicWrite", "*"}, AccessesAre("atomic write 4 by 0", "previous write 4 by 1")},
      {"sleep", Kind::kDataRace, {"SleepAndWrite", "*"}, HasASleep},
      {"no_stack", Kind::kDataRace, {"*", "*"}, Nothing, "history_size=0"},
      {"use_after_free", Kind::kUseAfterFree, {"WriteBlock", "FreeBlock"}, Nothing},
      {"vptr", Kind::kVptrRace, {"Step", "Plugin::~Plugin"}, Nothing},
      {"vptr_use_after_free", Kind::kVptrUseAfterFree, {"Step", "*"}, Nothing},
      {"external", Kind::kExternalRace, {"ModifyObject", "ReadObject"}, ObjectIsNamed},
      {"leak", Kind::kThreadLeak, {"Start"}, ThreadIsFinished},
      {"leak_one", Kind::kThreadLeak, {"Start"}, ThreadIsFinished},
      {"destroy_locked", Kind::kMutexDestroyedLocked, {"DestroyLocked", "DestroyLocked"}, MutexIsDescribed},
      {"unlock", Kind::kBadUnlock, {"UnlockUnlocked"}, MutexIsDescribed},
      {"invalid", Kind::kInvalidMutex, {"LockInvalid"}, MutexIsDescribed},
      {"double_lock", Kind::kDoubleLock, {"Lock"}, MutexIsDescribed},
      {"bad_read_lock", Kind::kBadReadLock, {"Lock"}, MutexIsDescribed},
      {"bad_read_unlock", Kind::kBadReadUnlock, {"BadReadUnlock"}, MutexIsDescribed},
      {"wrong_context", Kind::kMutexWrongContext, {"HoldInWrongContext"}, MutexIsDescribed},
      {"lock_order", Kind::kLockOrderInversion, {"LockBoth", "LockBoth"}, CycleHas(2)},
      {"lock_cycle", Kind::kLockOrderInversion, {"LockBoth", "LockBoth", "LockBoth"}, CycleHas(3)},
      {"signal_unsafe", Kind::kSignalUnsafeCall, {"OnSignalAllocates"}, Nothing},
      {"errno", Kind::kErrnoInSignalHandler, {"OnSignalChangesErrno"}, Nothing},
  };
  return known;
}

std::vector<std::string> Accesses(const Report& report) {
  std::vector<std::string> texts;
  for (const ReportedAccess& access : report.accesses) texts.push_back(Text(access));
  return texts;
}

void CheckReport(std::string_view compiler, const KnownReport& known, const std::string& text) {
  SCOPED_TRACE(absl::StrCat(compiler, " ", known.mode));
  const ParsedReports parsed = ParseThreadSanitizer(text);
  EXPECT_FALSE(parsed.truncated);
  EXPECT_THAT(parsed.fatals, IsEmpty());
  if (parsed.reports.empty() && MayBeSilent(compiler, known.mode)) return;
  ASSERT_FALSE(parsed.reports.empty()) << text;
  for (const Report& report : parsed.reports) CheckPrinted(compiler, text, report);
  const Report& report = parsed.reports[0];
  EXPECT_EQ(Name(report.kind), Name(KindFor(compiler, known.kind)));
  const std::vector<std::string> sites = SiteNames(report);
  ASSERT_EQ(sites.size(), known.sites.size()) << report.text;
  for (size_t i = 0; i < sites.size(); ++i) {
    // g++'s runtime leaves out the class.
    std::string_view site = sites[i], expected = known.sites[i];
    if (IsGcc(compiler)) {
      site.remove_prefix(site.rfind(':') + 1);
      expected.remove_prefix(expected.rfind(':') + 1);
    }
    if (expected != "*") EXPECT_EQ(site, expected) << report.text;
  }
  if (known.mode != "no_stack") {
    EXPECT_TRUE(absl::StartsWith(report.summary, absl::StrCat(report.headline, " "))) << report.summary;
  }
  known.check(report);
  ASSERT_FALSE(parsed.notices.empty());
  EXPECT_EQ(parsed.notices.back().warnings, static_cast<int>(parsed.reports.size()));
}

const std::vector<KnownFatal>& KnownFatals() {
  using Kind = FatalKind;
  static const auto& known = *new std::vector<KnownFatal>{
      {"segv_read", Kind::kSignal, "SEGV", "READ", "ReadNull", "SEGV "},
      {"segv_write", Kind::kSignal, "SEGV", "WRITE", "WriteNull", "SEGV "},
      {"fpe", Kind::kSignal, "FPE", "", "DivideByZero", "FPE "},
      {"bus", Kind::kSignal, "BUS", "*", "ReadBehindFile", "BUS "},
      {"ill", Kind::kSignal, "ILL", "", "Illegal", "ILL ", "handle_sigill=1"},
      {"abort", Kind::kSignal, "ABRT", "", "Abort", "ABRT ", "handle_abort=1"},
      {"stack_overflow", Kind::kSignal, "stack-overflow", "", "Recurse", "stack-overflow "},
      {"too_big", Kind::kAllocation, "", "", "AllocateTooMuch", "allocation-size-too-big "},
      {"calloc_overflow", Kind::kAllocation, "", "", "AllocateOverflowing", "calloc-overflow "},
      {"misaligned", Kind::kAllocation, "", "", "AllocateMisaligned", "invalid-aligned-alloc-alignment "},
      {"check_failed", Kind::kCheckFailed, "", "", "FailCheck", ""},
      {"join_twice", Kind::kCheckFailed, "", "", "JoinTwice", ""},
      {"rss_limit", Kind::kOutOfMemory, "", "", "", "", "hard_rss_limit_mb=60"},
  };
  return known;
}

void CheckFatal(std::string_view compiler, const KnownFatal& known, const std::string& text) {
  SCOPED_TRACE(absl::StrCat(compiler, " ", known.mode));
  if (IsGcc(compiler) && (known.mode == "join_twice" || known.mode == "rss_limit")) return;  // it does not notice
  const ParsedReports parsed = ParseThreadSanitizer(text);
  EXPECT_FALSE(parsed.truncated);
  EXPECT_THAT(parsed.reports, IsEmpty());
  ASSERT_FALSE(parsed.fatals.empty()) << text;
  const FatalError& fatal = parsed.fatals[0];
  EXPECT_EQ(Name(fatal.kind), Name(known.kind)) << fatal.text;
  EXPECT_EQ(fatal.signal, known.signal);
  if (known.access != "*") {
    EXPECT_EQ(fatal.access, known.access);
  }
  EXPECT_TRUE(absl::StartsWith(fatal.summary, known.summary)) << fatal.summary;
  const std::vector<Frame>& frames = fatal.stack.frames;
  EXPECT_EQ(known.function.empty(), frames.empty());
  if (!known.function.empty()) {
    EXPECT_TRUE(std::any_of(frames.begin(), frames.end(), [&](const Frame& frame) {
      return QualifiedName(frame.function) == known.function;
    })) << fatal.text;
  }
  if (known.kind == FatalKind::kSignal) {
    EXPECT_GT(fatal.pid, 1);
    EXPECT_GT(fatal.pc, 0u);
    EXPECT_NE(fatal.thread, kUnknownThread);
    ASSERT_TRUE(parsed.signal.has_value());
    EXPECT_EQ(parsed.signal->name, known.signal);
    EXPECT_TRUE(absl::EndsWith(fatal.text, "==ABORTING\n")) << fatal.text;
  } else {
    EXPECT_EQ(parsed.fatal, fatal.what);
  }
}

}  // namespace racelab
