#ifndef RACELAB_REPORT_BUILDER_H_
#define RACELAB_REPORT_BUILDER_H_

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Builds a shop's report in the background, while its owner does something else.
//
//   ReportBuilder builder(12, [&](int month) { return books.Revenue(month); });
//   PrintCover();
//   PrintTable(builder.Lines());
//
// A builder belongs to one thread. It may be destroyed at any time, whether or not anybody has asked for the report;
// after that, `revenue` is not called any more.
//
// The thread stays detached; its last use of the builder is to say, under the mutex, that it is done. Lines() and the
// destructor wait for that. This is join(), made by hand: it is worth the trouble where you cannot join the thread,
// because it belongs to a pool and does not end with the report.
class ReportBuilder {
 public:
  // Begins the report on the months 1 to `months`. `revenue` returns the shop's takings in a month. It is called on
  // another thread, one month after the other, and must not throw. Throws std::system_error if there is none.
  ReportBuilder(int months, std::function<int(int month)> revenue) : months_(months), revenue_(std::move(revenue)) {
    std::thread([this] { Build(); }).detach();
  }

  // Waits until the thread no longer uses the builder. A thread that locks an absl::Mutex after the last unlock may
  // destroy the mutex, even if that unlock has not returned yet.
  ~ReportBuilder() { absl::MutexLock lock(&mutex_, absl::Condition(&done_)); }

  ReportBuilder(const ReportBuilder&) = delete;
  ReportBuilder& operator=(const ReportBuilder&) = delete;

  // The whole report: a line "<month>: <revenue>" for each month. Waits until it is done.
  std::vector<std::string> Lines() {
    absl::MutexLock lock(&mutex_, absl::Condition(&done_));
    return lines_;
  }

 private:
  void Build() {
    std::vector<std::string> lines;
    for (int month = 1; month <= months_; ++month) {
      const int revenue = revenue_(month);
      lines.push_back(std::to_string(month) + ": " + std::to_string(revenue));
    }
    absl::MutexLock lock(&mutex_);
    lines_ = std::move(lines);
    done_ = true;
  }

  const int months_;
  const std::function<int(int month)> revenue_;
  absl::Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

#endif  // RACELAB_REPORT_BUILDER_H_
