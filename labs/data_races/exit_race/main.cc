// A toll plaza, from the last 20 vehicles of the day in lane 7 until its program has ended. Nobody waits for the thread
// of a lane. Here, three more vehicles come while the till makes up the accounts for the bank.

#include <toll_statistics.h>  // In angle brackets: the include path decides which variant of it is built.

#include <barrier>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int kLane = 7;
constexpr int kVehicles = 20;
constexpr int kLateVehicles = 3;
constexpr int kPrice = 2;  // In euros.

// Both are there until the process is gone.
Program& program = *new Program([](const std::string& line) { std::puts(line.c_str()); });
std::barrier<>& late_vehicles = *new std::barrier<>(2);  // They come, and have passed.

// Has taken the money, and gives it to the bank at the end of the program.
class Till {
 public:
  explicit Till(Program&) : taken_(TollStatistics::kLanes) {}
  ~Till() {
    std::vector<int> accounts(taken_);  // Of each lane.
    late_vehicles.arrive_and_wait();
    late_vehicles.arrive_and_wait();
    bool right = true;
    for (int lane = 0; lane < TollStatistics::kLanes; ++lane) {
      if (accounts[lane] == 0) continue;
      std::printf("lane %d: %d euros taken, %d euros for the bank\n", lane, taken_[lane], accounts[lane]);
      right = right && accounts[lane] == taken_[lane];
    }
    std::fflush(stdout);
    std::_Exit(right ? 0 : 1);
  }

  void Take(int lane) { taken_[lane] += kPrice; }

 private:
  std::vector<int> taken_;
};

}  // namespace

int main() {
  std::atexit([] { program.Exit(); });
  Till& till = program.Static<Till>();
  TollStatistics& statistics = TollStatistics::Of(program);
  for (int i = 0; i < kVehicles; ++i) {
    till.Take(kLane);
    statistics.Passed(kLane);
  }
  std::thread([&statistics] {
    late_vehicles.arrive_and_wait();
    for (int i = 0; i < kLateVehicles; ++i) statistics.Passed(kLane);
    late_vehicles.arrive_and_wait();
  }).detach();
  return 0;
}
