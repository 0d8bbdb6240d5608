#ifndef RACELAB_SANITIZERS_REPORT_REPORT_BUILDER_H_
#define RACELAB_SANITIZERS_REPORT_REPORT_BUILDER_H_

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sanitizers/report/report.h"
#include "sanitizers/report/report_line.h"

namespace racelab {

// Builds the stacks of a report and their descriptions from its lines. Detects lines that cannot follow each other.
class StackBuilder {
 public:
  // Begins a stack under a line that introduces it.
  StackIndex Introduce(StackRole role, std::string_view body);

  // Adds a frame from a printed line, or the statement that there is no stack.
  void AddFrame(std::string_view line);
  void AddNoStack();

  const std::vector<Stack>& stacks() const { return stacks_; }
  std::vector<Stack> Take() { return std::move(stacks_); }
  bool damaged() const { return damaged_; }

 private:
  std::vector<Stack> stacks_;
  int last_index_ = -1;      // of the previous frame in the same stack
  bool introduced_ = false;  // the stack's introduction has been read, and no frame yet
  bool damaged_ = false;
};

// Builds a report from its lines.
class ReportBuilder {
 public:
  explicit ReportBuilder(const Headline& headline);

  void Add(const ReportLine& line, std::string_view text);

  // The report; the builder must not be used afterwards.
  Report Take();

 private:
  void AddAccess(std::string_view body);
  void AddLocation(std::string_view body);
  void AddMutex(const ReportLine& line);
  void AddThread(std::string_view body);
  void AddLock(const ReportLine& line);
  void CheckOrder(LineKind kind);
  void CheckSummary();

  Report report_;
  StackBuilder stacks_;
  bool summarised_ = false;
  LineKind last_ = LineKind::kHeadline;  // the part of the report that has been reached
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_REPORT_BUILDER_H_
