#ifndef RACELAB_SANITIZERS_REPORT_ESCAPE_SEQUENCES_H_
#define RACELAB_SANITIZERS_REPORT_ESCAPE_SEQUENCES_H_

#include <string>
#include <string_view>

namespace racelab {

// `text` without a terminal's escape sequences (ECMA-48: colours, hyperlinks and the like). Uses `buffer` if there are
// any. No sequence reaches beyond the end of its line: the result has the same lines.
std::string_view WithoutEscapeSequences(std::string_view text, std::string& buffer);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_ESCAPE_SEQUENCES_H_
