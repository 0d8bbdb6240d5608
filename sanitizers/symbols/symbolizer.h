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

// The symbolizer's answer: pairs of lines. For code, a function and its file:line, from the innermost outwards; for
// data, a name and "start size". Unknown values are "??".
using Answer = std::vector<std::pair<std::string, std::string>>;

using Answers = std::map<Question, Answer>;

// Asks llvm-symbolizer or, if there is none, addr2line, which cannot answer questions about data. Caches the answers
// about the most recently used modules until their files change, so that a program that is run a thousand times is
// looked up once. Relative paths are looked up in `directory`. Questions without an answer are left out. May be called
// from several threads at once.
Answers AskSymbolizer(const std::set<Question>& questions, const std::string& directory);

// The path of llvm-symbolizer: preferably the one without a version in its name, otherwise the newest; empty if there
// is none.
std::string FindSymbolizer();

// Whether there is a symbolizer to ask.
bool HasSymbolizer();

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_SYMBOLS_SYMBOLIZER_H_
