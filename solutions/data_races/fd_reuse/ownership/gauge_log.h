#ifndef RACELAB_GAUGE_LOG_H_
#define RACELAB_GAUGE_LOG_H_

#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

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
// A file belongs to the log and to all who are about to write into it; the last of them closes it. So nobody has a
// number without a share in what it stands for, and a reading stays in the hour in which it was begun. The price: a
// file may be closed late, and by any thread; and a count for each reading. The mutex only guards the pointer.
class GaugeLog {
 public:
  // `open` opens the next file and returns its descriptor, which the log closes. It is also called by several threads
  // at once.
  explicit GaugeLog(std::function<int()> open) : open_(std::move(open)), file_(std::make_shared<const File>(open_())) {}

  // Asks a gauge by `read`, which may take long, and appends a line with the answer. Returns whether it is written. If
  // `read` throws, so does this, and nothing is written.
  bool Record(const std::function<std::string()>& read) {
    const std::shared_ptr<const File> file = Current();
    const std::string line = read() + "\n";
    return write(file->descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }

  // Goes on in the next file.
  void Rotate() {
    auto file = std::make_shared<const File>(open_());
    absl::MutexLock lock(&mutex_);
    file_.swap(file);
  }

 private:
  struct File {
    explicit File(int descriptor) : descriptor(descriptor) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { close(descriptor); }

    const int descriptor;
  };

  std::shared_ptr<const File> Current() {
    absl::MutexLock lock(&mutex_);
    return file_;
  }

  const std::function<int()> open_;
  absl::Mutex mutex_;
  std::shared_ptr<const File> file_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_GAUGE_LOG_H_
