#ifndef RACELAB_FLIGHT_RECORDER_H_
#define RACELAB_FLIGHT_RECORDER_H_

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

// What the functions of a program have done, in the order in which they recorded it: for the time after a crash.
//
// All places are reserved at the start. The text of an entry is made before the entry is given a place: an entry for
// which there is no memory takes no place, and hides no other. Several functions may record at once, and the recorder
// may be read at the same time: a reader gets the beginning of the final recording.
//
// Two things ensure this. The number of the next free place goes up in one indivisible step, so no two entries are
// given the same place; and each place has a flag that says when it is filled, so a reader stops at the first unfilled
// place. Nobody ever waits. The price: a flag for each entry, and finished entries that stay hidden behind one that is
// still being written.
class FlightRecorder {
 public:
  // A recorder with room for `capacity` entries.
  explicit FlightRecorder(std::size_t capacity) : places_(capacity) {}

  // Records "<function>: step <step>". Requires that there is room for it.
  void Record(const char* function, int step) {
    const std::string text = std::string(function) + ": step " + std::to_string(step);
    // Relaxed: the number only has to be different for everybody, and larger than that of an entry that happened
    // before. Both hold for any atomic addition; `filled` hands over the contents of the place.
    Place& place = places_[next_.fetch_add(1, std::memory_order_relaxed)];
    // Nothing here may throw: a place that is claimed and never filled would hide all later ones.
    place.text = text;
    place.filled.store(true, std::memory_order_release);  // Hands the entry to the acquire in Entries().
  }

  // What has been recorded so far, oldest first.
  std::vector<std::string> Entries() const {
    std::vector<std::string> entries;
    for (const Place& place : places_) {
      if (!place.filled.load(std::memory_order_acquire)) break;  // Receives the entry from the release in Record().
      entries.push_back(place.text);
    }
    return entries;
  }

 private:
  struct Place {
    std::string text;
    std::atomic<bool> filled = false;
  };

  std::vector<Place> places_;
  std::atomic<std::size_t> next_ = 0;
};

#endif  // RACELAB_FLIGHT_RECORDER_H_
