#ifndef RACELAB_SANITIZERS_GATE_COLLECTOR_H_
#define RACELAB_SANITIZERS_GATE_COLLECTOR_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "sanitizers/findings/finding.h"
#include "sanitizers/formats/formats.h"
#include "sanitizers/report/report_reader.h"

namespace racelab {

// Makes findings of everything that ThreadSanitizer printed, in any number of logs, and knows what is missing. Its
// memory grows with the different findings, not with the length of the logs.
class Collector {
 public:
  explicit Collector(std::string root) : root_(std::move(root)) {}

  // What a reader finds, and what it finds again. (The reader must not outlive this object.)
  void Add(const ReportEvent& event);
  void AddAgain(const RepeatedReport& report);
  void Add(Finding finding);

  // Reads a log, or what `racelab explore --json` has written; "-" is standard input.
  absl::Status ReadLog(const std::string& path);

  std::vector<Finding> TakeFindings() { return std::move(findings_); }

  // What a reader must know beside the findings: matched suppressions, reports that were announced but not seen, and
  // interleavings that were not.
  std::vector<std::string> Notes() const;

  // The explorations that were read, one check for each scenario; one that lacks a part cannot tell.
  std::vector<CheckOutcome> Checks() const;

  // Whether reports were left out because there are too many different ones: a gate must not pass then.
  bool LeavesOut() const { return left_out_ > 0; }

  // Whether interleavings are missing: parts of explorations that were not given, or that cannot tell.
  bool MissesInterleavings() const;

 private:
  void AddExplorations(const std::string& text, const std::string& path);

  // The parts of the exploration of a scenario.
  struct Parts {
    int count = 1;
    std::set<int> seen;
    std::vector<std::string> problems;
    std::set<std::string> found;  // fingerprints
  };
  // Why the exploration of the scenario cannot tell; none if it can.
  static std::vector<std::string> Problems(const std::string& scenario, const Parts& parts);
  std::string root_;
  std::vector<Finding> findings_;
  std::map<std::string, size_t> known_;           // from fingerprints to places in `findings_`
  std::map<std::uint64_t, size_t> of_signature_;  // the same, from Signature() of a report
  std::map<std::string, std::uint64_t> suppressed_;
  std::int64_t reports_ = 0, announced_ = 0, left_out_ = 0;
  std::map<std::string, Parts> explored_;  // by the scenario
  std::vector<std::string> cut_;           // files that are no whole JSON
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_COLLECTOR_H_
