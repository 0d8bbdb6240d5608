#ifndef RACELAB_TRAM_STOP_H_
#define RACELAB_TRAM_STOP_H_

#include <functional>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "solutions/support/channel.h"

// The departures from a tram stop, as its displays show them. Times are in minutes after midnight, below kDay.
//
// Any number of displays may ask at once, also while a thread loads a new timetable. They need not wait: they go by the
// old timetable for as long as the new one is being read, and by the new one from then on.
//
// One thread owns the timetable by which the displays go, and answers their questions. A new one belongs to the thread
// that reads it, until it is complete; then it is sent. Nothing is shared, so there is nothing to publish. The price:
// two thread switches for each question.
class TramStop {
 public:
  static constexpr int kDay = 24 * 60;

  TramStop() : owner_([this, current = Timetable()]() mutable { Serve(current); }) {}

  ~TramStop() {
    inbox_.Close();
    owner_.join();
  }

  // Reads a new timetable: `next` returns one departure after the other, in any order, and nothing at the end. It may
  // take its time. If it throws, so does Load(), and the old timetable stays. One thread at a time may load.
  void Load(const std::function<std::optional<int>()>& next) {
    Timetable timetable;
    while (const std::optional<int> departure = next()) timetable.insert(*departure);
    inbox_.Send([timetable = std::move(timetable)](Timetable& current) { current = timetable; });
  }

  // The first departure at `time` or later; nothing if there is none on that day, or no timetable yet.
  std::optional<int> NextFrom(int time) const {
    Channel<std::optional<int>> answer;
    inbox_.Send([&](const Timetable& current) {
      const auto departure = current.lower_bound(time);
      answer.Send(departure == current.end() ? std::nullopt : std::optional(*departure));
    });
    return *answer.Receive();
  }

 private:
  using Timetable = std::set<int>;  // the departures

  void Serve(Timetable& current) {
    while (auto task = inbox_.Receive()) (*task)(current);
  }

  mutable Channel<std::function<void(Timetable&)>> inbox_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_TRAM_STOP_H_
