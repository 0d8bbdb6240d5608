#ifndef RACELAB_CROSSING_H_
#define RACELAB_CROSSING_H_

#include <atomic>

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
// The language opens the logbook once: a local static is initialised by the first caller, and whoever comes meanwhile
// waits. HasLog() must not open anything, so it looks at the pointer, which is atomic for its sake.
//
//   crossing.Log().Write("fog, speed reduced");
class Crossing {
 public:
  // The archive keeps the logbook, and must outlive the crossing.
  Crossing(int number, Archive& archive) : number_(number), archive_(archive) {}

  // The crossing's logbook. The first call opens it.
  Logbook& Log() {
    static Logbook& logbook = archive_.Open(number_);
    logbook_ = &logbook;
    return logbook;
  }

  // Whether the crossing has a logbook, which is then in the archive. Does not open it.
  bool HasLog() const { return logbook_ != nullptr; }

 private:
  const int number_;
  Archive& archive_;
  std::atomic<Logbook*> logbook_ = nullptr;
};

#endif  // RACELAB_CROSSING_H_
