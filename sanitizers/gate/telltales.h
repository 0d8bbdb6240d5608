#ifndef RACELAB_SANITIZERS_GATE_TELLTALES_H_
#define RACELAB_SANITIZERS_GATE_TELLTALES_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace racelab {

// Searches a log for signs, outside ThreadSanitizer's reports, that "nothing was found" would be wrong: other tools'
// reports, and reports that ThreadSanitizer could not write.
class Telltales {
 public:
  // A piece may end anywhere, even in the middle of a word.
  void Feed(std::string_view piece);

  // The tools, such as "Helgrind", that reported races in a format that racelab does not read.
  const std::set<std::string>& other_tools() const { return other_tools_; }

  // Whether a process could not open its report file, so that its reports are lost.
  bool lost_reports() const { return lost_reports_; }

 private:
  void Search(std::string_view text);

  std::string end_;  // the last bytes fed
  std::set<std::string> other_tools_;
  bool lost_reports_ = false;
};

// Returns the options that ThreadSanitizer lists as unknown, which it does with verbosity=1.
std::vector<std::string> UnknownOptions(std::string_view text);

// Returns why a log with this beginning cannot be read as text, and what to do; empty if it can be read.
std::string_view WhyNotText(std::string_view beginning);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_TELLTALES_H_
