#include "sanitizers/findings/from_report.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/findings/doubts.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

std::string BaseNameOf(std::string_view file) { return std::string(file.substr(file.rfind('/') + 1)); }

// "Account::Deposit (bank.h:12)".
std::string Where(const Place& place) {
  if (place.file.empty()) return place.function.empty() ? "an unknown place" : place.function;
  const std::string line = BaseNameOf(FileAndLine(place));
  return place.function.empty() ? line : absl::StrCat(place.function, " (", line, ")");
}

Place PlaceOf(const Frame& frame, std::string function, const std::string& root) {
  Place place;
  place.function = std::move(function);
  place.file = RelativeTo(root, frame.file);
  place.line = frame.line;
  place.column = frame.column;
  return place;
}

// The place that represents the stack: the program's own innermost frame or, if there is none, the innermost frame.
Place PlaceOf(const Stack& stack, const std::string& root) {
  const Frame* frame = Site(stack);
  if (frame == nullptr && !stack.frames.empty()) frame = &stack.frames.front();
  return frame == nullptr ? Place() : PlaceOf(*frame, SiteName(stack, *frame), root);
}

std::string ThreadName(const Report& report, int id) {
  if (id == kMainThread) return "the main thread";
  if (id == kUnknownThread) return "an unknown thread";
  const auto known = std::find_if(report.threads.begin(), report.threads.end(),
                                  [id](const ReportedThread& thread) { return thread.id == id; });
  const std::string name =
      known == report.threads.end() || known->name.empty() ? "" : absl::StrCat(" '", known->name, "'");
  return absl::StrCat("thread T", id, name);
}

// "atomic write of 8 bytes".
std::string Does(const Report& report, const ReportedAccess& access) {
  const bool frees = report.kind == ReportKind::kUseAfterFree || report.kind == ReportKind::kVptrUseAfterFree;
  if (frees && access.previous) return "free";
  const std::string_view what = access.write ? "write" : "read";
  const std::string of =
      access.size == 0 ? "" : absl::StrCat(" of ", access.size, access.size == 1 ? " byte" : " bytes");
  return absl::StrCat(access.atomic ? "atomic " : "", what, of);
}

std::string Holding(const ReportedAccess& access) {
  if (access.mutexes.empty()) return "holding no lock";
  std::vector<std::string> names;
  for (const HeldMutex& mutex : access.mutexes)
    names.push_back(absl::StrCat("M", mutex.id, mutex.write ? "" : " shared"));
  return absl::StrCat("holding ", absl::StrJoin(names, ", "));
}

// The object in words that do not change from run to run.
std::string ObjectOf(const Report& report) {
  if (report.locations.empty()) return "";
  const ReportedLocation& location = report.locations.front();
  switch (location.kind) {
    case LocationKind::kGlobal:
      return location.name.empty() || location.name == "<null>" ? "a global"
                                                                : absl::StrCat("global '", location.name, "'");
    case LocationKind::kHeap:
      return absl::StrCat("heap block of ", location.size, location.size == 1 ? " byte" : " bytes");
    case LocationKind::kStack:
      return "the stack of a thread";
    case LocationKind::kThreadLocal:
      return "thread-local storage";
    case LocationKind::kFileDescriptor:
      return absl::StrCat("file descriptor ", location.descriptor);
    case LocationKind::kOther:
      return "";
  }
  return "";
}

// "Start (bank.cc:12)"; empty if the stack is missing, or none of its frames is known to be the program's.
std::string Origin(const Report& report, const std::optional<StackIndex>& index, const std::string& root) {
  if (!index.has_value() || *index >= report.stacks.size()) return "";
  const Stack& stack = report.stacks[*index];
  const Frame* frame = Site(stack);
  return frame == nullptr || frame->file.empty() ? "" : Where(PlaceOf(stack, root));
}

// Where the threads were created: a sentence for each place.
void AddThreads(const Report& report, const std::string& root, std::vector<std::string>& background) {
  if (report.kind == ReportKind::kThreadLeak) return;  // This is its only place.
  std::map<std::string, std::set<int>> created;
  for (const ReportedThread& thread : report.threads) created[Origin(report, thread.stack, root)].insert(thread.id);
  created.erase("");
  for (const auto& [origin, threads] : created) {
    background.push_back(absl::StrCat("T", absl::StrJoin(threads, " and T"), threads.size() == 1 ? " was" : " were",
                                      " created in ", origin, "."));
  }
}

// Whether no lock is held at each of the accesses.
bool ShareNoLock(const std::vector<ReportedAccess>& accesses) {
  return std::none_of(accesses[0].mutexes.begin(), accesses[0].mutexes.end(), [&](const HeldMutex& mutex) {
    return std::all_of(accesses.begin(), accesses.end(), [&](const ReportedAccess& access) {
      return std::any_of(access.mutexes.begin(), access.mutexes.end(),
                         [&](const HeldMutex& held) { return held.id == mutex.id; });
    });
  });
}

