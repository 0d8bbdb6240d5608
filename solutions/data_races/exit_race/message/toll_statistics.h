#ifndef RACELAB_TOLL_STATISTICS_H_
#define RACELAB_TOLL_STATISTICS_H_

#include <string>
#include <thread>
#include <vector>

#include "labs/data_races/exit_race/program.h"
#include "solutions/support/channel.h"

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
// One thread counts, and the lanes send it the vehicles. At the end of the program the channel is closed and the thread
// joined: then all that had been sent are counted, and later ones are turned away at the channel. That alone is never
// destroyed, because the lanes will try. The price: a thread, and a lane that waits a little for each vehicle. It pays
// where counting takes long.
class TollStatistics {
 public:
  static constexpr int kLanes = 25;

  // The statistics of `program`, made by whoever asks first. Ask before there are lanes, and keep the reference.
  static TollStatistics& Of(Program& program) { return program.Static<TollStatistics>(); }

  explicit TollStatistics(Program& program) : passed_(*new Channel<int>) {
    program.AtExit(
        [&passed = passed_, counter = new std::thread([&passed = passed_, &program] { Count(passed, program); })] {
          passed.Close();
          counter->join();
          delete counter;
        });
  }

  // A vehicle has passed `lane`, of 0 to kLanes - 1.
  void Passed(int lane) { passed_.Send(lane); }

 private:
  static void Count(Channel<int>& passed, Program& program) {
    std::vector<int> vehicles(kLanes);
    while (const auto lane = passed.Receive()) ++vehicles[*lane];
    for (int lane = 0; lane < kLanes; ++lane) {
      if (vehicles[lane] == 0) continue;
      program.Print("lane " + std::to_string(lane) + ": " + std::to_string(vehicles[lane]) + " vehicles");
    }
  }

  Channel<int>& passed_;  // Never destroyed.
};

#endif  // RACELAB_TOLL_STATISTICS_H_
