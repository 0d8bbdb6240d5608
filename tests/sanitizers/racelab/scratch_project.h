#ifndef RACELAB_TESTS_SANITIZERS_RACELAB_SCRATCH_PROJECT_H_
#define RACELAB_TESTS_SANITIZERS_RACELAB_SCRATCH_PROJECT_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/process/child.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// The command line of `racelab` with these arguments, for a user in `directory`.
ChildSpec RacelabCommand(std::vector<std::string> arguments, std::string directory = RACELAB_SOURCE_DIR);

// A copy of this project for tests to break; it shares the built dependencies, and is removed at the end.
class ScratchProject {
 public:
  ScratchProject();
  ~ScratchProject();
  ScratchProject(const ScratchProject&) = delete;
  ScratchProject& operator=(const ScratchProject&) = delete;

  const Project& project() const { return project_; }
  std::filesystem::path operator/(std::string_view path) const { return project_.root / path; }

  void Write(std::string_view path, std::string_view text) const;
  std::string Read(std::string_view path) const;
  // Replaces the first `from` in a file; fails the test if there is none.
  void Replace(std::string_view path, std::string_view from, std::string_view to) const;

  // Runs `racelab` in it.
  ChildResult Racelab(std::vector<std::string> arguments) const;

 private:
  Project project_;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_RACELAB_SCRATCH_PROJECT_H_
