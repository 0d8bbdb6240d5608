#ifndef RACELAB_CROSSING_H_
#define RACELAB_CROSSING_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
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
// The look at the pointer and the opening are one step, because both hold the mutex: who comes second finds the first
// one's logbook. The price: a lock for each call, also when the logbook has long been there; and while it is being
// opened, even HasLog() waits.
//
//   crossing.Log().Write("fog, speed reduced");
class Crossing {
 public:
  // The archive keeps the logbook, and must outlive the crossing.
  Crossing(int number, Archive& archive) : number_(number), archive_(archive) {}

  // The crossing's logbook. The first call opens it.
  Logbook& Log() {
    absl::MutexLock lock(&mutex_);
    if (logbook_ == nullptr) logbook_ = &archive_.Open(number_);
    return *logbook_;
  }

  // Whether the crossing has a logbook, which is then in the archive. Does not open it.
  bool HasLog() const {
    absl::MutexLock lock(&mutex_);
    return logbook_ != nullptr;
  }

 private:
  const int number_;
  Archive& archive_;
  mutable absl::Mutex mutex_;
  Logbook* logbook_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

#endif  // RACELAB_CROSSING_H_
