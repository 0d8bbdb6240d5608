#ifndef RACELAB_PROGRESS_LOG_H_
#define RACELAB_PROGRESS_LOG_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The lines that the functions of a start-up have logged, in the order in which they were appended.
//
// Several functions may append at once, and the log may be read at the same time: a reader gets the beginning of the
// final log. Every access to the lines holds the mutex, so a line is in its place and counted before the next one is
// begun, and a reader never comes in between. The price: the functions queue for each line, and they all wait while a
// reader copies the log.
class ProgressLog {
 public:
  // A log with room for `capacity` lines.
  explicit ProgressLog(std::size_t capacity) { lines_.reserve(capacity); }

  // Appends the line "<function>: step <step>". Requires that there is room for it.
  void Append(const char* function, int step) {
    std::string line = std::string(function) + ": step " + std::to_string(step);
    absl::MutexLock lock(&mutex_);
    lines_.push_back(std::move(line));
  }

  // The lines so far, oldest first.
  std::vector<std::string> Lines() const {
    absl::MutexLock lock(&mutex_);
    return lines_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_PROGRESS_LOG_H_
