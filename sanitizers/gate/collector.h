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
#include "sanitizers/gate/telltales.h"
#include "sanitizers/report/report_reader.h"
#include "sanitizers/symbols/report_completer.h"

namespace racelab {

// Converts ThreadSanitizer's output in any number of logs into findings, and detects missing reports. Its memory grows
// with the number of distinct findings, not with the length of the logs.
class Collector {
 public:
  explicit Collector(std::string root) : root_(std::move(root)), completer_(root_) {}

  void Add(Finding finding);

  // Collects from text that arrives in pieces. Must not outlive the collector.
  class Stream {
   public:
    explicit Stream(Collector& collector)
        : collector_(collector),
          reader_([&collector](const ReportEvent& event) { collector.Add(event); },
                  [&collector](const RepeatedReport& report) { collector.AddAgain(report); }) {}
    void Feed(std::string_view piece) {
      telltales_.Feed(piece);
      reader_.Feed(piece);
    }
    // Must be called last.
    void Finish();

   private:
    Collector& collector_;
    ReportReader reader_;
    Telltales telltales_;
  };

  // Reads a part of a log, or the output of `racelab explore --json` or of a command's --json; "-" is standard input.
  absl::Status ReadPart(const std::string& path);

  // Call after the last part of a log. Adds a finding if the log announces reports that it does not contain.
  void EndLog(const std::string& name);

  // Reads a log that is a single file: ReadPart() and EndLog().
  absl::Status ReadLog(const std::string& path);

  std::vector<Finding> TakeFindings() { return std::move(findings_); }

  // Information besides the findings: matched suppressions, reports that were announced but not seen, and interleavings
  // that were not explored.
  std::vector<std::string> Notes() const;

  // The explorations that were read, one check for each scenario. A check that lacks a part is inconclusive.
  std::vector<CheckOutcome> Checks() const;

  // Whether reports were dropped because there are too many distinct ones. If so, a gate must not pass.
  bool LeavesOut() const { return left_out_ > 0; }

  // Whether the result is inconclusive: parts of explorations are missing or inconclusive themselves, or another tool
  // reports races in a format that the collector does not read.
  bool CannotTell() const;

 private:
  void Add(const ReportEvent& event);
  // Adds a report that occurred `count` times; returns the index of its finding.
  size_t Add(const Report& report, int count);
  void AddAgain(const RepeatedReport& report);
  // Symbolises and adds the reports in `unnamed_`.
  void LookUpUnnamed();
  void AddExplorations(const std::string& text, const std::string& path);
  absl::Status AddFindings(const std::string& text, const std::string& path);

  // The parts of the exploration of a scenario.
  struct Parts {
    int count = 1;
    std::set<int> seen;
    std::vector<std::string> problems;
    std::set<std::string> found;  // fingerprints
  };
  // Why the exploration of the scenario is inconclusive; empty if it is conclusive.
  static std::vector<std::string> Problems(const std::string& scenario, const Parts& parts);
  std::string root_;
  ReportCompleter completer_;
  std::vector<Finding> findings_;
  std::map<std::string, size_t> known_;           // from fingerprints to indices in `findings_`
  std::map<std::uint64_t, size_t> of_signature_;  // the same, from Signature() of a report
  // Reports that lack symbols are collected, and looked up all at once.
  std::vector<Report> unnamed_;
  std::map<std::uint64_t, int> unnamed_counts_;  // by Signature(): how often the report occurred
  std::map<std::string, std::uint64_t> suppressed_;
  std::set<std::string> other_tools_;
  bool cannot_tell_ = false;  // according to the input
  std::int64_t left_out_ = 0;
  std::int64_t reports_ = 0;         // of the current log
  std::int64_t announced_ = 0;       // in it, by all processes together
  std::int64_t most_announced_ = 0;  // by one process
  std::vector<std::string> incomplete_logs_;
  std::map<std::string, Parts> explored_;  // by the scenario
  std::vector<CheckOutcome> checks_;       // read together with their findings
  std::vector<std::string> cut_;           // files with truncated JSON
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_COLLECTOR_H_
