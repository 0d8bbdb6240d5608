#ifndef RACELAB_SANITIZERS_FINDINGS_DOUBTS_H_
#define RACELAB_SANITIZERS_FINDINGS_DOUBTS_H_

#include <string>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// Returns the reasons why the report may be a false alarm, one sentence each: uninstrumented code, and synchronisation
// that ThreadSanitizer does not model. `root` is the folder of the sources.
std::vector<std::string> Doubts(const Report& report, const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_DOUBTS_H_
