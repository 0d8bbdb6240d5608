#ifndef RACELAB_GAUGE_LOG_H_
#define RACELAB_GAUGE_LOG_H_

#include <unistd.h>

#include <atomic>
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
class GaugeLog {
 public:
  // `open` opens the next file and returns its descriptor, which the log closes. It is also called by several threads
  // at once.
  explicit GaugeLog(std::function<int()> open) : open_(std::move(open)), file_(open_()) {}
  ~GaugeLog() { close(file_); }

  // Asks a gauge by `read`, which may take long, and appends a line with the answer. Returns whether it is written. If
  // `read` throws, so does this, and nothing is written.
  bool Record(const std::function<std::string()>& read) {
    int file = file_;  // What is begun in one hour stays in it, even if the gauge takes its time.
    const std::string line = read() + "\n";
    while (file != file_) file = file_;  // Unless the hour is over.
    return write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }

  // Goes on in the next file.
  void Rotate() {
    const int previous = file_.exchange(open_());
    close(previous);
  }

 private:
  const std::function<int()> open_;
  std::atomic<int> file_;
};

#endif  // RACELAB_GAUGE_LOG_H_
