#ifndef RACELAB_GAUGE_LOG_H_
#define RACELAB_GAUGE_LOG_H_

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>

// The readings of a river's gauges, a line for each, in a file that is replaced from time to time: every hour, say.
//
//   GaugeLog log([] { return open(NameOfThisHour().c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644); });
//   log.Record([&] { return gauge.Read(); });  // Asks a gauge, and writes down what it says.
//   log.Rotate();                              // The next hour.
//
// Safe to use from any number of threads at once. Each line goes whole into one file of the log, the one that is
// current when the reading is begun or a later one, and nowhere else. Nobody waits for a gauge that another thread is
// asking. A file that is no longer current is closed as soon as no line is to be written to it any more.
//
// The number never changes and is never given back, so nobody else can get it: dup2() puts the next file in the
// previous one's place, in one step, and closes the previous one. A line that is being written at that moment gets into
// the one or the other. No lock, no atomic. The price: it works for descriptors only, because the system has this step
// for them.
class GaugeLog {
 public:
  // `open` opens the next file and returns its descriptor, which the log closes. It is also called by several threads
  // at once.
  explicit GaugeLog(std::function<int()> open) : open_(std::move(open)), file_(open_()) {}
  ~GaugeLog() { close(file_); }

  // Asks a gauge by `read`, which may take long, and appends a line with the answer. Returns whether it is written. If
  // `read` throws, so does this, and nothing is written.
  bool Record(const std::function<std::string()>& read) {
    const std::string line = read() + "\n";
    return write(file_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }

  // Goes on in the next file.
  void Rotate() {
    const int next = open_();
    close(file_);
    fcntl(next, F_DUPFD_CLOEXEC, file_);  // Takes the lowest number that is free, from file_ on.
    close(next);
  }

 private:
  const std::function<int()> open_;
  const int file_;  // Always the current one.
};

#endif  // RACELAB_GAUGE_LOG_H_
