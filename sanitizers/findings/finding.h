#ifndef RACELAB_SANITIZERS_FINDINGS_FINDING_H_
#define RACELAB_SANITIZERS_FINDINGS_FINDING_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/findings/rule.h"

namespace racelab {

// A place in the program's sources.
struct Place {
  std::string file;  // relative to the root of the sources if it lies there; otherwise absolute
  int line = 0;      // from 1
  int column = 0;    // from 1; 0 if it is unknown
  std::string text;  // what happens there: "write of 8 bytes by thread T1, in Account::Deposit"
  std::string function;

  friend bool operator==(const Place&, const Place&) = default;
};

// A step on the way to the failure: "T1" "locks mutex_".
struct FlowStep {
  std::string thread;
  Place place;
};

// A problem that the author of a program must look at: a ThreadSanitizer report, a hang or a failing interleaving. All
// output formats are generated from this.
struct Finding {
  const Rule* rule = nullptr;
  std::string message;        // in one sentence
  std::vector<Place> places;  // of the threads involved; the primary one first
  std::vector<FlowStep> flow;
  std::vector<std::string> background;  // sentences: where the threads, the locks and the memory come from
  std::string details;                  // the text of the tool that found it
  std::string object;                   // the variable or memory concerned; empty if unknown
  // 16 hexadecimal digits, stable across machines and edits to unrelated lines.
  std::string fingerprint;
  int count = 1;                    // how often it was found
  std::vector<std::string> doubts;  // reasons to suspect a false alarm
};

// Hashes the parts of the finding that contain no line numbers or addresses: its rule, `object`, and the sorted places,
// each as file, function and text of the line (read from `root` if possible). `object` identifies the object in cases
// where `finding.object` does not.
std::string Fingerprint(const Finding& finding, const std::string& root, std::string_view object);
inline std::string Fingerprint(const Finding& finding, const std::string& root) {
  return Fingerprint(finding, root, finding.object);
}

// Returns the first place in the program's own sources, not in a library; null if there is none.
const Place* PlaceInSources(const Finding& finding);

// Returns `file`, normalised ("/bank/build/../bank.h" is "/bank/bank.h"), relative to `root` if it lies there. If the
// file does not exist because it was compiled elsewhere, returns the file below `root` that shares the longest path
// suffix.
std::string RelativeTo(const std::string& root, const std::string& file);

// "bank.h:12"; without the line if it is unknown, as in compiler-generated code.
std::string FileAndLine(const Place& place);

// The readable lines of a file around a line, starting with line number `first`.
struct SourceLines {
  int first = 0;
  std::vector<std::string> lines;
};
SourceLines ReadAround(const std::string& root, const Place& place, int around);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_FINDING_H_
