// Two data races are reported while another thread keeps writing to stderr: the lines of the report and of the program
// mix.

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

class Gauge {
 public:
  void SetLow() { ++low_; }
  void SetHigh() { ++high_; }

 private:
  long low_ = 0;
  long high_ = 0;
};

int main() {
  Gauge gauge;
  std::atomic<bool> stop{false};
  std::thread noise([&] {
    const char kLine[] = "progress: still at it, thank you\n";
    while (!stop) {
      if (write(STDERR_FILENO, kLine, std::strlen(kLine)) < 0) return;
      usleep(100);
    }
  });
  auto low = [&] {
    for (int i = 0; i < 1000; ++i) gauge.SetLow();
  };
  auto high = [&] {
    for (int i = 0; i < 1000; ++i) gauge.SetHigh();
  };
  std::thread a(low), b(low);
  a.join();
  b.join();
  std::thread c(high), d(high);
  c.join();
  d.join();
  stop = true;
  noise.join();
}
