// A map in a car: four threads write the names of the places on it, all in one font. Then the car drives on, and one
// name after the other leaves the map.

#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include <shared_font.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kMaps = 20;
constexpr int kThreads = 4;
constexpr int kNamesPerThread = 20'000;

using Names = std::vector<SharedFont>;  // All that matters of a name here is the font that it is written in.

}  // namespace

int main() {
  for (int map = 1; map <= kMaps; ++map) {
    bool loaded = true;
    std::vector<Names> names(kThreads);
    {
      const SharedFont font(std::vector<int>(128, 7), [&] { loaded = false; });
      std::vector<std::thread> threads;
      for (Names& some : names) {
        threads.emplace_back([&] {
          some.reserve(kNamesPerThread);
          for (int i = 0; i < kNamesPerThread; ++i) some.push_back(font);
        });
      }
      for (std::thread& thread : threads) thread.join();
    }

    int left = kThreads * kNamesPerThread;
    for (Names& some : names) {
      for (; loaded && !some.empty(); --left) some.pop_back();
    }
    if (left > 0) {
      std::printf("map %d: the font was unloaded, and %d names on the map are empty boxes\n", map, left);
      std::exit(1);  // Takes down nothing that is still on the map.
    }
    if (loaded) {
      std::printf("map %d: no name is left, and the font is still loaded\n", map);
      return 1;
    }
  }
  std::printf("%d maps: the font was there for every name, and was unloaded with the last\n", kMaps);
  return 0;
}
