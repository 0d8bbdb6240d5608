#ifndef RACELAB_SANITIZERS_PARTICIPANT_WATCHER_H_
#define RACELAB_SANITIZERS_PARTICIPANT_WATCHER_H_

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "sanitizers/process/supervisor.h"

namespace racelab {

// Notices each time a file is saved, whether it is written in place or replaced.
class Watcher {
 public:
  // Watches the file's folder, because editors replace files. The error says why it cannot be watched.
  absl::Status Watch(const std::filesystem::path& file);

  // Poll this for POLLIN; -1 if nothing is watched.
  int fd() const { return inotify_.get(); }

  // Reads all pending events. Returns whether the file was saved or removed.
  bool WasChanged();

 private:
  Fd inotify_;
  std::string name_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_WATCHER_H_
