#ifndef RACELAB_SANITIZERS_RACELAB_EXPECTATION_TOML_H_
#define RACELAB_SANITIZERS_RACELAB_EXPECTATION_TOML_H_

#include <string>

#include "sanitizers/racelab/expectation.h"
#include "sanitizers/racelab/toml_reader.h"

namespace racelab {

// Reads the table [`path`], with its tables tsan and interleave. Errors about missing tables are reported at `parent`.
Expectation ReadExpectation(const toml::table* table, const std::string& path, const toml::table& parent,
                            TomlReader& reader);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPECTATION_TOML_H_
