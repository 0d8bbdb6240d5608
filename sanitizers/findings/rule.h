#ifndef RACELAB_SANITIZERS_FINDINGS_RULE_H_
#define RACELAB_SANITIZERS_FINDINGS_RULE_H_

#include <string_view>
#include <vector>

#include "sanitizers/report/report_kind.h"

namespace racelab {

enum class Severity { kNote, kWarning, kError };

// "note", "warning", "error".
std::string_view Name(Severity severity);

// A kind of finding, and what is known about it.
struct Rule {
  std::string_view id;       // "data-race"; stable
  std::string_view title;    // "Data race"
  std::string_view meaning;  // what it is, in a sentence or two
  std::string_view cause;    // what usually causes it
  std::string_view repair;   // what removes it
  std::string_view lab;      // the lab that teaches it; empty if there is none
  Severity severity = Severity::kError;
};

// All rules, in a fixed order.
const std::vector<Rule>& AllRules();

// The rule with this id; that of "unknown-report" if there is none.
const Rule& RuleWithId(std::string_view id);

// Whether the rule says that something was not checked: what would have been found may be of any kind, so no choice of
// kinds, and no number of findings that are put up with, lets it pass.
bool IsAlwaysWrong(const Rule& rule);

const Rule& RuleOf(ReportKind kind);

// The rule of a failure of an interleaving, by the name of its kind.
const Rule& RuleOfFailure(std::string_view kind);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_RULE_H_
