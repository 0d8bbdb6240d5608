#ifndef RACELAB_TOLL_STATISTICS_H_
#define RACELAB_TOLL_STATISTICS_H_

#include <mutex>
#include <string>
#include <vector>

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
class TollStatistics {
 public:
  static constexpr int kLanes = 25;

  // The statistics of `program`, made by whoever asks first. Ask before there are lanes, and keep the reference.
  static TollStatistics& Of(Program& program) { return program.Static<TollStatistics>(); }

  explicit TollStatistics(Program& program) : program_(program), vehicles_(kLanes) {}

  // At the end of the program.
  ~TollStatistics() {
    std::lock_guard lock(mutex_);
    for (int lane = 0; lane < kLanes; ++lane) {
      if (vehicles_[lane] == 0) continue;
      program_.Print("lane " + std::to_string(lane) + ": " + std::to_string(vehicles_[lane]) + " vehicles");
    }
  }

  // A vehicle has passed `lane`, of 0 to kLanes - 1.
  void Passed(int lane) {
    std::lock_guard lock(mutex_);
    ++vehicles_[lane];
  }

 private:
  Program& program_;
  std::mutex mutex_;
  std::vector<int> vehicles_;
};

#endif  // RACELAB_TOLL_STATISTICS_H_
