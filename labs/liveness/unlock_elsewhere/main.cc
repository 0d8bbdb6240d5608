// A scanner in the copy room. Nobody waits for it: a transfer is completed on a thread of the driver. The front desk
// scans a file of ten pages; afterwards somebody else scans one.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include <device_gate.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kPages = 10;
constexpr std::chrono::milliseconds kScan(5);  // How long a page takes.

class Scanner {
 public:
  // Begins to scan a page if the scanner is free, and returns whether it was.
  bool Scan() {
    if (!gate_.TryBegin()) return false;
    driver_.emplace_back([this] {
      const int at_once = ++transfers_;
      int most = most_;
      while (at_once > most && !most_.compare_exchange_weak(most, at_once)) {
      }
      std::this_thread::sleep_for(kScan);
      --transfers_;
      gate_.End();
    });
    return true;
  }

  // Waits until the driver has nothing left to do.
  void WaitUntilIdle() {
    for (std::thread& completion : driver_) completion.join();
    driver_.clear();
  }

  // The most pages that there have been under the lamp at once.
  int Most() const { return most_; }

 private:
  DeviceGate gate_;
  std::atomic<int> transfers_ = 0;
  std::atomic<int> most_ = 0;
  std::vector<std::thread> driver_;  // A thread for each transfer.
};

}  // namespace

int main() {
  Scanner scanner;
  for (int page = 1; page <= kPages; ++page) {
    while (!scanner.Scan()) std::this_thread::sleep_for(kScan / 5);  // Later, then.
  }
  scanner.WaitUntilIdle();
  std::printf("front desk: %d pages scanned, up to %d of them at once\n", kPages, scanner.Most());

  bool scanned = false;
  std::thread([&] { scanned = scanner.Scan(); }).join();
  scanner.WaitUntilIdle();
  std::printf("somebody else: %s\n", scanned ? "1 page scanned" : "refused, the scanner is busy");
  return scanned && scanner.Most() == 1 ? 0 : 1;
}
