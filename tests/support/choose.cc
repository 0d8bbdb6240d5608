#include "tests/support/choose.h"

#include <stdexcept>
#include <vector>

#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

constexpr int kMostCombinations = 100'000;

struct Choice {
  int value, count;
};

// Choices as the digits of a number that counts up: each combination occurs once; the latest choice changes fastest.
struct Choices {
  std::vector<Choice> made;
  std::size_t next = 0;

  int Choose(int count) {
    if (next == made.size()) made.push_back({0, count});
    const Choice& choice = made[next++];
    if (choice.count != count) throw std::logic_error("Choose(): the scenario asks for something else when repeated");
    return choice.value;
  }

  // Returns false after the last combination.
  bool Advance() {
    next = 0;
    while (!made.empty() && made.back().value + 1 == made.back().count) made.pop_back();
    if (made.empty()) return false;
    ++made.back().value;
    return true;
  }
};

// Looked up before any scenario begins: the guard of a local static would be one more step of each thread that chooses.
const auto choose_in_exploration = FindInSecondRuntime<int(int)>("racelab_interleave_choose");

Choices* choices = nullptr;  // Of the running Interleavings(); used by the scenario's own thread only.

}  // namespace

int Choose(int count) {
  if (choose_in_exploration != nullptr) return choose_in_exploration(count);
  return choices == nullptr || count == 1 ? 0 : choices->Choose(count);
}

void ForEveryChoice(int least, absl::FunctionRef<bool(int repetition)> scenario) {
  Choices of_this;
  choices = &of_this;
  bool more = true;
  for (int i = 0; more || i < least; ++i) {
    if (i == kMostCombinations) throw std::logic_error("Choose(): too many combinations; make the scenario smaller");
    if (!scenario(i)) break;
    more = of_this.Advance();
  }
  choices = nullptr;
}

}  // namespace racelab
