// A shop that opens, day after day, while its price cache is still being filled: two threads load prices, and a
// customer goes through the catalogue.

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <price_cache.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 100;
constexpr int kArticles = 2'000;

// The price of an article, in cents, as the database reads it from its rows of text.
int AskDatabase(int article) {
  std::string row;
  for (int column = 0; column < 10; ++column) row += std::to_string(article + column) + ";";
  return 100 + std::stoi(row) % 900;
}

}  // namespace

int main() {
  std::vector<int> catalogue;
  for (int article = 0; article < kArticles; ++article) catalogue.push_back(AskDatabase(article));

  for (int day = 1; day <= kDays; ++day) {
    PriceCache prices(kArticles, AskDatabase);
    std::vector<int> seen;
    std::thread warm_up([&] { prices.WarmUp(); });
    std::thread also_warm_up([&] { prices.WarmUp(); });
    for (int article = 0; article < kArticles; ++article) seen.push_back(prices.Price(article));
    warm_up.join();
    also_warm_up.join();

    for (int article = 0; article < kArticles; ++article) {
      if (seen[article] == catalogue[article]) continue;
      std::printf("day %d: article %d costs %d cents, and was shown for %d\n", day, article, catalogue[article],
                  seen[article]);
      return 1;
    }
  }
  std::printf("%d days: all of %d prices were shown as they are\n", kDays, kArticles);
  return 0;
}
