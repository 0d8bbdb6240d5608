#ifndef RACELAB_SANITIZERS_REPORT_EXPLORATION_JSON_H_
#define RACELAB_SANITIZERS_REPORT_EXPLORATION_JSON_H_

#include <string>

#include "nlohmann/json.hpp"
#include "sanitizers/report/exploration.h"

namespace racelab {

// All that is known of the exploration, with the places resolved.
nlohmann::ordered_json ToJson(const Exploration& exploration);

// The text of `json`, indented. What is not UTF-8 becomes U+FFFD.
std::string Written(const nlohmann::ordered_json& json);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_EXPLORATION_JSON_H_
