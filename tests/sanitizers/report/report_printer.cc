#include "tests/sanitizers/report/report_printer.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

namespace racelab {
namespace {

std::string ThreadName(int id) { return id == kMainThread ? "main thread" : absl::StrCat("thread T", id); }

std::string FrameText(size_t index, const Frame& frame) {
  std::string text = absl::StrCat("    #", index, " ", frame.function.empty() ? "<null>" : frame.function, " ");
  absl::StrAppend(&text, frame.file.empty() ? "<null>" : frame.file);
  if (frame.line > 0) absl::StrAppend(&text, ":", frame.line);
  if (frame.column > 0) absl::StrAppend(&text, ":", frame.column);
  if (!frame.module.empty()) absl::StrAppendFormat(&text, " (%s+0x%x)", frame.module, frame.offset);
  if (!frame.build_id.empty()) absl::StrAppend(&text, " (BuildId: ", frame.build_id, ")");
  return absl::StrCat(text, "\n");
}

std::string Words(const ReportedAccess& access) {
  std::string what;
  if (access.object.empty()) {
    what = absl::StrCat(access.atomic ? "atomic " : "", access.write ? "write" : "read", " of size ", access.size);
  } else {
    what = absl::StrCat(access.write ? "modifying" : "read-only", " access of ", access.object);
  }
  if (!access.previous) what.front() = absl::ascii_toupper(what.front());
  std::string text = absl::StrFormat("%s%s at 0x%012x by %s", access.previous ? "Previous " : "", what, access.address,
                                     ThreadName(access.thread));
  std::string mutexes;
  for (const HeldMutex& mutex : access.mutexes) {
    absl::StrAppend(&mutexes, mutexes.empty() ? " (mutexes: " : ", ", mutex.write ? "write M" : "read M", mutex.id);
  }
  return absl::StrCat(text, mutexes, mutexes.empty() ? "" : ")");
}

// Without "Location is ", and without a colon or a full stop.
std::string Words(const ReportedLocation& location) {
  switch (location.kind) {
    case LocationKind::kGlobal:
      return absl::StrFormat("global '%s'%s at 0x%012x (%s+0x%x)", location.name,
                             location.size > 0 ? absl::StrCat(" of size ", location.size) : "", location.address,
                             location.module, location.offset);
    case LocationKind::kHeap:
      return absl::StrFormat("%s of size %d at 0x%012x allocated by %s",
                             location.name.empty() ? "heap block" : location.name, location.size, location.address,
                             ThreadName(location.thread));
    case LocationKind::kStack:
      return absl::StrCat("stack of ", ThreadName(location.thread));
    case LocationKind::kThreadLocal:
      return absl::StrCat("TLS of ", ThreadName(location.thread));
    case LocationKind::kFileDescriptor:
      return absl::StrCat("file descriptor ", location.descriptor, location.closed ? " destroyed" : " created", " by ",
                          ThreadName(location.thread), " at");
    case LocationKind::kOther:
      break;
  }
  return "somewhere";
}

std::string Words(const ReportedMutex& mutex) {
  return mutex.stack.has_value() ? absl::StrFormat("Mutex M%d (0x%012x) created at", mutex.id, mutex.address)
                                 : absl::StrCat("Mutex M", mutex.id, " is already destroyed");
}

std::string Words(const ReportedThread& thread) {
  std::string text = absl::StrCat("Thread T", thread.id);
  if (!thread.name.empty()) absl::StrAppend(&text, " '", thread.name, "'");
  absl::StrAppend(&text, " (tid=", thread.os_id, thread.running ? ", running)" : ", finished)");
  return thread.is_pool_worker ? absl::StrCat(text, " is a GCD worker thread")
                               : absl::StrCat(text, " created by ", ThreadName(thread.creator), " at");
}

std::string Words(const LockOrderEdge& edge) {
  return absl::StrCat("Mutex M", edge.acquired, " acquired here while holding mutex M", edge.held, " in ",
                      ThreadName(edge.thread));
}

std::string HeldWords(const LockOrderEdge& edge) {
  return absl::StrCat("Mutex M", edge.held, " previously acquired by the same thread here");
}

class Printer {
 public:
  explicit Printer(const Report& report) : report_(report) {}

