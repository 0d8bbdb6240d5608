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
  std::string_view meaning;  // a definition in one or two sentences
  std::string_view cause;    // what usually causes it
  std::string_view repair;   // what removes it
  std::string_view lab;      // the lab that teaches it; empty if there is none
  Severity severity = Severity::kError;
};

// All rules, in a fixed order.
const std::vector<Rule>& AllRules();

// Returns the rule with this id, or the rule "unknown-report" if there is none.
const Rule& RuleWithId(std::string_view id);

// Whether the rule means that something was not checked. The missed findings could be of any kind, so neither a
// selection of rules nor an allowed number of findings lets such a finding pass.
bool IsAlwaysWrong(const Rule& rule);

const Rule& RuleOf(ReportKind kind);

// Returns the rule for an interleaving failure of the kind with this name.
const Rule& RuleOfFailure(std::string_view kind);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_RULE_H_
