#ifndef RACELAB_REPORT_BUILDER_H_
#define RACELAB_REPORT_BUILDER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "solutions/support/channel.h"

// Builds a shop's report in the background, while its owner does something else.
//
//   ReportBuilder builder(12, [&](int month) { return books.Revenue(month); });
//   PrintCover();
//   PrintTable(builder.Lines());
//
// A builder belongs to one thread. It may be destroyed at any time, whether or not anybody has asked for the report;
// after that, `revenue` is not called any more.
//
// Each line belongs to the thread until the line is finished, and is then sent: nothing ever has two owners. Lines()
// receives until the channel ends: then the report is complete. But only the join in the destructor makes sure that the
// thread no longer uses the builder.
class ReportBuilder {
 public:
  // Begins the report on the months 1 to `months`. `revenue` returns the shop's takings in a month. It is called on
  // another thread, one month after the other, and must not throw. Throws std::system_error if there is none.
  ReportBuilder(int months, std::function<int(int month)> revenue)
      : thread_([this, revenue = std::move(revenue)] { Build(revenue); }), months_(months) {}

  ~ReportBuilder() { thread_.join(); }

  ReportBuilder(const ReportBuilder&) = delete;
  ReportBuilder& operator=(const ReportBuilder&) = delete;

  // The whole report: a line "<month>: <revenue>" for each month. Waits until it is done.
  std::vector<std::string> Lines() {
    lines_.reserve(static_cast<size_t>(months_));
    while (auto line = finished_.Receive()) lines_.push_back(*std::move(line));
    return lines_;
  }

 private:
  void Build(const std::function<int(int month)>& revenue_of) {
    for (int month = 1; month <= months_; ++month) {
      const int revenue = revenue_of(month);
      finished_.Send(std::to_string(month) + ": " + std::to_string(revenue));
    }
    finished_.Close();
  }

  std::vector<std::string> lines_;  // The lines received so far; belongs to the owner.
  Channel<std::string> finished_;
  std::thread thread_;  // Begins to send at once.
  const int months_;
};

#endif  // RACELAB_REPORT_BUILDER_H_
