#include "sanitizers/racelab/program.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sanitizers/process/signal_name.h"

namespace racelab {
namespace {

std::string Ended(const ChildResult& result) {
  switch (result.end) {
    case ChildEnd::kExited:
    case ChildEnd::kInterrupted:
      return "";
    case ChildEnd::kSignalled:
      return absl::StrCat("killed by ", SignalName(result.signal));
    case ChildEnd::kDeadlock:
    case ChildEnd::kStandstill:
    case ChildEnd::kTimeLimit:
    case ChildEnd::kMemoryLimit:
    case ChildEnd::kOutputLimit:
    case ChildEnd::kProcessLimit:
      return absl::StrCat(result.note, ", stopped");
    case ChildEnd::kNotStarted:
      return absl::StrCat("could not be started: ", result.note);
  }
  return "";
}

}  // namespace

std::string ProgramTarget(const Lab& lab, std::string_view variant) { return absl::StrCat(lab.name, ".", variant); }

ChildResult RunProgram(const Project& project, const Lab& lab, std::string_view variant,
                       std::function<void(std::string_view)> on_output) {
  ChildSpec spec;
  spec.argv = {(project.Tree("native") / "bin" / lab.name / variant).string()};
  spec.directory = project.root.string();
  spec.on_output = std::move(on_output);
  return RunChild(spec);
}

std::string EndOfProgram(const ChildResult& result) {
  const std::string ended = Ended(result);
  if (ended.empty()) return "";
  std::string text = absl::StrCat("racelab: ", ended, "\n");
  for (const std::string& edge : result.wait_for) absl::StrAppend(&text, "  ", edge, "\n");
  return text;
}

}  // namespace racelab
