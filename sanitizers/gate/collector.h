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

// Makes findings of everything that ThreadSanitizer printed, in any number of logs, and knows what is missing. Its
// memory grows with the different findings, not with the length of the logs.
class Collector {
 public:
  explicit Collector(std::string root) : root_(std::move(root)), completer_(root_) {}

  void Add(Finding finding);

  // A text that comes piece by piece. Must not outlive the collector.
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

  // Reads a part of a log, or what `racelab explore --json` or a command's --json has written; "-" is standard input.
  absl::Status ReadPart(const std::string& path);

  // All parts of a log are read: a report that it announces, but that is not there, is a finding.
  void EndLog(const std::string& name);

  // The same for a log that is one file.
  absl::Status ReadLog(const std::string& path);

  std::vector<Finding> TakeFindings() { return std::move(findings_); }

  // What a reader must know beside the findings: matched suppressions, reports that were announced but not seen, and
  // interleavings that were not.
  std::vector<std::string> Notes() const;

  // The explorations that were read, one check for each scenario; one that lacks a part cannot tell.
  std::vector<CheckOutcome> Checks() const;

  // Whether reports were left out because there are too many different ones: a gate must not pass then.
  bool LeavesOut() const { return left_out_ > 0; }

  // Whether nobody can tell if all is well: parts of explorations were not given, or cannot tell themselves, or another
  // tool reports races in a form that is not read here.
  bool CannotTell() const;

 private:
  void Add(const ReportEvent& event);
  // Adds a report that occurred so often; returns the place of its finding.
  size_t Add(const Report& report, int count);
  void AddAgain(const RepeatedReport& report);
  // Adds the reports that wait for their symbols.
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
  // Why the exploration of the scenario cannot tell; none if it can.
  static std::vector<std::string> Problems(const std::string& scenario, const Parts& parts);
  std::string root_;
  ReportCompleter completer_;
  std::vector<Finding> findings_;
  std::map<std::string, size_t> known_;           // from fingerprints to places in `findings_`
  std::map<std::uint64_t, size_t> of_signature_;  // the same, from Signature() of a report
  // Reports that lack symbols are collected, and looked up all at once.
  std::vector<Report> unnamed_;
  std::map<std::uint64_t, int> unnamed_counts_;  // by Signature(): how often the report occurred
  std::map<std::string, std::uint64_t> suppressed_;
  std::set<std::string> other_tools_;
  bool cannot_tell_ = false;  // as what was read says
  std::int64_t left_out_ = 0;
  std::int64_t reports_ = 0;         // of the current log
  std::int64_t announced_ = 0;       // in it, by all processes together
  std::int64_t most_announced_ = 0;  // by one process
  std::vector<std::string> incomplete_logs_;
  std::map<std::string, Parts> explored_;  // by the scenario
  std::vector<CheckOutcome> checks_;       // that were read with their findings
  std::vector<std::string> cut_;           // files that are no whole JSON
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_COLLECTOR_H_
