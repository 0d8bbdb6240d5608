#ifndef RACELAB_SENSOR_H_
#define RACELAB_SENSOR_H_

#include <functional>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The sensors of a weather station. A sensor reads its instrument on a thread of its own, because an instrument takes
// up to a second to answer: once for each Poll(), and once more when the sensor is destroyed, so that nothing is lost
// that was measured since the last poll. Each reading goes to the log, in the sensor's unit.
//
//   RainGauge gauge([&] { return bucket.TipsSinceLastTime(); }, [&](double mm) { journal.Add(mm); });
//   gauge.Poll();
//
// Any thread may poll. The instrument and the log are called by one thread, and not any more once the destructor has
// returned; they must not throw.
//
// A sensor is given its unit as a value, a function, and keeps it until its thread has ended. No function is virtual,
// so the thread asks nobody of which class the object is at that moment. The derived classes have nothing of their own
// that the thread could use after its end. The price: the unit may only depend on what it has been given.
class Sensor {
 public:
  using Instrument = std::function<int()>;  // Takes a while, and returns what the instrument shows.
  using Log = std::function<void(double)>;  // Receives it in the sensor's unit.
  using Unit = std::function<double(int)>;  // What the instrument shows, in the sensor's unit.

  Sensor(
      Instrument instrument, Log log, Unit in_unit = [](int shown) { return shown; })
      : instrument_(std::move(instrument)),
        log_(std::move(log)),
        in_unit_(std::move(in_unit)),
        thread_([this] { Run(); }) {}
  Sensor(const Sensor&) = delete;
  Sensor& operator=(const Sensor&) = delete;

  // Waits for the readings that were asked for, and for the last one.
  ~Sensor() {
    {
      absl::MutexLock lock(&mutex_);
      closing_ = true;
    }
    thread_.join();
  }

  // Asks for a reading, and does not wait for it.
  void Poll() {
    absl::MutexLock lock(&mutex_);
    ++polls_;
  }

 private:
  void Run() {
    int polls = 0;
    do {
      {
        absl::MutexLock lock(&mutex_, absl::Condition(this, &Sensor::HasTurn));
        polls = std::exchange(polls_, 0);
      }
      for (int i = 0; i < polls; ++i) log_(in_unit_(instrument_()));
    } while (polls > 0);
    log_(in_unit_(instrument_()));
  }

  bool HasTurn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return polls_ > 0 || closing_; }

  const Instrument instrument_;
  const Log log_;
  const Unit in_unit_;
  absl::Mutex mutex_;
  int polls_ ABSL_GUARDED_BY(mutex_) = 0;  // Not yet taken on by the thread.
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // Last: it begins at once.
};

// A little bucket that tips over whenever 0.2 mm of rain have filled it. Logs millimetres.
class RainGauge : public Sensor {
 public:
  RainGauge(Instrument instrument, Log log)
      : Sensor(std::move(instrument), std::move(log), [](int tips) { return tips * 0.2; }) {}
};

// Shows sixteenths of a degree. Logs degrees.
class Thermometer : public Sensor {
 public:
  Thermometer(Instrument instrument, Log log)
      : Sensor(std::move(instrument), std::move(log), [](int sixteenths) { return sixteenths / 16.0; }) {}
};

#endif  // RACELAB_SENSOR_H_
