#ifndef RACELAB_SANITIZERS_GATE_TELLTALES_H_
#define RACELAB_SANITIZERS_GATE_TELLTALES_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace racelab {

// Looks for words in a log that are not part of ThreadSanitizer's reports, but without which nobody may say that
// nothing was found: other tools' reports, and those that ThreadSanitizer could not write.
class Telltales {
 public:
  // May end anywhere, also in the middle of a word.
  void Feed(std::string_view piece);

  // The tools that have reported races, such as "Helgrind", which are not read here.
  const std::set<std::string>& other_tools() const { return other_tools_; }

  // Whether a process could not open the file of its reports, so that they are lost.
  bool lost_reports() const { return lost_reports_; }

 private:
  void Search(std::string_view text);

  std::string end_;  // of what was fed
  std::set<std::string> other_tools_;
  bool lost_reports_ = false;
};

// The options that ThreadSanitizer does not know, as it says with verbosity=1.
std::vector<std::string> UnknownOptions(std::string_view text);

// Why a log that begins like this cannot be read as text, and what to do; empty if it can.
std::string_view WhyNotText(std::string_view beginning);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_GATE_TELLTALES_H_
