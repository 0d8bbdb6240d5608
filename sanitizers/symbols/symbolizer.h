#ifndef RACELAB_SANITIZERS_SYMBOLS_SYMBOLIZER_H_
#define RACELAB_SANITIZERS_SYMBOLS_SYMBOLIZER_H_

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace racelab {

// A question to a symbolizer: what is at this offset in this program or library?
struct Question {
  enum class Kind { kCode, kData };

  Kind kind = Kind::kCode;
  std::string module;  // a path
  std::uint64_t offset = 0;

  friend auto operator<=>(const Question&, const Question&) = default;
};

// What it says: pairs of lines. Of code a function and its file:line, from the innermost outwards; of data a name and
// "start size". What it does not know is "??".
using Answer = std::vector<std::pair<std::string, std::string>>;

using Answers = std::map<Question, Answer>;

// Asks llvm-symbolizer or, where there is none, addr2line, which knows nothing of data. Remembers the answers, so that
// a program that is run a thousand times is looked at once, until the module's file changes. Relative paths are looked
// for in `directory`. Questions that get no answer are left out. May be called from several threads at once.
Answers AskSymbolizer(const std::set<Question>& questions, const std::string& directory);

// An llvm-symbolizer, the one without a version in its name first, then the newest; empty if there is none.
std::string FindSymbolizer();

// Whether there is a tool to ask.
bool HasSymbolizer();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_SYMBOLIZER_H_
