#ifndef RACELAB_SANITIZERS_RACELAB_TEMPORARY_FOLDER_H_
#define RACELAB_SANITIZERS_RACELAB_TEMPORARY_FOLDER_H_

#include <sys/types.h>

#include <string>

namespace racelab {

// A folder that is removed with its content when this object is destroyed. If this process is killed, another process
// removes the folder once everything that RunChild started is gone.
class TemporaryFolder {
 public:
  // Ends the subcommand with kMisuse if no folder can be created. Call it before other threads exist.
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;  // absolute
  pid_t heir_ = -1;   // the other process
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_TEMPORARY_FOLDER_H_
