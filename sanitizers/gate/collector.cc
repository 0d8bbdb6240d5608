#include "sanitizers/gate/collector.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/findings/from_report.h"
#include "sanitizers/process/supervisor.h"

namespace racelab {

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
    Add(FindingOf(*report, root_));
  } else if (const auto* incomplete = std::get_if<IncompleteReport>(&event)) {
    ++reports_;
    Add(FindingOf(*incomplete));
  } else if (const auto* error = std::get_if<FatalError>(&event)) {
    Add(FindingOf(*error, root_));
  } else if (const auto* notice = std::get_if<Notice>(&event)) {
    announced_ += notice->warnings.value_or(0);
  } else if (const auto* suppression = std::get_if<MatchedSuppression>(&event)) {
    suppressed_[suppression->pattern] += suppression->hits;
  }
}

absl::Status Collector::ReadLog(const std::string& path) {
  const Fd opened(path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
  ReportReader reader([this](const ReportEvent& event) { Add(event); });
  std::vector<char> bytes(1 << 18);
  for (;;) {
    const ssize_t size = read(opened.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
    if (size == 0) break;
    reader.Feed({bytes.data(), static_cast<size_t>(size)});
  }
  reader.Finish();
  return absl::OkStatus();
}

std::vector<std::string> Collector::Notes() const {
  std::vector<std::string> notes;
  for (const auto& [pattern, hits] : suppressed_)
    notes.push_back(absl::StrCat("the suppression \"", pattern, "\" hid ", hits, hits == 1 ? " report" : " reports"));
  if (announced_ > reports_) {
    notes.push_back(absl::StrCat("ThreadSanitizer says that it reported ", announced_, " warnings, but only ", reports_,
                                 " are in this log: parts of it are missing"));
  }
  return notes;
}

}  // namespace racelab
