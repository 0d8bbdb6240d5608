#ifndef RACELAB_GAUGE_LOG_H_
#define RACELAB_GAUGE_LOG_H_

#include <unistd.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "solutions/support/channel.h"

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
// One thread writes and closes the files; the others send it lines to write, and the next file. What is sent first is
// done first, so no number is used after it was closed. Gauges are asked by those who want to know. The price: two
// thread switches for each line, and a thread that lives as long as the log. It pays where nobody may wait for a disk:
// Rotate() does not, and without an answer, nor would Record().
class GaugeLog {
 public:
  // `open` opens the next file and returns its descriptor, which the log closes. It is also called by several threads
  // at once.
  explicit GaugeLog(std::function<int()> open)
      : open_(std::move(open)), owner_([this, file = open_()]() mutable {
          while (const auto request = requests_.Receive()) (*request)(file);
          close(file);
        }) {}

  ~GaugeLog() {
    requests_.Close();
    owner_.join();
  }

  // Asks a gauge by `read`, which may take long, and appends a line with the answer. Returns whether it is written. If
  // `read` throws, so does this, and nothing is written.
  bool Record(const std::function<std::string()>& read) {
    const std::string line = read() + "\n";
    Channel<bool> written;
    requests_.Send(
        [&](int& file) { written.Send(write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size())); });
    return *written.Receive();
  }

  // Goes on in the next file.
  void Rotate() {
    requests_.Send([next = open_()](int& file) { close(std::exchange(file, next)); });
  }

 private:
  const std::function<int()> open_;
  Channel<std::function<void(int& file)>> requests_;
  std::thread owner_;  // Last: it begins to receive at once.
};

#endif  // RACELAB_GAUGE_LOG_H_
