#ifndef RACELAB_FLIGHT_RECORDER_H_
#define RACELAB_FLIGHT_RECORDER_H_

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// What the functions of a program have done, in the order in which they recorded it: for the time after a crash.
//
// All memory is reserved at the start, since a program that is about to crash may not get any. Several functions may
// record at once, and the recorder may be read at the same time: a reader gets the beginning of the final recording.
//
// Every access to the entries holds the mutex, so a reader never finds half an entry. An entry is given its place when
// Record() is called, so the entries are in the order of the calls, whoever gets the mutex first. The price: the
// functions queue for each entry, and they all wait while a reader copies the recording.
class FlightRecorder {
 public:
  // A recorder with room for `capacity` entries.
  explicit FlightRecorder(std::size_t capacity) : entries_(capacity) {}

  // Records "<function>: step <step>". Requires that there is room for it.
  void Record(const char* function, int step) {
    const std::size_t place = size_.fetch_add(1);
    Entry entry;
    std::snprintf(entry.text, sizeof(entry.text), "%s: step %d", function, step);
    absl::MutexLock lock(&mutex_);
    entries_[place] = entry;
  }

  // What has been recorded so far, oldest first.
  std::vector<std::string> Entries() const {
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> entries;
    for (std::size_t i = 0; i < size_; ++i) entries.push_back(entries_[i].text);
    return entries;
  }

 private:
  struct Entry {
    char text[32] = "";
  };

  mutable absl::Mutex mutex_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // Full size from the start: recording needs no memory.
  std::atomic<std::size_t> size_ = 0;
};

#endif  // RACELAB_FLIGHT_RECORDER_H_