// Where the locks of the report come from, and that the accesses share none.
void AddLocks(const Report& report, const std::string& root, std::vector<std::string>& background) {
  const bool any_held = std::any_of(report.accesses.begin(), report.accesses.end(),
                                    [](const ReportedAccess& access) { return !access.mutexes.empty(); });
  if (report.accesses.size() > 1 && any_held && ShareNoLock(report.accesses))
    background.emplace_back("No lock is held at both.");
  for (const ReportedMutex& mutex : report.mutexes) {
    const std::string origin = Origin(report, mutex.stack, root);
    if (origin.empty() || !mutex.stack) continue;
    // ThreadSanitizer learns of a mutex without an initialising function when it is locked.
    const bool is_locked = report.stacks[*mutex.stack].frames.front().function.ends_with("lock");
    background.push_back(
        absl::StrCat("M", mutex.id, is_locked ? " was first locked in " : " was created in ", origin, "."));
  }
}

// Where the block was allocated, or the file opened.
void AddLocation(const Report& report, const std::string& root, std::vector<std::string>& background) {
  if (report.locations.empty()) return;
  const ReportedLocation& location = report.locations.front();
  const std::string origin = Origin(report, location.stack, root);
  if (origin.empty()) return;
  const std::string_view what = location.kind == LocationKind::kHeap ? "The heap block was allocated in "
                                : location.closed                    ? "The file was closed in "
                                                                     : "The file was opened in ";
  background.push_back(absl::StrCat(what, origin, ", by ", ThreadName(report, location.thread), "."));
}

// ObjectOf() without numbers that change between runs or after unrelated edits: a block's size depends on how far a
// vector has grown, or on the size of a class.
std::string NameOfObject(const Report& report) {
  if (report.locations.empty()) return "";
  const LocationKind kind = report.locations.front().kind;
  return kind == LocationKind::kHeap             ? "heap block"
         : kind == LocationKind::kFileDescriptor ? "file descriptor"
                                                 : ObjectOf(report);
}

// "Data race on global 'total': write of 4 bytes in A (a.h:3), and read of 4 bytes in B (a.h:9)".
std::string Sentence(const Finding& finding) {
  std::vector<std::string> parties;
  for (const Place& place : finding.places) {
    const std::string_view does = std::string_view(place.text).substr(0, place.text.find(" by "));
    parties.push_back(does.empty() ? Where(place) : absl::StrCat(does, " in ", Where(place)));
  }
  const std::string on = finding.object.empty() ? "" : absl::StrCat(" on ", finding.object);
  const std::string where = parties.empty() ? "" : absl::StrCat(": ", absl::StrJoin(parties, ", and "));
  return absl::StrCat(finding.rule->title, on, where);
}

}  // namespace

Finding FindingOf(const Report& report, const std::string& root) {
  Finding finding;
  finding.rule = &RuleOf(report.kind);
  finding.details = report.text;
  finding.object = ObjectOf(report);
  if (!report.accesses.empty()) {
    for (const ReportedAccess& access : report.accesses) {
      if (access.stack >= report.stacks.size()) continue;
      Place place = PlaceOf(report.stacks[access.stack], root);
      place.text = absl::StrCat(Does(report, access), " by ", ThreadName(report, access.thread), ", ", Holding(access));
      finding.places.push_back(std::move(place));
    }
  } else {
    for (const NamedSite& site : NamedSites(report)) {
      if (site.frame != nullptr) finding.places.push_back(PlaceOf(*site.frame, site.name, root));
    }
    for (size_t i = 0; i < report.edges.size() && i < finding.places.size(); ++i) {
      const LockOrderEdge& edge = report.edges[i];
      finding.places[i].text = absl::StrCat("takes M", edge.acquired, " while holding M", edge.held, " by ",
                                            ThreadName(report, edge.thread));
    }
  }
  if (finding.places.empty() && !report.stacks.empty()) finding.places.push_back(PlaceOf(report.stacks.front(), root));
  AddThreads(report, root, finding.background);
  AddLocks(report, root, finding.background);
  AddLocation(report, root, finding.background);
  finding.message = Sentence(finding);
  if (report.damaged) finding.message += " (a line of the report is missing, or is another report's)";
  finding.doubts = Doubts(report, root);
  finding.fingerprint = Fingerprint(finding, root, NameOfObject(report));
  return finding;
}

Finding FindingOf(const IncompleteReport& report) {
  Finding finding;
  finding.rule = &RuleWithId("incomplete-report");
  finding.details = report.text;
  finding.object = Name(report.kind);
  finding.message = absl::StrCat("A report of \"", report.headline.empty() ? "ThreadSanitizer" : report.headline,
                                 report.mixed ? "\" is mixed with the output of others" : "\" was cut short",
                                 ": it is unknown what it would have said");
  finding.fingerprint = Fingerprint(finding, /*root=*/"");
  return finding;
}

