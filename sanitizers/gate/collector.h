#ifndef RACELAB_SANITIZERS_GATE_COLLECTOR_H_
#define RACELAB_SANITIZERS_GATE_COLLECTOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "sanitizers/findings/finding.h"
#include "sanitizers/report/report_reader.h"

namespace racelab {

// Makes findings of everything that ThreadSanitizer printed, in any number of logs, and knows what is missing. Its
// memory grows with the different findings, not with the length of the logs.
class Collector {
 public:
  explicit Collector(std::string root) : root_(std::move(root)) {}

  // For a reader of one log: `reader` must not outlive this object.
  void Add(const ReportEvent& event);
  void Add(Finding finding);

  // Reads a log; "-" is standard input.
  absl::Status ReadLog(const std::string& path);

  std::vector<Finding> TakeFindings() { return std::move(findings_); }

  // What a reader must know beside the findings: matched suppressions, and reports that were announced but not seen.
  std::vector<std::string> Notes() const;

 private:
  std::string root_;
  std::vector<Finding> findings_;
  std::map<std::string, size_t> known_;  // from fingerprints to places in `findings_`
  std::map<std::string, std::uint64_t> suppressed_;
  std::int64_t reports_ = 0, announced_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_COLLECTOR_H_
