#ifndef RACELAB_TRAM_STOP_H_
#define RACELAB_TRAM_STOP_H_

#include <atomic>
#include <bitset>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The departures from a tram stop, as its displays show them. Times are in minutes after midnight, below kDay.
//
// Any number of displays may ask at once, also while a thread loads a new timetable. They need not wait: they go by the
// old timetable for as long as the new one is being read, and by the new one from then on.
//
// A timetable is complete before it is published, and is not changed after that; so the mutex only guards the pointer
// to it, and is held while that is copied or replaced. It hands over what was written before. The displays share each
// timetable with the stop, and the last of them frees it. Until there is a first one, they need no lock. The price
// afterwards: a lock and a counted pointer for each question.
class TramStop {
 public:
  static constexpr int kDay = 24 * 60;

  // Reads a new timetable: `next` returns one departure after the other, in any order, and nothing at the end. It may
  // take its time. If it throws, so does Load(), and the old timetable stays. One thread at a time may load.
  void Load(const std::function<std::optional<int>()>& next) {
    auto timetable = std::make_shared<Timetable>();
    while (const std::optional<int> departure = next()) timetable->departs[*departure] = true;
    Replace(std::move(timetable));
    loaded_.store(true, std::memory_order_relaxed);
  }

  // The first departure at `time` or later; nothing if there is none on that day, or no timetable yet.
  std::optional<int> NextFrom(int time) const {
    if (!loaded_.load(std::memory_order_relaxed)) return std::nullopt;
    const std::shared_ptr<const Timetable> timetable = Current();
    while (time < kDay && !timetable->departs[time]) ++time;
    return time < kDay ? std::optional(time) : std::nullopt;
  }

 private:
  struct Timetable {
    std::bitset<kDay> departs;  // by minute
  };

  std::shared_ptr<const Timetable> Current() const {
    absl::MutexLock lock(&mutex_);
    return current_;
  }

  void Replace(std::shared_ptr<const Timetable> timetable) {
    absl::MutexLock lock(&mutex_);
    current_.swap(timetable);  // The old one is freed with `timetable`, after the unlock.
  }

  std::atomic<bool> loaded_ = false;  // Whether there is a timetable.
  mutable absl::Mutex mutex_;         // Not held while a timetable is read.
  std::shared_ptr<const Timetable> current_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_TRAM_STOP_H_
