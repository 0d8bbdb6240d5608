#ifndef RACELAB_REPORT_BUILDER_H_
#define RACELAB_REPORT_BUILDER_H_

#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Builds a shop's report in the background, while its owner does something else.
//
//   ReportBuilder builder(12, [&](int month) { return books.Revenue(month); });
//   PrintCover();
//   PrintTable(builder.Lines());
//
// A builder belongs to one thread. It may be destroyed at any time, whether or not anybody has asked for the report;
// after that, `revenue` is not called any more.
//
// The constructor waits for the thread, so nobody else has to.
class ReportBuilder {
 public:
  // Begins the report on the months 1 to `months`. `revenue` returns the shop's takings in a month. It is called on
  // another thread, one month after the other, and must not throw. Throws std::system_error if there is none.
  ReportBuilder(int months, std::function<int(int month)> revenue) : months_(months), revenue_(std::move(revenue)) {
    std::thread([this] { Build(); }).join();
  }

  ReportBuilder(const ReportBuilder&) = delete;
  ReportBuilder& operator=(const ReportBuilder&) = delete;

  // The whole report: a line "<month>: <revenue>" for each month.
  std::vector<std::string> Lines() { return lines_; }

 private:
  void Build() {
    for (int month = 1; month <= months_; ++month) {
      const int revenue = revenue_(month);
      lines_.push_back(std::to_string(month) + ": " + std::to_string(revenue));
    }
  }

  const int months_;
  const std::function<int(int month)> revenue_;
  std::vector<std::string> lines_;
};

#endif  // RACELAB_REPORT_BUILDER_H_
