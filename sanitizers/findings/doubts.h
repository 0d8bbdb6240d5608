#ifndef RACELAB_SANITIZERS_FINDINGS_DOUBTS_H_
#define RACELAB_SANITIZERS_FINDINGS_DOUBTS_H_

#include <string>
#include <vector>

#include "sanitizers/report/report.h"

namespace racelab {

// What hints that the report may be a false alarm, a sentence each: code that ThreadSanitizer has not seen, and orders
// that it does not know. `root` is the folder of the sources.
std::vector<std::string> Doubts(const Report& report, const std::string& root);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_FINDINGS_DOUBTS_H_
