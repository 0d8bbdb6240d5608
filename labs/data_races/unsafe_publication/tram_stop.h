#ifndef RACELAB_TRAM_STOP_H_
#define RACELAB_TRAM_STOP_H_

#include <bitset>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

// The departures from a tram stop, as its displays show them. Times are in minutes after midnight, below kDay.
//
// Any number of displays may ask at once, also while a thread loads a new timetable. They need not wait: they go by the
// old timetable for as long as the new one is being read, and by the new one from then on.
class TramStop {
 public:
  static constexpr int kDay = 24 * 60;

  // Reads a new timetable: `next` returns one departure after the other, in any order, and nothing at the end. It may
  // take its time. If it throws, so does Load(), and the old timetable stays. One thread at a time may load.
  void Load(const std::function<std::optional<int>()>& next) {
    timetables_.push_back(std::make_unique<Timetable>());
    current_ = timetables_.back().get();
    while (const std::optional<int> departure = next()) current_->departs[*departure] = true;
  }

  // The first departure at `time` or later; nothing if there is none on that day, or no timetable yet.
  std::optional<int> NextFrom(int time) const {
    const Timetable* const timetable = current_;
    if (timetable == nullptr) return std::nullopt;
    while (time < kDay && !timetable->departs[time]) ++time;
    return time < kDay ? std::optional(time) : std::nullopt;
  }

 private:
  struct Timetable {
    std::bitset<kDay> departs;  // by minute
  };

  std::vector<std::unique_ptr<Timetable>> timetables_;  // All of them: a display may still read an old one.
  Timetable* current_ = nullptr;
};

#endif  // RACELAB_TRAM_STOP_H_
