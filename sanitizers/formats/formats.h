#ifndef RACELAB_SANITIZERS_FORMATS_FORMATS_H_
#define RACELAB_SANITIZERS_FORMATS_FORMATS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/findings/finding.h"

namespace racelab {

// Something that was checked by itself: a variant of a lab, a scenario.
struct CheckOutcome {
  std::string group;                  // what was checked: "lost_update.mutex"
  std::string name;                   // and how: "tsan with clang"
  double seconds = 0;                 // 0 if that is unknown
  std::vector<std::string> findings;  // the fingerprints of what is wrong with it
  std::string untold;                 // why nothing can be told; empty if something can

  CheckOutcome(std::string group, std::string name) : group(std::move(group)), name(std::move(name)) {}
};

// Of checks that are scenarios, of which every interleaving is run.
inline constexpr std::string_view kGroupOfScenarios = "interleavings";

// What is written: the findings, and how they came about.
struct Findings {
  std::vector<Finding> all;          // different from each other
  std::string root;                  // the folder of the sources
  std::string command;               // what was run, or the logs that were read
  std::vector<std::string> notes;    // what a reader must know beside the findings: "suppressions hide 3 reports"
  std::vector<std::string> fixed;    // fingerprints of the baseline that were not found again
  size_t known = 0;                  // findings that the baseline contains, which are not in `all`
  bool cannot_tell = false;          // that nothing was found says nothing: `notes` has the reason
  std::vector<CheckOutcome> checks;  // those that are known one by one, also if nothing is wrong; perhaps none
};

// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), with what GitHub's code scanning needs of it
// (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
// There, the results of an analysis replace those of the one with the same `category`, and a file with two of the same
// is refused; without one, the service makes it from the name of the job.
std::string Sarif(const Findings& findings, const std::string& category = "");

// JUnit's XML, as CI servers read it: a test case for each check, a failed one for each finding of no check, or else
// one that passed.
std::string JUnit(const Findings& findings);

// GitHub's workflow commands, which become annotations of a pull request: at most ten a step are shown, so the tenth
// tells how many more there are.
std::string GitHubAnnotations(const Findings& findings);

// A short summary for a pull request.
std::string Markdown(const Findings& findings);

// Our own format: "schema" is 1, and grows when a member changes its meaning or goes; members may be added.
//   {"schema": 1, "command", "root", "cannot_tell", "notes": […], "known", "fixed": […],
//    "checks": [{"group", "name", "seconds", "findings": [fingerprints…], "untold"}, …],
//    "findings": [{"rule", "severity", "title", "message", "object", "fingerprint", "count", "details", "doubts": […],
//                  "places": [{"file", "line", "column", "function", "text"}, …],
//                  "flow": [{"thread", "file", "line", "column", "function", "text"}, …],
//                  "meaning", "cause", "repair", "lab"}, …]}
// A line or column that is unknown is 0, a text "". "details" is the whole report, as it was printed. The members are
// those of Finding, CheckOutcome and Rule, which say what each member means.
std::string FindingsJson(const Findings& findings);

// What FindingsJson() has written, without "root", "known" and "fixed"; an error if it is not whole.
absl::StatusOr<Findings> FindingsFromJson(const std::string& text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FORMATS_FORMATS_H_
