#ifndef RACELAB_SENSOR_H_
#define RACELAB_SENSOR_H_

#include <functional>
#include <thread>
#include <utility>

#include "solutions/support/channel.h"

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
// The thread has a copy of everything that it needs, also of the unit, and shares nothing with the object but the
// channel. Of which class the object is, and whether it still is, does not matter to the thread. Closing the channel is
// the order to make the last reading. The price: a queue for the polls.
class Sensor {
 public:
  using Instrument = std::function<int()>;  // Takes a while, and returns what the instrument shows.
  using Log = std::function<void(double)>;  // Receives it in the sensor's unit.
  using Unit = std::function<double(int)>;  // What the instrument shows, in the sensor's unit.

  Sensor(
      Instrument instrument, Log log, Unit in_unit = [](int shown) { return shown; })
      : thread_(
            [&polls = polls_, instrument = std::move(instrument), log = std::move(log), in_unit = std::move(in_unit)] {
              while (polls.Receive()) log(in_unit(instrument()));
              log(in_unit(instrument()));
            }) {}
  Sensor(const Sensor&) = delete;
  Sensor& operator=(const Sensor&) = delete;

  // Waits for the readings that were asked for, and for the last one.
  ~Sensor() {
    polls_.Close();
    thread_.join();
  }

  // Asks for a reading, and does not wait for it.
  void Poll() { polls_.Send({}); }

 private:
  struct Request {};

  Channel<Request> polls_;
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