  std::string Print() {
    text_ = absl::StrCat("WARNING: ThreadSanitizer: ", report_.headline, " (pid=", report_.pid, ")\n");
    if (!report_.cycle.empty()) PrintCycle();
    for (const LockOrderEdge& edge : report_.edges) {
      Part(Words(edge), ":", edge.acquired_stack);
      if (edge.held_stack.has_value()) Part(HeldWords(edge), ":", edge.held_stack);
    }
    for (StackIndex i = 0; i < report_.stacks.size(); ++i) {
      const StackRole role = report_.stacks[i].role;
      if (role == StackRole::kSignalHandler)
        Part(absl::StrCat("Signal ", report_.signal, " handler invoked at"), ":", i);
      if (role == StackRole::kHere) PrintStack(i);
      if (role == StackRole::kHereBefore) Part("and", ":", i);
    }
    for (const ReportedAccess& access : report_.accesses) Part(Words(access), ":", access.stack);
    if (report_.sleep.has_value()) Part("As if synchronized via sleep", ":", report_.sleep);
    for (const ReportedLocation& location : report_.locations) {
      const bool is_short = location.kind == LocationKind::kStack || location.kind == LocationKind::kThreadLocal;
      Part(absl::StrCat("Location is ", Words(location)), location.stack.has_value() ? ":" : (is_short ? "." : ""),
           location.stack);
    }
    for (const ReportedMutex& mutex : report_.mutexes) {
      Part(Words(mutex), mutex.stack.has_value() ? ":" : ".", mutex.stack);
    }
    for (const ReportedThread& thread : report_.threads) {
      Part(Words(thread), thread.stack.has_value() ? ":" : "", thread.stack);
    }
    if (report_.similar_leaks > 0) {
      absl::StrAppend(&text_, "  And ", report_.similar_leaks, " more similar thread leaks.\n\n");
    }
    if (!report_.summary.empty()) absl::StrAppend(&text_, "SUMMARY: ThreadSanitizer: ", report_.summary, "\n");
    return absl::StrCat(text_, "==================\n");
  }

 private:
  void PrintCycle() {
    absl::StrAppend(&text_, "  Cycle in lock order graph: ");
    for (const CycleMutex& mutex : report_.cycle) {
      absl::StrAppendFormat(&text_, "M%d (0x%012x) => ", mutex.id, mutex.address);
    }
    absl::StrAppend(&text_, "M", report_.cycle.front().id, "\n\n");
  }

  void Part(std::string_view words, std::string_view end, std::optional<StackIndex> stack) {
    absl::StrAppend(&text_, "  ", words, end, "\n");
    if (stack.has_value()) {
      PrintStack(*stack);
    } else {
      absl::StrAppend(&text_, "\n");
    }
  }

  void PrintStack(StackIndex index) {
    const std::vector<Frame>& frames = report_.stacks[index].frames;
    if (frames.empty()) absl::StrAppend(&text_, "    [failed to restore the stack]\n");
    for (size_t i = 0; i < frames.size(); ++i) absl::StrAppend(&text_, FrameText(i, frames[i]));
    absl::StrAppend(&text_, "\n");
  }

  const Report& report_;
  std::string text_;
};

}  // namespace

std::string PrintReport(const Report& report) { return absl::StrCat("==================\n", Printer(report).Print()); }

void Describe(Report& report, size_t first_line) {
  const auto describe = [&](std::optional<StackIndex> stack, const std::string& words) {
    if (stack.has_value()) report.stacks[*stack].description = words;
  };
  for (Stack& stack : report.stacks) {
    if (stack.role == StackRole::kHereBefore) stack.description = "and";
    if (stack.role == StackRole::kSignalHandler) {
      stack.description = absl::StrCat("Signal ", report.signal, " handler invoked at");
    }
  }
  for (const ReportedAccess& access : report.accesses) describe(access.stack, Words(access));
  for (const ReportedMutex& mutex : report.mutexes) describe(mutex.stack, Words(mutex));
  for (const ReportedThread& thread : report.threads) describe(thread.stack, Words(thread));
  for (const ReportedLocation& location : report.locations) {
    describe(location.stack, absl::StrCat("Location is ", Words(location)));
  }
  for (const LockOrderEdge& edge : report.edges) {
    describe(edge.acquired_stack, Words(edge));
    describe(edge.held_stack, HeldWords(edge));
  }
  describe(report.sleep, "As if synchronized via sleep");
  if (!report.locations.empty()) report.location = Words(report.locations.front());
  report.text = Printer(report).Print();
  report.lines = {first_line, first_line - 1 + std::count(report.text.begin(), report.text.end(), '\n')};
}

}  // namespace racelab
