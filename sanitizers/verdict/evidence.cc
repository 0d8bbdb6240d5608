#include "sanitizers/verdict/evidence.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

constexpr std::string_view kUnknownSite = "an unknown place";

std::vector<std::string> KnownNames(const Report& report) {
  std::vector<std::string> names;
  for (const NamedSite& site : NamedSites(report)) {
    if (site.frame != nullptr) names.push_back(site.name);
  }
  return names;
}

// Whether each name from index `next` on can be matched to a different site. Both lists are short.
bool Assign(const std::vector<std::string>& names, size_t next, std::vector<std::string>& free_sites, size_t unknown) {
  if (next == names.size()) return true;
  for (std::string& site : free_sites) {
    if (site.empty() || !NamesSite(names[next], site)) continue;
    std::string taken;
    taken.swap(site);
    const bool fits = Assign(names, next + 1, free_sites, unknown);
    taken.swap(site);
    if (fits) return true;
  }
  return unknown > 0 && Assign(names, next + 1, free_sites, unknown - 1);
}

std::string Place(const NamedSite& site) {
  if (site.frame == nullptr) return std::string(kUnknownSite);
  std::string name = ShortName(site.name);
  if (site.frame->file.empty()) return name;
  const std::string_view file = site.frame->file;
  const size_t slash = file.rfind('/');
  const std::string_view base = slash == std::string_view::npos ? file : file.substr(slash + 1);
  return absl::StrCat(name, " (", base, ":", site.frame->line, ")");
}

}  // namespace

Evidence SeenByGcc(Evidence evidence) {
  std::vector<ExpectedReport> plainer;
  for (const std::vector<ExpectedReport>* reports : {&evidence.must, &evidence.also}) {
    for (const ExpectedReport& report : *reports) {
      if (report.kind_of_gcc) plainer.push_back({.kind = *report.kind_of_gcc, .in = report.in});
    }
  }
  evidence.also.insert(evidence.also.end(), plainer.begin(), plainer.end());
  return evidence;
}

bool NamesSite(std::string_view expected, std::string_view site) {
  const std::vector<std::string> wanted = absl::StrSplit(QualifiedName(expected), "::");
  const std::vector<std::string> parts = absl::StrSplit(site, "::");
  return std::search(parts.begin(), parts.end(), wanted.begin(), wanted.end()) != parts.end();
}

bool Matches(const Report& report, const ExpectedReport& expected) {
  if (report.kind != expected.kind) return false;
  if (expected.in.empty()) return true;
  std::vector<std::string> sites = KnownNames(report);
  const size_t unknown = NamedSites(report).size() - sites.size();
  const bool one_agrees = std::any_of(sites.begin(), sites.end(), [&](const std::string& site) {
    return std::any_of(expected.in.begin(), expected.in.end(),
                       [&](const std::string& name) { return NamesSite(name, site); });
  });
  return one_agrees && Assign(expected.in, 0, sites, unknown);
}

bool MatchesAny(const Report& report, const std::vector<ExpectedReport>& expected) {
  return std::any_of(expected.begin(), expected.end(), [&](const ExpectedReport& e) { return Matches(report, e); });
}

std::string ShortName(std::string name) { return absl::EndsWith(name, "_Test::TestBody") ? "the test" : name; }

std::string Describe(const ExpectedReport& expected) {
  if (expected.in.empty()) return std::string(Name(expected.kind));
  return absl::StrCat(Name(expected.kind), " in ", absl::StrJoin(expected.in, " / "));
}

std::string Summarize(const Report& report) {
  std::vector<std::string> names;
  for (const NamedSite& site : NamedSites(report))
    names.push_back(site.frame != nullptr ? site.name : std::string(kUnknownSite));
  const std::string_view kind =
      report.kind == ReportKind::kOther ? std::string_view(report.headline) : Name(report.kind);
  return names.empty() ? std::string(kind) : absl::StrCat(kind, ": ", absl::StrJoin(names, " / "));
}

std::string Explain(const Report& report) {
  std::vector<std::string> places;
  for (const NamedSite& site : NamedSites(report)) places.push_back(Place(site));
  const std::string_view kind =
      report.kind == ReportKind::kOther ? std::string_view(report.headline) : Name(report.kind);
  if (places.empty()) return std::string(kind);
  if (places.size() == 1) return absl::StrCat(kind, " in ", places[0]);
  return absl::StrCat(kind, " between ", absl::StrJoin(places, " and "));
}

}  // namespace racelab
