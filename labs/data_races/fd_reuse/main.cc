// A power station on a river writes down its gauge's readings, in a file for each hour. The gauge is slow, and here it
// is always asked just before the hour is over; and each hour begins with a call to the sluice, over a line of its own.

#include <gauge_log.h>  // In angle brackets: the include path decides which variant of it is built.
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <barrier>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace {

std::vector<int> hours;  // The files, to be read at the end.

int OpenNextHour() {
  const int file = memfd_create("hour", 0);
  hours.push_back(dup(file));
  return file;
}

// How many lines are in an hour's file.
int LinesIn(int file) {
  char text[100];
  const ssize_t size = pread(file, text, sizeof(text), 0);
  int lines = 0;
  for (ssize_t i = 0; i < size; ++i) lines += text[i] == '\n' ? 1 : 0;
  return lines;
}

}  // namespace

int main() {
  constexpr int kHours = 5;
  GaugeLog log(OpenNextHour);
  std::barrier gauge(2);  // Is asked, and answers.
  int received = 0;

  for (int hour = 1; hour <= kHours; ++hour) {
    std::thread reading([&] {
      log.Record([&] {
        gauge.arrive_and_wait();
        gauge.arrive_and_wait();
        return "open " + std::to_string(hour) + ".25 m";
      });
    });
    gauge.arrive_and_wait();
    log.Rotate();
    int line[2];  // Ours, and the sluice's.
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, line) != 0) return 2;
    gauge.arrive_and_wait();
    reading.join();

    char order[100];
    const ssize_t size = recv(line[1], order, sizeof(order), MSG_DONTWAIT);
    if (size > 0) {
      std::printf("%d:00 the sluice was told: %.*s", hour, static_cast<int>(size), order);
      ++received;
    }
    close(line[0]);
    close(line[1]);
  }
  int written = 0;
  for (int file : hours) written += LinesIn(file);
  std::printf("%d readings, %d in the log, %d at the sluice\n", kHours, written, received);
  return written == kHours && received == 0 ? 0 : 1;
}
