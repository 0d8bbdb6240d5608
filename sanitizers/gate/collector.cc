#include "sanitizers/gate/collector.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "sanitizers/findings/from_report.h"
#include "sanitizers/process/supervisor.h"
#include "sanitizers/report/certainty.h"
#include "sanitizers/report/exploration_json.h"
#include "sanitizers/verdict/known_defects.h"

namespace racelab {
namespace {

// Limit on the distinct findings kept: twice what GitHub's code scanning shows.
constexpr size_t kMostFindings = 10'000;

// Whether the text begins like that of `racelab explore --json`, which is an array of objects.
bool IsExplorations(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos || text[begin] != '[') return false;
  const size_t next = text.find_first_not_of(" \t\r\n", begin + 1);
  return next != std::string_view::npos && (text[next] == '{' || text[next] == ']');
}

// Whether the text begins like the output of FindingsJson().
bool IsFindings(std::string_view text) { return absl::StartsWith(text, "{\n  \"schema\": "); }

std::string WhatIsCutOff(const std::string& path) {
  return absl::StrCat(path, " is cut off: nothing is known of its interleavings");
}

}  // namespace

void Collector::Add(Finding finding) {
  const auto [at, is_new] = known_.emplace(finding.fingerprint, findings_.size());
  if (is_new) {
    findings_.push_back(std::move(finding));
  } else {
    findings_[at->second].count += finding.count;
  }
}

void Collector::Add(const ReportEvent& event) {
  if (const auto* report = std::get_if<Report>(&event)) {
    ++reports_;
    if (findings_.size() + unnamed_.size() >= kMostFindings) return void(++left_out_);
    if (ReportCompleter::LacksSymbols(*report)) {
      unnamed_counts_.emplace(Signature(*report), 1);
      unnamed_.push_back(*report);
    } else {
      of_signature_.emplace(Signature(*report), Add(*report, 1));
    }
  } else if (const auto* incomplete = std::get_if<IncompleteReport>(&event)) {
    ++reports_;
    if (findings_.size() >= kMostFindings) return void(++left_out_);
    Add(FindingOf(*incomplete));
  } else if (const auto* error = std::get_if<FatalError>(&event)) {
    if (findings_.size() >= kMostFindings) return void(++left_out_);
    Add(FindingOf(*error, root_));
  } else if (const auto* notice = std::get_if<Notice>(&event)) {
    announced_ += notice->warnings.value_or(0);
    most_announced_ = std::max<std::int64_t>(most_announced_, notice->warnings.value_or(0));
  } else if (const auto* suppression = std::get_if<MatchedSuppression>(&event)) {
    suppressed_[suppression->pattern] += suppression->hits;
  }
}

size_t Collector::Add(const Report& report, int count) {
  Finding finding = FindingOf(report, root_);
  finding.count = count;
  if (IsFormalDefect(report)) {
    finding.doubts.push_back(
        "this is a known defect of the standard library, which is only formal: CONTRIBUTING.md of Race Lab names it");
  }
  const std::string fingerprint = finding.fingerprint;
  Add(std::move(finding));
  return known_.at(fingerprint);
}

void Collector::LookUpUnnamed() {
  completer_.Prepare(unnamed_);
  for (const Report& report : unnamed_) {
    const std::uint64_t signature = Signature(report);
    of_signature_.emplace(signature, Add(completer_.Completed(report).value_or(report), unnamed_counts_.at(signature)));
  }
  unnamed_.clear();
  unnamed_counts_.clear();
}

void Collector::AddAgain(const RepeatedReport& report) {
  ++reports_;
  if (const auto known = of_signature_.find(report.signature); known != of_signature_.end()) {
    ++findings_[known->second].count;
  } else if (const auto unnamed = unnamed_counts_.find(report.signature); unnamed != unnamed_counts_.end()) {
    ++unnamed->second;
  } else {
    ++left_out_;
  }
}

void Collector::Stream::Finish() {
  reader_.Finish();
  collector_.LookUpUnnamed();
  collector_.other_tools_.insert(telltales_.other_tools().begin(), telltales_.other_tools().end());
  if (telltales_.lost_reports())
    collector_.Add(LostReports("A process could not open the file of its reports, and ended: they are lost"));
}

absl::Status Collector::ReadPart(const std::string& path) {
  const Fd opened(path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
  Stream stream(*this);
  std::vector<char> bytes(1 << 18);
  std::string json;  // the whole text, if it holds explorations or findings
  bool is_first = true;
  for (;;) {
    const ssize_t size = read(opened.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
    if (size == 0) break;
    const std::string_view piece(bytes.data(), static_cast<size_t>(size));
    if (std::exchange(is_first, false)) {
      if (const std::string_view why = WhyNotText(piece); !why.empty())
        return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": ", why));
      if (IsExplorations(piece) || IsFindings(piece)) {
        json = piece;
        continue;
      }
    }
    if (json.empty()) {
      stream.Feed(piece);
    } else {
      json += piece;
    }
  }
  stream.Finish();
  if (json.empty()) return absl::OkStatus();
  if (IsFindings(json)) return AddFindings(json, path);
  AddExplorations(json, path);
  return absl::OkStatus();
}

