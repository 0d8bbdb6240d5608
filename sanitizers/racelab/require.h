#ifndef RACELAB_SANITIZERS_RACELAB_REQUIRE_H_
#define RACELAB_SANITIZERS_RACELAB_REQUIRE_H_

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {

// Ends the subcommand with `code`.
[[noreturn]] inline void Exit(ExitCode code) { throw CLI::RuntimeError(code); }

inline void ReportError(const absl::Status& error) {
  Progress::ClearAny();
  std::fprintf(stderr, "racelab: %s\n", std::string(error.message()).c_str());
}

// Returns the value, or prints the error and ends the subcommand with kMisuse or kInterrupted.
template <typename Value>
Value Require(absl::StatusOr<Value> value) {
  if (value.ok()) return *std::move(value);
  ReportError(value.status());
  Exit(absl::IsCancelled(value.status()) ? kInterrupted : kMisuse);
}

// Ends the subcommand if the user has interrupted it.
inline void ExitIfInterrupted() {
  if (!InterruptRequested()) return;
  ReportError(absl::CancelledError("interrupted"));
  Exit(kInterrupted);
}

// The project and its labs, which nearly every subcommand needs.
struct Everything {
  Project project = Require(FindProject());
  std::vector<Lab> labs = Require(LoadLabs(project));
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_REQUIRE_H_
