#ifndef RACELAB_TOLL_STATISTICS_H_
#define RACELAB_TOLL_STATISTICS_H_

#include <array>
#include <atomic>
#include <string>
#include <type_traits>

#include "labs/data_races/exit_race/program.h"

// How many vehicles have passed each lane of a toll plaza. There is one such object for a program, and each lane has a
// thread, or two if it is open in both directions, that tells it of every vehicle:
//
//   TollStatistics& statistics = TollStatistics::Of(program);
//   std::thread([&statistics] { while (WaitForVehicle(7)) statistics.Passed(7); }).detach();
//
// Any number of threads may do so at once, for as long as the process exists: nobody waits for the lanes, and a vehicle
// may well come while the program ends. At its end, the program prints once how many have passed each lane. All that
// had passed when the end began are counted; whether later ones are, is left open.
//
// There is nothing to destroy: an array of atomics owns no memory, and its destructor is trivial, so a static object of
// this type is simply there until the process is gone. The compiler checks that. Relaxed: each number stands alone, and
// whoever has seen a vehicle pass before the end began has ordered that by other means. The price: the number of lanes
// has to be known when the program is compiled.
class TollStatistics {
 public:
  static constexpr int kLanes = 25;

  // The statistics of `program`, made by whoever asks first. Ask before there are lanes, and keep the reference.
  static TollStatistics& Of(Program& program) {
    static_assert(std::is_trivially_destructible_v<TollStatistics>);
    return program.Static<TollStatistics>();
  }

  explicit TollStatistics(Program& program) {
    program.AtExit([this, &program] { Report(program); });
  }

  // A vehicle has passed `lane`, of 0 to kLanes - 1.
  void Passed(int lane) {
    // The number belongs to the lane: nobody else writes it, so it need not be locked against others.
    const int before = vehicles_[lane].load(std::memory_order_relaxed);
    vehicles_[lane].store(before + 1, std::memory_order_relaxed);
  }

 private:
  void Report(Program& program) const {
    for (int lane = 0; lane < kLanes; ++lane) {
      const int vehicles = vehicles_[lane].load(std::memory_order_relaxed);
      if (vehicles == 0) continue;
      program.Print("lane " + std::to_string(lane) + ": " + std::to_string(vehicles) + " vehicles");
    }
  }

  std::array<std::atomic<int>, kLanes> vehicles_ = {};
};

#endif  // RACELAB_TOLL_STATISTICS_H_
