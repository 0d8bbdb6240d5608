#include "sanitizers/participant/watcher.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace racelab {

absl::Status Watcher::Watch(const std::filesystem::path& file) {
  name_ = file.filename().string();
  Fd inotify(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::filesystem::path folder = file.parent_path();
  if (inotify.get() < 0 ||
      inotify_add_watch(inotify.get(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM) < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot watch ", folder.string()));
  }
  inotify_ = std::move(inotify);
  return absl::OkStatus();
}

bool Watcher::WasChanged() {
  bool changed = false;
  alignas(inotify_event) char buffer[4096];
  for (;;) {
    const ssize_t size = read(inotify_.get(), buffer, sizeof buffer);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return changed;
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
      changed |= (event->mask & IN_Q_OVERFLOW) != 0 || (event->len > 0 && name_ == event->name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
  }
}

}  // namespace racelab
