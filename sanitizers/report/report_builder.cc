#include "sanitizers/report/report_builder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/frame_line.h"
#include "sanitizers/report/scanner.h"
#include "sanitizers/report/stable_hash.h"

namespace racelab {
namespace {

// The words of a line that introduces a stack or names a location.
std::string_view WithoutColon(std::string_view body) {
  body = absl::StripTrailingAsciiWhitespace(body);
  while (absl::ConsumeSuffix(&body, ":")) {
  }
  return body;
}

// The number behind the first words of a line; `number` is unchanged if there is none.
void Number(std::string_view body, std::string_view words, int& number) {
  Scanner scanner(absl::StripPrefix(body, words));
  scanner.TakeNumber(number);
}

}  // namespace

StackIndex StackBuilder::Introduce(StackRole role, std::string_view body) {
  if (introduced_) damaged_ = true;  // the previous stack has neither frames nor a statement that there are none
  stacks_.push_back({role, std::string(WithoutColon(body)), {}});
  introduced_ = true;
  last_index_ = -1;
  return stacks_.size() - 1;
}

void StackBuilder::AddFrame(std::string_view line) {
  std::optional<FrameLine> frame = ParseFrameLine(line);
  if (!frame.has_value()) return;
  // Without an introduction (right below the headline, or after a garbled introduction), a stack begins where the
  // numbers start again.
  if (!introduced_ && frame->index <= last_index_) last_index_ = -1;
  if (!introduced_ && last_index_ < 0) {
    if (!stacks_.empty()) damaged_ = true;
    stacks_.push_back({stacks_.empty() ? StackRole::kHere : StackRole::kOther, "", {}});
  }
  if (frame->index != last_index_ + 1) damaged_ = true;
  introduced_ = false;
  last_index_ = frame->index;
  std::vector<Frame>& frames = stacks_.back().frames;
  if (frames.empty()) frames.reserve(4);
  frames.push_back(std::move(frame->frame));
}

void StackBuilder::AddNoStack() {
  if (!introduced_ && !stacks_.empty()) damaged_ = true;
  if (!introduced_) stacks_.push_back({stacks_.empty() ? StackRole::kHere : StackRole::kOther, "", {}});
  introduced_ = false;
  last_index_ = -1;
}

ReportBuilder::ReportBuilder(const Headline& headline) {
  report_.headline = std::string(absl::StripAsciiWhitespace(headline.text));
  report_.kind = ReportKindFromHeadline(report_.headline);
  report_.pid = headline.pid;
}

// ThreadSanitizer prints the parts of a report in the order of LineKind.
void ReportBuilder::CheckOrder(LineKind kind) {
  if (kind >= LineKind::kRule || kind == LineKind::kForeign || kind == LineKind::kHeldMutexes) return;
  const bool is_lock = kind == LineKind::kLockAcquired || kind == LineKind::kLockHeld || kind == LineKind::kHint;
  const bool was_lock = last_ >= LineKind::kLockAcquired && last_ <= LineKind::kHint;
  const bool is_mutex = kind == LineKind::kMutex && last_ == LineKind::kDestroyedMutex;
  if (kind < last_ && !(is_lock && was_lock) && !is_mutex) report_.damaged = true;
  if (kind == LineKind::kSummary && summarised_) report_.damaged = true;
  // These lines begin a report; only misuse reports begin with a stack.
  const bool is_first = kind == LineKind::kSignal || kind == LineKind::kCycle || kind == LineKind::kAccess;
  if (is_first && last_ == LineKind::kHeadline && !stacks_.stacks().empty()) report_.damaged = true;
  last_ = kind;
}

void ReportBuilder::Add(const ReportLine& line, std::string_view text) {
  CheckOrder(line.kind);
  const std::string_view body = line.body;
  switch (line.kind) {
    case LineKind::kFrame:
      return stacks_.AddFrame(text);
    case LineKind::kNoStack:
      return stacks_.AddNoStack();
    case LineKind::kAccess:
      return AddAccess(body);
    case LineKind::kLocation:
      return AddLocation(body);
    case LineKind::kMutex:
    case LineKind::kDestroyedMutex:
      return AddMutex(line);
    case LineKind::kThread:
      return AddThread(body);
    case LineKind::kLockAcquired:
    case LineKind::kLockHeld:
      return AddLock(line);
    case LineKind::kHeldMutexes:
      if (!report_.accesses.empty()) report_.accesses.back().mutexes = ParseHeldMutexes(body);
      return;
    case LineKind::kSignal:
      Number(body, "Signal ", report_.signal);
      stacks_.Introduce(StackRole::kSignalHandler, body);
      return;
    case LineKind::kCycle:
      report_.cycle = ParseCycle(body);
      return;
    case LineKind::kAnd:
      stacks_.Introduce(StackRole::kHereBefore, body);
      return;
    case LineKind::kSleep:
      report_.sleep = stacks_.Introduce(StackRole::kSleep, body);
      return;
    case LineKind::kSimilarLeaks:
      Number(body, "And ", report_.similar_leaks);
      return;
    case LineKind::kSummary:
      report_.summary = absl::StripPrefix(body, "SUMMARY: ThreadSanitizer: ");
      summarised_ = true;
      CheckSummary();
      return;
    case LineKind::kForeign:
    case LineKind::kHeadline:
    case LineKind::kHint:
    case LineKind::kRule:
      return;
  }
}

// The summary names the kind and a frame of the first stack. ThreadSanitizer prints none if there is no frame.
void ReportBuilder::CheckSummary() {
  const std::vector<Stack>& stacks = stacks_.stacks();
  if (stacks.empty() || stacks.front().frames.empty() || !report_.summary.starts_with(report_.headline)) {
    report_.damaged = true;
  }
}

void ReportBuilder::AddAccess(std::string_view body) {
  std::optional<ReportedAccess> access = ParseAccess(body);
  const bool previous = body.starts_with("Previous ");
  // The first access is the current one; all others are previous ones.
  if (previous == report_.accesses.empty() || !access.has_value()) report_.damaged = true;
  const StackIndex stack = stacks_.Introduce(previous ? StackRole::kPreviousAccess : StackRole::kAccess, body);
  if (!access.has_value()) return;
  access->stack = stack;
  report_.accesses.push_back(*std::move(access));
}

void ReportBuilder::AddLocation(std::string_view body) {
  ReportedLocation location = ParseLocation(body);
  if (location.kind == LocationKind::kHeap) {
    location.stack = stacks_.Introduce(StackRole::kHeapAllocated, body);
  } else if (location.kind == LocationKind::kFileDescriptor) {
    location.stack = stacks_.Introduce(StackRole::kFileDescriptor, body);
  }
  if (report_.location.empty()) {
    std::string_view what = absl::StripPrefix(WithoutColon(body), "Location is ");
    absl::ConsumeSuffix(&what, ".");
    report_.location = std::string(what);
  }
  report_.locations.push_back(std::move(location));
}

void ReportBuilder::AddMutex(const ReportLine& line) {
  ReportedMutex mutex = ParseMutex(line.body).value_or(ReportedMutex());
  if (line.kind == LineKind::kMutex) mutex.stack = stacks_.Introduce(StackRole::kMutexCreated, line.body);
  report_.mutexes.push_back(mutex);
}

void ReportBuilder::AddThread(std::string_view body) {
  ReportedThread thread = ParseThread(body).value_or(ReportedThread());
  if (!thread.is_pool_worker) thread.stack = stacks_.Introduce(StackRole::kThreadCreated, body);
  report_.threads.push_back(std::move(thread));
}

void ReportBuilder::AddLock(const ReportLine& line) {
  if (line.kind == LineKind::kLockHeld) {
    const StackIndex stack = stacks_.Introduce(StackRole::kLockHeld, line.body);
    if (report_.edges.empty()) {
      report_.damaged = true;
    } else {
      report_.edges.back().held_stack = stack;
    }
    return;
  }
  LockOrderEdge edge = ParseLockAcquired(line.body).value_or(LockOrderEdge());
  edge.acquired_stack = stacks_.Introduce(StackRole::kLockAcquired, line.body);
  report_.edges.push_back(edge);
}

Report ReportBuilder::Take() {
  report_.damaged = report_.damaged || stacks_.damaged();
  report_.stacks = stacks_.Take();
  return std::move(report_);
}

std::uint64_t Signature(const Report& report) {
  StableHash hash;
  hash.Add(report.headline);
  for (const Stack& stack : report.stacks) {
    if (stack.role == StackRole::kSleep) continue;  // whether the thread slept may depend on timing
    hash.Add(static_cast<std::uint64_t>(stack.role));
    hash.Add(std::uint64_t{stack.frames.size()});
    for (const Frame& frame : stack.frames) {
      hash.Add(frame.function);
      hash.Add(frame.file);
      hash.Add(static_cast<std::uint64_t>(frame.line));
      hash.Add(frame.module);
      hash.Add(frame.offset);
    }
  }
  return hash.value();
}

}  // namespace racelab
