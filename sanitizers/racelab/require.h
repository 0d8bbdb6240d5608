#ifndef RACELAB_SANITIZERS_RACELAB_REQUIRE_H_
#define RACELAB_SANITIZERS_RACELAB_REQUIRE_H_

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// Ends the subcommand with `code`.
[[noreturn]] inline void Exit(ExitCode code) { throw CLI::RuntimeError(code); }

// The value; or ends the subcommand: kMisuse after printing the error, kInterrupted in silence.
template <typename Value>
Value Require(absl::StatusOr<Value> value) {
  if (value.ok()) return *std::move(value);
  if (absl::IsCancelled(value.status())) Exit(kInterrupted);
  std::fprintf(stderr, "racelab: %s\n", std::string(value.status().message()).c_str());
  Exit(kMisuse);
}

// The project and its labs, which nearly every subcommand begins with.
struct Everything {
  Project project = Require(FindProject());
  std::vector<Lab> labs = Require(LoadLabs(project));
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_REQUIRE_H_
