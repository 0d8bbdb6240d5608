#ifndef RACELAB_SANITIZERS_VERDICT_EVIDENCE_H_
#define RACELAB_SANITIZERS_VERDICT_EVIDENCE_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// A report that a lab declares: of this kind, at these places.
//
// `in` names classes or functions: "SessionTable" stands for every member, "SessionTable::Open" for that function
// alone, with the lambdas and local classes in it; namespaces may be left out. Each name must be that of another of the
// report's sites (`NamedSites`), in any order; sites beyond the number of names may be anywhere. A site that the report
// could not restore agrees with any name, as long as another one agrees truly. An empty `in` agrees with every place.
struct ExpectedReport {
  ReportKind kind = ReportKind::kDataRace;
  std::vector<std::string> in;
};

// What a lab declares that its tests bring to light.
struct Evidence {
  std::vector<ExpectedReport> must;  // the bug as it is declared: every report must be one of these or of `also`;
                                     // empty: no report at all
  std::vector<ExpectedReport> also;  // may be reported, too or instead: the same bug, seen from elsewhere
  std::string test;  // where nothing is reported: "Suite.Name" of a test that fails all the same; empty: any may or may
                     // not

  bool IsSilence() const { return must.empty(); }
};

// Whether `expected`, a class or function, names `site`, a function, both qualified.
bool NamesSite(std::string_view expected, std::string_view site);

// Whether a report of kind `reported` is one of kind `expected`: the same, or the same bar what is said of the vptr.
// Whether an access is that of a virtual call is known to clang; g++ 12 knows it in some cases only.
bool IsKind(ReportKind reported, ReportKind expected);

bool Matches(const Report& report, const ExpectedReport& expected);
bool MatchesAny(const Report& report, const std::vector<ExpectedReport>& expected);

// "data race in HitCounter::Record / HitCounter::Total"
std::string Describe(const ExpectedReport& expected);

// "data race: HitCounter::Record / HitCounter::Total"
std::string Summarize(const Report& report);

// "data race between HitCounter::Record (hit_counter.h:12) and HitCounter::Total (hit_counter.h:15)"
std::string Explain(const Report& report);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_EVIDENCE_H_