Finding LostReports(std::string message) {
  Finding finding;
  finding.rule = &RuleWithId("incomplete-report");
  finding.message = std::move(message);
  finding.fingerprint = Fingerprint(finding, /*root=*/"");
  return finding;
}

Finding FindingOf(const FatalError& error, const std::string& root) {
  Finding finding;
  finding.rule = &RuleWithId("fatal-error");
  finding.details = error.text;
  if (!error.stack.frames.empty()) finding.places.push_back(PlaceOf(error.stack, root));
  // The message itself, if the error is of no named kind.
  const std::string what = !error.signal.empty()             ? error.signal
                           : error.kind == FatalKind::kOther ? error.what
                                                             : std::string(Name(error.kind));
  finding.object = what;
  finding.message = absl::StrCat("Fatal error under ThreadSanitizer: ", what,
                                 finding.places.empty() ? "" : absl::StrCat(" in ", Where(finding.places.front())));
  finding.fingerprint = Fingerprint(finding, root);
  return finding;
}

Finding HangOf(const StuckProcess& stuck, const std::vector<LiveStack>& stacks, const std::string& program,
               const std::string& root) {
  Finding finding;
  finding.rule = &RuleWithId(stuck.is_deadlock ? "deadlock" : "hang");
  finding.object = program;
  std::vector<std::string> parts;
  for (size_t i = 0; i < stuck.threads.size(); ++i) {
    const auto known = std::find_if(stacks.begin(), stacks.end(),
                                    [&](const LiveStack& stack) { return stack.thread == stuck.threads[i]; });
    Place place = known == stacks.end() ? Place() : PlaceOf(known->stack, root);
    // The object's address changes from run to run.
    place.text = stuck.wait_for[i].substr(0, stuck.wait_for[i].find(" at 0x"));
    parts.push_back(place.function.empty() ? place.text : absl::StrCat(place.text, ", in ", Where(place)));
    absl::StrAppend(&finding.details, stuck.wait_for[i], "\n");
    if (known != stacks.end()) {
      for (const Frame& frame : known->stack.frames) {
        const std::string where = frame.file.empty() ? frame.module : absl::StrCat(frame.file, ":", frame.line);
        absl::StrAppend(&finding.details, "    ", frame.function.empty() ? "?" : frame.function, " ", where, "\n");
      }
    }
    finding.places.push_back(std::move(place));
  }
  finding.message = absl::StrCat(finding.rule->title, " in ", program, ": ", absl::StrJoin(parts, "; "));
  finding.fingerprint = Fingerprint(finding, root);
  return finding;
}

Finding FindingOf(const InterleavingFailure& failure, const std::string& scenario, const std::string& replay,
                  const std::string& root) {
  Finding finding;
  finding.rule = &RuleOfFailure(failure.kind);
  finding.object = failure.memory_name.empty() ? "" : absl::StrCat("'", failure.memory_name, "'");
  for (const RacingAccess& access : failure.accesses) {
    Place place = PlaceOf(access.stack, root);
    place.text = absl::StrCat(access.access, " by thread T", access.thread);
    finding.places.push_back(std::move(place));
  }
  for (const WaitingThread& waiting : failure.waiting) {
    Place place = PlaceOf(waiting.stack, root);
    place.text = absl::StrCat(waiting.operation, waiting.name.empty() ? "" : absl::StrCat(" ", waiting.name),
                              " by thread T", waiting.thread);
    finding.places.push_back(std::move(place));
  }
  if (finding.places.empty() && !failure.stack.frames.empty()) finding.places.push_back(PlaceOf(failure.stack, root));
  for (const InterleavingStep& step : failure.steps) {
    if (!step.is_step) continue;
    FlowStep flow = {absl::StrCat("T", step.thread), PlaceOf(step.stack, root)};
    flow.place.text = absl::StrCat(step.operation, step.name.empty() ? "" : absl::StrCat(" ", step.name));
    if (!flow.place.file.empty()) finding.flow.push_back(std::move(flow));
  }
  if (finding.places.empty() && !finding.flow.empty()) finding.places.push_back(finding.flow.back().place);
  const std::string what =
      failure.message.empty() ? Sentence(finding) : absl::StrCat(finding.rule->title, ": ", failure.message);
  finding.message =
      absl::StrCat(what, scenario == "main" || scenario.empty() ? "" : absl::StrCat(" (in ", scenario, ")"));
  finding.details = replay.empty() ? "" : absl::StrCat("This shows the interleaving again:\n    ", replay);
  finding.fingerprint = Fingerprint(finding, root);
  return finding;
}

}  // namespace racelab