void Collector::EndLog(const std::string& name) {
  // A forked process counts its parent's reports again, so only the count of a single process proves that reports are
  // missing.
  if (most_announced_ > reports_) {
    Add(LostReports(absl::StrCat("ThreadSanitizer says that it reported ", most_announced_,
                                 most_announced_ == 1 ? " warning" : " warnings", ", but only ", reports_,
                                 reports_ == 1 ? " is in " : " are in ", name)));
  } else if (announced_ > reports_) {
    incomplete_logs_.push_back(absl::StrCat(
        "the processes in ", name, " say that they reported ", announced_, " warnings, but only ", reports_,
        " are there: unless some processes were forked by others after a report, parts are missing"));
  }
  reports_ = announced_ = most_announced_ = 0;
}

absl::Status Collector::ReadLog(const std::string& path) {
  const absl::Status read = ReadPart(path);
  EndLog(path);
  return read;
}

absl::Status Collector::AddFindings(const std::string& text, const std::string& path) {
  absl::StatusOr<Findings> read = FindingsFromJson(text);
  if (!read.ok()) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ": ", read.status().message()));
  for (Finding& finding : read->all) Add(std::move(finding));
  cannot_tell_ = cannot_tell_ || read->cannot_tell;
  checks_.insert(checks_.end(), read->checks.begin(), read->checks.end());
  for (const std::string& note : read->notes) incomplete_logs_.push_back(absl::StrCat(path, ": ", note));
  return absl::OkStatus();
}

void Collector::AddExplorations(const std::string& text, const std::string& path) {
  using nlohmann::ordered_json;
  const ordered_json explorations = ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!explorations.is_array()) return cut_.push_back(path);
  const auto text_of = [](const ordered_json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
  };
  for (const ordered_json& exploration : explorations) {
    if (!exploration.is_object()) {
      cut_.push_back(path);
      continue;
    }
    const std::string scenario = text_of(exploration, "scenario");
    Parts& parts = explored_[scenario];
    const std::vector<std::string> part = absl::StrSplit(text_of(exploration, "part"), '/');
    int index = 1, count = 1;
    if (part.size() == 2 && absl::SimpleAtoi(part[0], &index) && absl::SimpleAtoi(part[1], &count))
      parts.count = std::max(parts.count, count);
    parts.seen.insert(index);
    if (text_of(exploration, "certainty") == Name(Certainty::kCannotTell))
      parts.problems.push_back(absl::StrCat(path, " cannot tell whether ", scenario, " holds"));
    if (!exploration.contains("failures") || !exploration["failures"].is_array()) continue;
    for (const ordered_json& json : exploration["failures"]) {
      const InterleavingFailure failure = FailureFromJson(json);
      if (CertaintyOf(failure) != Certainty::kFails) continue;
      Finding finding = FindingOf(failure, scenario, text_of(json, "replay"), root_);
      parts.found.insert(finding.fingerprint);
      Add(std::move(finding));
    }
  }
}

std::vector<std::string> Collector::Problems(const std::string& scenario, const Parts& parts) {
  std::vector<std::string> problems = parts.problems;
  for (int part = 1; part <= parts.count; ++part) {
    if (!parts.seen.contains(part)) {
      problems.push_back(absl::StrCat("part ", part, "/", parts.count, " of ", scenario,
                                      " is missing: nothing is known of its interleavings"));
    }
  }
  return problems;
}

bool Collector::CannotTell() const {
  const std::vector<CheckOutcome> checks = Checks();
  return !other_tools_.empty() ||
         std::any_of(checks.begin(), checks.end(), [](const CheckOutcome& check) { return !check.untold.empty(); });
}

std::vector<CheckOutcome> Collector::Checks() const {
  std::vector<CheckOutcome> checks = checks_;
  for (const auto& [scenario, parts] : explored_) {
    CheckOutcome& check = checks.emplace_back(std::string(kGroupOfScenarios), scenario);
    check.findings.assign(parts.found.begin(), parts.found.end());
    check.untold = absl::StrJoin(Problems(scenario, parts), "\n");
  }
  for (const std::string& path : cut_)
    checks.emplace_back(std::string(kGroupOfScenarios), path).untold = WhatIsCutOff(path);
  return checks;
}

std::vector<std::string> Collector::Notes() const {
  std::vector<std::string> notes;
  if (left_out_ > 0) {
    notes.push_back(absl::StrCat("these are the first ", kMostFindings, " different findings; ", left_out_,
                                 " later reports are left out, so the command fails"));
  }
  for (const auto& [pattern, hits] : suppressed_)
    notes.push_back(absl::StrCat("the suppression \"", pattern, "\" hid ", hits, hits == 1 ? " report" : " reports"));
  for (const CheckOutcome& check : checks_) {
    if (!check.untold.empty()) notes.push_back(absl::StrCat(check.group, " ", check.name, ": ", check.untold));
  }
  for (const std::string& path : cut_) notes.push_back(WhatIsCutOff(path));
  for (const auto& [scenario, parts] : explored_) {
    for (std::string& problem : Problems(scenario, parts)) notes.push_back(std::move(problem));
  }
  notes.insert(notes.end(), incomplete_logs_.begin(), incomplete_logs_.end());
  for (std::string& note : completer_.Notes()) notes.push_back(std::move(note));
  for (const std::string& tool : other_tools_) {
    notes.push_back(absl::StrCat(tool,
                                 " has reported a race in this log; racelab reads only ThreadSanitizer's reports, so ",
                                 "look at the log itself"));
  }
  return notes;
}

}  // namespace racelab
