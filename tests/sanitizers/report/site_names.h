#ifndef RACELAB_TESTS_SANITIZERS_REPORT_SITE_NAMES_H_
#define RACELAB_TESTS_SANITIZERS_REPORT_SITE_NAMES_H_

#include <string>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// The names of a report's sites, in the order printed.
inline std::vector<std::string> SiteNames(const Report& report) {
  std::vector<std::string> names;
  for (const NamedSite& site : NamedSites(report)) names.push_back(site.name);
  return names;
}

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_REPORT_SITE_NAMES_H_
