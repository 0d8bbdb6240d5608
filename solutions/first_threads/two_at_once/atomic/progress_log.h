#ifndef RACELAB_PROGRESS_LOG_H_
#define RACELAB_PROGRESS_LOG_H_

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

// The lines that the functions of a start-up leave behind, in the order in which they were appended.
//
// Several functions may append at once, and the log may be read while they do: what is read then is the beginning of
// what the log will hold in the end. Two things make it so. The number of the next free place goes up in one
// indivisible step, so no two lines are given the same place; and each place says when it is filled, so a reader stops
// at the first that is not. Nobody ever waits. The price: a flag for each line, a capacity that is fixed for good, and
// lines already written that stay out of sight behind one that is just being written.
class ProgressLog {
 public:
  // A log with room for `capacity` lines.
  explicit ProgressLog(std::size_t capacity) : places_(capacity) {}

  // Appends the line "<function>: step <step>". Requires that there is room for it.
  void Append(const char* function, int step) {
    // Relaxed: the number only has to differ from everybody else's; what is in the place, `filled` hands over.
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
