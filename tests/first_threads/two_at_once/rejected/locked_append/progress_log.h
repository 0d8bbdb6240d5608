#ifndef RACELAB_PROGRESS_LOG_H_
#define RACELAB_PROGRESS_LOG_H_

#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

// The lines that the functions of a start-up have logged, in the order in which they were appended.
//
// Several functions may append at once, and the log may be read at the same time: a reader gets the beginning of the
// final log. Filling a line and counting it are one step, under a lock.
class ProgressLog {
 public:
  // A log with room for `capacity` lines.
  explicit ProgressLog(std::size_t capacity) : lines_(capacity) {}

  // Appends the line "<function>: step <step>". Requires that there is room for it.
  void Append(const char* function, int step) {
    std::lock_guard lock(mutex_);
    Line& line = lines_[size_];
    std::snprintf(line.text, sizeof(line.text), "%s: step %d", function, step);
    ++size_;
  }

  // The lines so far, oldest first.
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < size_; ++i) lines.push_back(lines_[i].text);
    return lines;
  }

 private:
  struct Line {
    char text[32] = "";
  };

  std::mutex mutex_;
  std::vector<Line> lines_;  // Full size from the start, so that appending never moves a line.
  std::size_t size_ = 0;
};

#endif  // RACELAB_PROGRESS_LOG_H_
