#ifndef RACELAB_REPORT_BUILDER_H_
#define RACELAB_REPORT_BUILDER_H_

#include <functional>
#include <future>
#include <string>
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
// The thread shares nothing with its owner: it has its own copy of everything, and returns the lines. get() waits for
// the result, and the last future of a std::async waits in its destructor for the thread. (The future of a
// std::promise does not wait.) An exception in `revenue` is rethrown by Lines(); in a bare thread it would end the
// program.
class ReportBuilder {
 public:
  // Begins the report on the months 1 to `months`. `revenue` returns the shop's takings in a month; it is called on
  // another thread, one month after the other. Throws std::system_error if there is none.
  ReportBuilder(int months, std::function<int(int month)> revenue)
      : lines_(std::async(std::launch::async, Build, months, std::move(revenue))) {}

  ReportBuilder(const ReportBuilder&) = delete;
  ReportBuilder& operator=(const ReportBuilder&) = delete;

  // The whole report: a line "<month>: <revenue>" for each month. Waits until it is done.
  std::vector<std::string> Lines() { return lines_.get(); }

 private:
  static std::vector<std::string> Build(int months, const std::function<int(int month)>& revenue_of) {
    std::vector<std::string> lines;
    for (int month = 1; month <= months; ++month) {
      const int revenue = revenue_of(month);
      lines.push_back(std::to_string(month) + ": " + std::to_string(revenue));
    }
    return lines;
  }

  std::shared_future<std::vector<std::string>> lines_;  // Shared, because they may be asked for more than once.
};

#endif  // RACELAB_REPORT_BUILDER_H_
