#ifndef RACELAB_SANITIZERS_REPORT_EXPLORATION_JSON_H_
#define RACELAB_SANITIZERS_REPORT_EXPLORATION_JSON_H_

#include <string>

#include "nlohmann/json.hpp"
#include "sanitizers/report/exploration.h"

namespace racelab {

// All of the exploration's data, with the places resolved.
nlohmann::ordered_json ToJson(const Exploration& exploration);

// Reads a failure from the output of ToJson(): its kind, message, name, and the stacks of its accesses, waiting threads
// and steps. Members that are missing or of another type stay empty.
InterleavingFailure FailureFromJson(const nlohmann::ordered_json& json);

// The text of `json`, indented. Bytes that are not UTF-8 become U+FFFD.
std::string Written(const nlohmann::ordered_json& json);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_EXPLORATION_JSON_H_
