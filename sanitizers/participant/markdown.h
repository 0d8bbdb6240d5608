#ifndef RACELAB_SANITIZERS_PARTICIPANT_MARKDOWN_H_
#define RACELAB_SANITIZERS_PARTICIPANT_MARKDOWN_H_

#include <string>
#include <string_view>

namespace racelab {

// A Markdown text (CommonMark, and GitHub's tables) for a terminal that is `columns` wide. Code is never broken; a
// wide table's cells are.
std::string RenderMarkdown(std::string_view markdown, int columns);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_MARKDOWN_H_
