#ifndef RACELAB_PROGRESS_LOG_H_
#define RACELAB_PROGRESS_LOG_H_

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

// The lines that the functions of a start-up have logged, in the order in which they were appended.
//
// Several functions may append at once, and the log may be read at the same time: a reader gets the beginning of the
// final log. Two things ensure this. The number of the next free place goes up in one indivisible step, so no two lines
// are given the same place; and each place has a flag that says when it is filled, so a reader stops at the first
// unfilled place. Nobody ever waits. The price: a flag for each line, a fixed capacity, and finished lines that stay
// hidden behind a line that is still being written.
class ProgressLog {
 public:
  // A log with room for `capacity` lines.
  explicit ProgressLog(std::size_t capacity) : places_(capacity) {}

  // Appends the line "<function>: step <step>". Requires that there is room for it.
  void Append(const char* function, int step) {
    // Relaxed: the number only has to differ from everybody else's; `filled` hands over the contents of the place.
    Place& place = places_[next_.fetch_add(1, std::memory_order_relaxed)];
    place.line = std::string(function) + ": step " + std::to_string(step);
    place.filled.store(true, std::memory_order_release);  // Hands the line to the acquire in Lines().
  }

  // The lines so far, oldest first.
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    for (const Place& place : places_) {
      if (!place.filled.load(std::memory_order_acquire)) break;  // Receives the line from the release in Append().
      lines.push_back(place.line);
    }
    return lines;
  }

 private:
  struct Place {
    std::string line;
    std::atomic<bool> filled = false;
  };

  std::vector<Place> places_;
  std::atomic<std::size_t> next_ = 0;
};

#endif  // RACELAB_PROGRESS_LOG_H_
