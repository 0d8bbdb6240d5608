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

// Something that the author of a program must look at: a report of ThreadSanitizer's, a hang, an interleaving that
// fails. Every format is written from this.
struct Finding {
  const Rule* rule = nullptr;
  std::string message;        // in one sentence
  std::vector<Place> places;  // of the parties to it; the primary one first
  std::vector<FlowStep> flow;
  std::string details;  // as the tool that found it put it
  std::string object;   // the variable or the memory that it is about; empty if it is unknown
  // 16 hexadecimal digits, which stay the same when unrelated lines are edited, and from one machine to another.
  std::string fingerprint;
  int count = 1;                    // how often it was found
  std::vector<std::string> doubts;  // what hints at a false alarm
};

// A fingerprint of what describes the finding without line numbers or addresses: its rule, its object, and for each
// place the file, the function and the text of the line (read in `root`, if it can be), in an order of their own.
// `object` is what identifies the object, where the finding's own words for it do not.
std::string Fingerprint(const Finding& finding, const std::string& root, std::string_view object);
inline std::string Fingerprint(const Finding& finding, const std::string& root) {
  return Fingerprint(finding, root, finding.object);
}

// The first place that lies in the sources, not in a library's; null if there is none.
const Place* PlaceInSources(const Finding& finding);

// `file`, which may go up and down as in "/bank/build/../bank.h", relative to `root` if it lies there. A file that does
// not exist here, since it was compiled elsewhere, is the one below `root` whose path ends in the same way.
std::string RelativeTo(const std::string& root, const std::string& file);

// "bank.h:12"; without the line if it is unknown, as of code that the compiler has made up.
std::string FileAndLine(const Place& place);

// The lines of the file around `line`, `around` on each side, as far as it can be read; the first one's number is
// `first`.
struct SourceLines {
  int first = 0;
  std::vector<std::string> lines;
};
SourceLines ReadAround(const std::string& root, const Place& place, int around);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_FINDING_H_
