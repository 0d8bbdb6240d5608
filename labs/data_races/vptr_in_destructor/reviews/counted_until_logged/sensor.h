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
// Each class that overrides InUnit() is final, and its destructor begins with Close(): while it runs, the object is
// still of that class, and when it is over, no thread is left that could call the override. The base class cannot do
// this for them, since at the beginning of its destructor the derived part has already gone. The price: a line in each
// derived class, which nobody must forget.
class Sensor {
 public:
  using Instrument = std::function<int()>;  // Takes a while, and returns what the instrument shows.
  using Log = std::function<void(double)>;  // Receives it in the sensor's unit.

  Sensor(Instrument instrument, Log log)
      : instrument_(std::move(instrument)), log_(std::move(log)), thread_([this] { Run(); }) {}
  Sensor(const Sensor&) = delete;
  Sensor& operator=(const Sensor&) = delete;

  // Waits for the readings that were asked for, and for the last one.
  virtual ~Sensor() { Close(); }

  // Asks for a reading, and does not wait for it.
  void Poll() {
    absl::MutexLock lock(&mutex_);
    ++polls_;
  }

 protected:
  // Makes the readings that were asked for and the last one, and ends the thread; after that, does nothing.
  void Close() {
    if (!thread_.joinable()) return;
    {
      absl::MutexLock lock(&mutex_);
      closing_ = true;
    }
    thread_.join();
  }

  // What the instrument shows, in the sensor's unit. Many instruments show just that.
  virtual double InUnit(int shown) const { return shown; }

 private:
  void Run() {
    bool last = false;
    while (!last) {
      absl::MutexLock lock(&mutex_, absl::Condition(this, &Sensor::HasTurn));
      log_(InUnit(instrument_()));
      last = polls_ == 0;
      if (!last) --polls_;
    }
  }

  bool HasTurn() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return polls_ > 0 || closing_; }

  const Instrument instrument_;
  const Log log_;
  absl::Mutex mutex_;
  int polls_ ABSL_GUARDED_BY(mutex_) = 0;  // Whose reading is not in the log yet.
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // Last: it begins at once.
};

// A little bucket that tips over whenever 0.2 mm of rain have filled it. Logs millimetres.
class RainGauge final : public Sensor {
 public:
  using Sensor::Sensor;
  ~RainGauge() override { Close(); }

 protected:
  double InUnit(int tips) const override { return tips * 0.2; }
};

// Shows sixteenths of a degree. Logs degrees.
class Thermometer final : public Sensor {
 public:
  using Sensor::Sensor;
  ~Thermometer() override { Close(); }

 protected:
  double InUnit(int sixteenths) const override { return sixteenths / 16.0; }
};

#endif  // RACELAB_SENSOR_H_
