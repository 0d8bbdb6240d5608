#ifndef RACELAB_SANITIZERS_REPORT_JSON_H_
#define RACELAB_SANITIZERS_REPORT_JSON_H_

#include <nlohmann/json.hpp>

#include "sanitizers/report/report.h"

namespace racelab {

// The report as JSON:
//   {"kind": "data race", "headline": …, "location": …, "text": …,
//    "sites": [{"function", "name", "file", "line"} or null, …],    one a conflicting party, see `NamedSites`
//    "stacks": [{"role": "access", "description": …, "frames": [{"function", "file", "line", "module"}, …]}, …]}
// Bytes that are not UTF-8 become U+FFFD, so that the result can always be serialised.
nlohmann::json ToJson(const Report& report);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_JSON_H_
