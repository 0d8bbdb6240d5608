#ifndef RACELAB_SANITIZERS_PARTICIPANT_WATCHER_H_
#define RACELAB_SANITIZERS_PARTICIPANT_WATCHER_H_

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "sanitizers/process/supervisor.h"

namespace racelab {

// Notices each time a file is saved, by writing to it or by putting another one in its place.
class Watcher {
 public:
  // Watches the file's folder, because editors replace files. The error says why that is not possible.
  absl::Status Watch(const std::filesystem::path& file);

  // To poll for POLLIN; -1 if nothing is watched.
  int fd() const { return inotify_.get(); }

  // Reads the events that there are. Returns whether the file was saved or removed.
  bool WasChanged();

 private:
  Fd inotify_;
  std::string name_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_WATCHER_H_
