#ifndef RACELAB_SANITIZERS_GATE_TEMPORARY_FOLDER_H_
#define RACELAB_SANITIZERS_GATE_TEMPORARY_FOLDER_H_

#include <string>

namespace racelab {

// A folder that is removed, with all that is in it, at the end.
class TemporaryFolder {
 public:
  // Ends the subcommand with kMisuse if no folder can be made.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_TEMPORARY_FOLDER_H_
