#ifndef RACELAB_FLIGHT_RECORDER_H_
#define RACELAB_FLIGHT_RECORDER_H_

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

// What the functions of a program have done, in the order in which they recorded it: for the time after a crash.
//
// All memory is reserved at the start, since a program that is about to crash may not get any. Several functions may
// record at once, and the recorder may be read at the same time: a reader gets the beginning of the final recording.
class FlightRecorder {
 public:
  // A recorder with room for `capacity` entries.
  explicit FlightRecorder(std::size_t capacity) : entries_(capacity) {}

  // Records "<function>: step <step>". Requires that there is room for it.
  void Record(const char* function, int step) {
    Entry& entry = entries_[size_];
    std::snprintf(entry.text, sizeof(entry.text), "%s: step %d", function, step);
    ++size_;
  }

  // What has been recorded so far, oldest first.
  std::vector<std::string> Entries() const {
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < size_; ++i) entries.push_back(entries_[i].text);
    return entries;
  }

 private:
  struct Entry {
    char text[32] = "";
  };

  std::vector<Entry> entries_;  // Full size from the start, so that recording never moves an entry.
  std::size_t size_ = 0;
};

#endif  // RACELAB_FLIGHT_RECORDER_H_
