#ifndef RACELAB_SANITIZERS_VERDICT_EVIDENCE_H_
#define RACELAB_SANITIZERS_VERDICT_EVIDENCE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// A report that a lab declares: of this kind, at these places.
//
// `in` names classes or functions: "SessionTable" stands for every member, "SessionTable::Open" for that function
// alone, with the lambdas and local classes in it; namespaces may be left out. Each name must match a different one of
// the report's sites (`NamedSites`), in any order; if there are more sites than names, the other sites may be anywhere.
// A site that the report could not restore matches any name, as long as some name matches a known site. An empty `in`
// matches every place.
//
// Clang marks every access that belongs to a virtual call. G++ 12 marks only the writes in constructors and
// destructors, so if the call comes second, it reports the same race as a more general kind: `kind_of_gcc`, if
// declared. The scheduling decides which comes second, so g++ may report either kind.
struct ExpectedReport {
  ReportKind kind = ReportKind::kDataRace;
  std::vector<std::string> in;
  std::optional<ReportKind> kind_of_gcc = std::nullopt;
};

// The evidence that a lab declares: what its tests must expose.
struct Evidence {
  std::vector<ExpectedReport> must;  // the declared bug: every report must be one of these or of `also`; empty:
                                     // there must be no report
  std::vector<ExpectedReport> also;  // also allowed, in addition or instead: the same bug, seen from elsewhere
  std::string test;  // if nothing is reported: "Suite.Name" of a test that must fail anyway; empty: any test may pass
                     // or fail

  bool IsSilence() const { return must.empty(); }
};

// `evidence` with the kinds that g++ may report in place of the declared ones.
Evidence SeenByGcc(Evidence evidence);

// Whether `expected`, a class or function, names the function `site`; both are qualified names.
bool NamesSite(std::string_view expected, std::string_view site);

bool Matches(const Report& report, const ExpectedReport& expected);
bool MatchesAny(const Report& report, const std::vector<ExpectedReport>& expected);

// "the test" for GoogleTest's long name of a test's body, because the reader knows which test is meant; any other name
// as it is.
std::string ShortName(std::string name);

// "data race in HitCounter::Record / HitCounter::Total"
std::string Describe(const ExpectedReport& expected);

// "data race: HitCounter::Record / HitCounter::Total"
std::string Summarize(const Report& report);

// "data race between HitCounter::Record (hit_counter.h:12) and HitCounter::Total (hit_counter.h:15)"
std::string Explain(const Report& report);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_EVIDENCE_H_
