#ifndef RACELAB_REPORT_BUILDER_H_
#define RACELAB_REPORT_BUILDER_H_

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
// A builder belongs to one thread. It may be destroyed at any time, whether or not the report has been asked for; from
// then on `revenue` is called no more.
//
// Each line belongs to the thread until it is finished, and is then sent: nothing ever has two owners. Lines() receives
// until the channel ends. That says that the report is complete; that the thread uses nothing of the builder any more,
// only the join in the destructor says.
class ReportBuilder {
 public:
  // Begins the report on the months 1 to `months`. `revenue` returns what the shop took in a month; it is called on
  // another thread, one month after the other.
  ReportBuilder(int months, std::function<int(int month)> revenue)
      : thread_([this, months, revenue = std::move(revenue)] { Build(months, revenue); }) {}

  ~ReportBuilder() { thread_.join(); }

  ReportBuilder(const ReportBuilder&) = delete;
  ReportBuilder& operator=(const ReportBuilder&) = delete;

  // The whole report: a line "<month>: <revenue>" for each month. Waits until it is done.
  std::vector<std::string> Lines() {
    while (auto line = finished_.Receive()) lines_.push_back(*std::move(line));
    return lines_;
  }

 private:
  void Build(int months, const std::function<int(int month)>& revenue_of) {
    for (int month = 1; month <= months; ++month) {
      const int revenue = revenue_of(month);
      finished_.Send(std::to_string(month) + ": " + std::to_string(revenue));
    }
    finished_.Close();
  }

  std::vector<std::string> lines_;  // The owner's: what has been received.
  Channel<std::string> finished_;
  std::thread thread_;  // Last: it begins to send at once.
};

#endif  // RACELAB_REPORT_BUILDER_H_
