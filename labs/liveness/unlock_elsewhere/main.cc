// A scanner is asked for twenty pages. The thread that asks does not wait for the scanner: the driver, on its own
// thread, says when a page is done.

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <device_gate.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kPages = 20;

class Scanner {
 public:
  // Scans a page if the scanner is free, and returns whether it was.
  bool Scan(int page) {
    if (!gate_.TryBegin()) return false;
    driver_ = std::thread([this, page] {
      pages_.push_back("page " + std::to_string(page));
      gate_.End();
    });
    return true;
  }

  // Waits until the driver has nothing left to do.
  void WaitUntilIdle() {
    if (driver_.joinable()) driver_.join();
  }

  int Scanned() const { return static_cast<int>(pages_.size()); }

 private:
  DeviceGate gate_;
  std::vector<std::string> pages_;
  std::thread driver_;
};

}  // namespace

int main() {
  Scanner scanner;
  int refused = 0;
  for (int page = 1; page <= kPages; ++page) {
    if (!scanner.Scan(page)) ++refused;
    scanner.WaitUntilIdle();
  }
  std::printf("asked for %d pages: %d scanned, %d refused because the scanner is busy\n", kPages, scanner.Scanned(),
              refused);
  return scanner.Scanned() == kPages ? 0 : 1;
}
