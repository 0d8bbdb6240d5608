// Two threads use libstdc++'s character cache, which has a data race only formally. Wrong: the program also has its own
// bug, which the search finds only if it continues.

#undef NDEBUG
#include <atomic>
#include <cassert>
#include <cstring>
#include <locale>
#include <thread>

int main(int argc, char** argv) {
  const bool right = argc > 1 && std::strcmp(argv[1], "right") == 0;
  std::atomic<int> last{0};
  const auto look = [&](int number) {
    const auto& characters = std::use_facet<std::ctype<char>>(std::locale::classic());
    assert(characters.narrow('x', '\0') == 'x');
    last = number;
  };
  std::thread one(look, 1), two(look, 2);
  one.join();
  two.join();
  assert(right || last == 2);
}
