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
// A builder belongs to one thread. It may be destroyed at any time, whether or not the report has been asked for; from
// then on `revenue` is called no more.
//
// The thread stays detached, and says under the mutex that it is done; that is the last it does with the builder.
// Lines() and the destructor wait for that word. This is join(), made by hand: it is worth the trouble where there is
// no thread to join, because the work runs on one of a pool, which does not end with it.
class ReportBuilder {
 public:
  // Begins the report on the months 1 to `months`. `revenue` returns what the shop took in a month; it is called on
  // another thread, one month after the other.
  ReportBuilder(int months, std::function<int(int month)> revenue) : months_(months), revenue_(std::move(revenue)) {
    std::thread([this] { Build(); }).detach();
  }

  // Waits until the thread has let go of the builder. An absl::Mutex may be destroyed by whoever locks it after the
  // last unlock, even if that has not yet returned.
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
