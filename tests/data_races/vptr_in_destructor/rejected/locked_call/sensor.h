#ifndef RACELAB_SENSOR_H_
#define RACELAB_SENSOR_H_

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

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
// A lock is held around the call of the unit's conversion, and in the destructor, so that the two never overlap.
class Sensor {
 public:
  using Instrument = std::function<int()>;  // Takes a while, and returns what the instrument shows.
  using Log = std::function<void(double)>;  // Receives it in the sensor's unit.

  Sensor(Instrument instrument, Log log)
      : instrument_(std::move(instrument)), log_(std::move(log)), thread_([this] { Run(); }) {}
  Sensor(const Sensor&) = delete;
  Sensor& operator=(const Sensor&) = delete;

  // Waits for the readings that were asked for, and for the last one.
  virtual ~Sensor() {
    {
      std::scoped_lock lock(mutex_, converting_);
      closing_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  // Asks for a reading, and does not wait for it.
  void Poll() {
    {
      std::lock_guard lock(mutex_);
      ++polls_;
    }
    changed_.notify_one();
  }

 protected:
  // What the instrument shows, in the sensor's unit. Many instruments show just that.
  virtual double InUnit(int shown) const { return shown; }

 private:
  void Run() {
    bool last = false;
    while (!last) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return polls_ > 0 || closing_; });
        last = polls_ == 0;
        if (!last) --polls_;
      }
      const int shown = instrument_();
      double in_unit = 0;
      {
        std::lock_guard lock(converting_);
        in_unit = InUnit(shown);
      }
      log_(in_unit);
    }
  }

  const Instrument instrument_;
  const Log log_;
  std::mutex mutex_;
  std::mutex converting_;
  std::condition_variable changed_;
  int polls_ = 0;  // Not yet answered.
  bool closing_ = false;
  std::thread thread_;  // Last: it begins at once.
};

// A little bucket that tips over whenever 0.2 mm of rain have filled it. Logs millimetres.
class RainGauge : public Sensor {
 public:
  using Sensor::Sensor;

 protected:
  double InUnit(int tips) const override { return tips * 0.2; }
};

// Shows sixteenths of a degree. Logs degrees.
class Thermometer : public Sensor {
 public:
  using Sensor::Sensor;

 protected:
  double InUnit(int sixteenths) const override { return sixteenths / 16.0; }
};

#endif  // RACELAB_SENSOR_H_
