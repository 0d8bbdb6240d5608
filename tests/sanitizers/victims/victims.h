#ifndef RACELAB_TESTS_SANITIZERS_VICTIMS_VICTIMS_H_
#define RACELAB_TESTS_SANITIZERS_VICTIMS_VICTIMS_H_

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "sanitizers/process/child.h"

namespace racelab {

// The build trees in which the victims are compiled: one for each compiler on this machine.
inline const std::vector<std::string>& VictimTrees() {
  static const auto& trees = *new std::vector<std::string>(absl::StrSplit(RACELAB_TSAN_PRESETS, ','));
  return trees;
}

// A run of a victim, the small program tests/sanitizers/victims/<name>.cc.
inline ChildSpec Victim(const std::string& tree, const std::string& name, std::vector<std::string> arguments = {}) {
  ChildSpec spec;
  spec.argv = {absl::StrCat(RACELAB_BUILD_DIR, "/", tree, "/bin/victims/", name)};
  for (std::string& argument : arguments) spec.argv.push_back(std::move(argument));
  return spec;
}

// Shared by all tests that need the machine's settings unchanged, and exclusive to a test that changes them: tests may
// run at the same time, in different processes.
class MachineSettings {
 public:
  explicit MachineSettings(bool change) : fd_(open(RACELAB_BUILD_DIR, O_RDONLY | O_CLOEXEC)) {
    flock(fd_, change ? LOCK_EX : LOCK_SH);
  }
  ~MachineSettings() { close(fd_); }
  MachineSettings(const MachineSettings&) = delete;
  MachineSettings& operator=(const MachineSettings&) = delete;

 private:
  int fd_;
};

// A test that is run on the victims of each tree. TEST_P(…) { Victim(GetParam(), "data_race") … }
class VictimTest : public testing::TestWithParam<std::string> {
 private:
  MachineSettings settings_{false};
};

inline std::string TreeName(const testing::TestParamInfo<std::string>& info) {
  return absl::StrReplaceAll(info.param, {{"-", "_"}});
}

#define RACELAB_FOR_EACH_TREE(suite) INSTANTIATE_TEST_SUITE_P(Under, suite, testing::ValuesIn(VictimTrees()), TreeName)

}  // namespace racelab

#endif  // RACELAB_TESTS_SANITIZERS_VICTIMS_VICTIMS_H_
