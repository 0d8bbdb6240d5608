#ifndef RACELAB_TOLL_STATISTICS_H_
#define RACELAB_TOLL_STATISTICS_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
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
// The object is never destroyed: what is static is a reference to it. A handler for the end of the program prints.
class TollStatistics {
 public:
  static constexpr int kLanes = 25;

  // The statistics of `program`, made by whoever asks first. Ask before there are lanes, and keep the reference.
  static TollStatistics& Of(Program& program) { return program.Static<Only>().object; }

  explicit TollStatistics(Program& program) : program_(program), vehicles_(kLanes) {
    program.AtExit([this] { Report(); });
  }

  // A vehicle has passed `lane`, of 0 to kLanes - 1.
  void Passed(int lane) {
    absl::MutexLock lock(&mutex_);
    ++vehicles_[lane];
  }

 private:
  struct Only {
    explicit Only(Program& program) : object(*new TollStatistics(program)) {}

    TollStatistics& object;  // Never destroyed.
  };

  std::vector<int> Vehicles() ABSL_NO_THREAD_SAFETY_ANALYSIS { return vehicles_; }

  void Report() {
    const std::vector<int> vehicles = Vehicles();
    for (int lane = 0; lane < kLanes; ++lane) {
      if (vehicles[lane] == 0) continue;
      program_.Print("lane " + std::to_string(lane) + ": " + std::to_string(vehicles[lane]) + " vehicles");
    }
  }

  Program& program_;
  absl::Mutex mutex_;
  std::vector<int> vehicles_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_TOLL_STATISTICS_H_
