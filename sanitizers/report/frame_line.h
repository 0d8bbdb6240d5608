#ifndef RACELAB_SANITIZERS_REPORT_FRAME_LINE_H_
#define RACELAB_SANITIZERS_REPORT_FRAME_LINE_H_

#include <optional>
#include <string_view>

#include "sanitizers/report/report.h"

namespace racelab {

// A line of a stack, as the sanitizers print it by default:
// "    #3 Bank::Transfer(Account&, long) /src/bank.h:15:33 (bank_test+0x343f) (BuildId: c553…)".
struct FrameLine {
  int index = 0;  // from 0, the innermost
  Frame frame;
};

// nullopt if `line` holds no frame. The program's own output may come before the frame.
std::optional<FrameLine> ParseFrameLine(std::string_view line);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_FRAME_LINE_H_
