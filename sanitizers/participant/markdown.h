#ifndef RACELAB_SANITIZERS_PARTICIPANT_MARKDOWN_H_
#define RACELAB_SANITIZERS_PARTICIPANT_MARKDOWN_H_

#include <string>
#include <string_view>

namespace racelab {

// Renders Markdown (CommonMark, and GitHub's tables) for a terminal with `columns` columns. Code is never broken; the
// cells of a wide table are.
std::string RenderMarkdown(std::string_view markdown, int columns);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_MARKDOWN_H_
