#ifndef RACELAB_SANITIZERS_PARTICIPANT_SCREEN_PARTS_H_
#define RACELAB_SANITIZERS_PARTICIPANT_SCREEN_PARTS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/racelab/terminal.h"

namespace racelab {

// The number of lines that the text takes on a screen.
size_t LinesIn(std::string_view text, int columns);

// The first lines of the text, as many as fit into `rows` rows. If others are left out that are not empty, the last row
// is a mark instead.
std::string FirstRows(std::string_view text, int rows, int columns);

// The list of keys at the bottom of a screen, "s story  h hint", broken between two keys.
std::string KeysText(const std::vector<std::string_view>& keys, int columns);

// A paragraph of a screen, indented by two.
std::string Paragraph(Colour colour, std::string_view text, int columns);

// The first `count` lines, each cut at the screen's edge.
std::string Cut(std::string_view text, size_t count, int columns);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_SCREEN_PARTS_H_
