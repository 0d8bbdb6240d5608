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

// The text of one of this project's files; empty if there is no such file.
std::string TextOf(std::string_view path);

// A copy of this project for tests to break; it shares the built dependencies.
class ScratchProject {
 public:
  enum class Checkout {
    kFresh,  // without build trees; removed at the end
    // Like one in which somebody has worked before: the build trees, of tests that are over, need only be brought up to
    // date. It uses the second runtime that this project has built.
    kUsed
  };
  explicit ScratchProject(Checkout checkout = Checkout::kFresh);
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
  int lock_ = -1;  // the descriptor by which a used checkout is this process's alone
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_RACELAB_SCRATCH_PROJECT_H_
