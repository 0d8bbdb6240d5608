#ifndef RACELAB_CROSSING_H_
#define RACELAB_CROSSING_H_

#include <atomic>
#include <mutex>

#include "labs/data_races/lazy_init/logbook.h"

// A ferry's crossing, and its logbook.
//
// On most crossings nothing happens that must be recorded, and a logbook is a document: it has to be registered, kept
// for ten years, and shown to the inspector. So a crossing gets its logbook when somebody wants to write into it, and
// not before; and it gets one, in which all of its entries are.
//
// Safe to use from any number of threads at once: the bridge, the engine room and the car deck write into the same
// logbook.
//
// The flag lets one caller open the logbook; whoever comes meanwhile waits until it is open, and whoever comes later
// goes on at once. HasLog() must not open anything, so it cannot ask the flag: it looks at the pointer, which is atomic
// for its sake. Relaxed suffices for both of its sides: in Log(), the flag orders the opening before the use, and
// HasLog() uses nothing of the logbook. The archive has it already, and has a lock of its own.
//
//   crossing.Log().Write("fog, speed reduced");
class Crossing {
 public:
  // The archive keeps the logbook, and must outlive the crossing.
  Crossing(int number, Archive& archive) : number_(number), archive_(archive) {}

  // The crossing's logbook. The first call opens it. Relaxed: see above.
  Logbook& Log() {
    std::call_once(opened_, [this] { logbook_.store(&archive_.Open(number_), std::memory_order_relaxed); });
    return *logbook_.load(std::memory_order_relaxed);
  }

  // Whether the crossing has a logbook, which is then in the archive. Does not open it. Relaxed: see above.
  bool HasLog() const { return logbook_.load(std::memory_order_relaxed) != nullptr; }

 private:
  const int number_;
  Archive& archive_;
  std::once_flag opened_;
  std::atomic<Logbook*> logbook_ = nullptr;
};

#endif  // RACELAB_CROSSING_H_
