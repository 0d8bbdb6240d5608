#ifndef RACELAB_TRAM_STOP_H_
#define RACELAB_TRAM_STOP_H_

#include <atomic>
#include <bitset>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

// The departures from a tram stop, as its displays show them. Times are in minutes after midnight, below kDay.
//
// Any number of displays may ask at once, also while a thread loads a new timetable. They need not wait: they go by the
// old timetable for as long as the new one is being read, and by the new one from then on.
//
// A timetable is complete before its address is published, and is not changed after that. The store of the address
// releases what was written before it, and the load acquires that: whoever sees the new address sees the whole
// timetable. A display may still be looking at the one before, so two are kept.
class TramStop {
 public:
  static constexpr int kDay = 24 * 60;

  // Reads a new timetable: `next` returns one departure after the other, in any order, and nothing at the end. It may
  // take its time. If it throws, so does Load(), and the old timetable stays. One thread at a time may load.
  void Load(const std::function<std::optional<int>()>& next) {
    auto timetable = std::make_unique<Timetable>();
    while (const std::optional<int> departure = next()) timetable->departs[*departure] = true;
    timetables_.push_back(std::move(timetable));
    // Release: hands over the departures to the acquire in NextFrom().
    current_.store(timetables_.back().get(), std::memory_order_release);
    if (timetables_.size() > 2) timetables_.erase(timetables_.begin());
  }

  // The first departure at `time` or later; nothing if there is none on that day, or no timetable yet.
  std::optional<int> NextFrom(int time) const {
    // Acquire: receives the departures from the release in Load().
    const Timetable* const timetable = current_.load(std::memory_order_acquire);
    if (timetable == nullptr) return std::nullopt;
    while (time < kDay && !timetable->departs[time]) ++time;
    return time < kDay ? std::optional(time) : std::nullopt;
  }

 private:
  struct Timetable {
    std::bitset<kDay> departs;  // by minute
  };

  std::vector<std::unique_ptr<const Timetable>> timetables_;  // The last two: a display may still read the old one.
  std::atomic<const Timetable*> current_ = nullptr;
};

#endif  // RACELAB_TRAM_STOP_H_
