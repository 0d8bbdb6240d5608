#ifndef RACELAB_CROSSING_H_
#define RACELAB_CROSSING_H_

#include <atomic>

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
// one's logbook. Once it is open, nobody needs the mutex: the pointer never changes again. The store releases the
// logbook that it points to, and the first load of Log() acquires it. HasLog() uses nothing of the logbook, so its load
// is relaxed.
//
//   crossing.Log().Write("fog, speed reduced");
class Crossing {
 public:
  // The archive keeps the logbook, and must outlive the crossing.
  Crossing(int number, Archive& archive) : number_(number), archive_(archive) {}

  // The crossing's logbook. The first call opens it.
  Logbook& Log() {
    if (Logbook* logbook = logbook_.load(std::memory_order_acquire)) return *logbook;  // From the store below.
    absl::MutexLock lock(&mutex_);
    Logbook* logbook = logbook_.load(std::memory_order_relaxed);  // Relaxed: all stores hold the mutex.
    if (logbook == nullptr) {
      logbook = &archive_.Open(number_);
      logbook_.store(logbook, std::memory_order_release);  // For the first load.
    }
    return *logbook;
  }

  // Whether the crossing has a logbook, which is then in the archive. Does not open it.
  bool HasLog() const { return logbook_.load(std::memory_order_relaxed) != nullptr; }  // Relaxed: see above.

 private:
  const int number_;
  Archive& archive_;
  absl::Mutex mutex_;  // Held by who opens the logbook.
  std::atomic<Logbook*> logbook_ = nullptr;
};

#endif  // RACELAB_CROSSING_H_
