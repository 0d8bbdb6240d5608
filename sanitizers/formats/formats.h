#ifndef RACELAB_SANITIZERS_FORMATS_FORMATS_H_
#define RACELAB_SANITIZERS_FORMATS_FORMATS_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/findings/finding.h"

namespace racelab {

// The outcome of one check: of a variant of a lab, or of a scenario.
struct CheckOutcome {
  std::string group;                  // what was checked: "lost_update.mutex"
  std::string name;                   // how it was checked: "tsan with clang"
  double seconds = 0;                 // 0 if unknown
  std::vector<std::string> findings;  // fingerprints of its findings
  std::string untold;                 // why the check is inconclusive; empty if it is conclusive

  CheckOutcome(std::string group, std::string name) : group(std::move(group)), name(std::move(name)) {}
};

// The group of the checks that explore a scenario's interleavings.
inline constexpr std::string_view kGroupOfScenarios = "interleavings";

// What the formats write: the findings, and how they were obtained.
struct Findings {
  std::vector<Finding> all;          // distinct
  std::string root;                  // the folder of the sources
  std::string command;               // what was run, or the logs that were read
  std::vector<std::string> notes;    // information besides the findings: "suppressions hide 3 reports"
  std::vector<std::string> fixed;    // fingerprints of the baseline that were not found again
  size_t known = 0;                  // number of findings in the baseline, which are not in `all`
  bool cannot_tell = false;          // the absence of findings proves nothing; `notes` says why
  std::vector<CheckOutcome> checks;  // individual checks, including those without findings; may be empty
};

// SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), with the properties that GitHub's code scanning needs
// (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
// GitHub replaces earlier results of the same `category`, refuses a file that contains one category twice, and derives
// a missing category from the name of the job.
std::string Sarif(const Findings& findings, const std::string& category = "");

// JUnit's XML, as CI servers read it: a test case for each check, and a failed one for each finding that belongs to no
// check. If there are neither, one test case that passed.
std::string JUnit(const Findings& findings);

// GitHub's workflow commands, which become annotations of a pull request: GitHub shows at most ten per step, so the
// tenth says how many more there are.
std::string GitHubAnnotations(const Findings& findings);

// A short summary for a pull request.
std::string Markdown(const Findings& findings);

// Our own format: "schema" is 1, and is incremented when a member changes its meaning or is removed; members may be
// added.
//   {"schema": 1, "command", "root", "cannot_tell", "notes": […], "known", "fixed": […],
//    "checks": [{"group", "name", "seconds", "findings": [fingerprints…], "untold"}, …],
//    "findings": [{"rule", "severity", "title", "message", "object", "fingerprint", "count", "details", "doubts": […],
//                  "background": […],
//                  "places": [{"file", "line", "column", "function", "text"}, …],
//                  "flow": [{"thread", "file", "line", "column", "function", "text"}, …],
//                  "meaning", "cause", "repair", "lab"}, …]}
// A line or column that is unknown is 0, a text "". "details" is the whole report, as it was printed. The members are
// those of Finding, CheckOutcome and Rule, which say what each member means.
std::string FindingsJson(const Findings& findings);

// Reads the output of FindingsJson(), except "root", "known" and "fixed". Returns an error if the text is incomplete.
absl::StatusOr<Findings> FindingsFromJson(const std::string& text);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FORMATS_FORMATS_H_
