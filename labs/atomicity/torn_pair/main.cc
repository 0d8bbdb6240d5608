// A trader's screen: one thread takes the quotes of a share from the exchange, and the screen shows the latest, again
// and again. The exchange never sends a crossed quote: if anybody asks for less than somebody bids, they trade at once.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <top_of_book.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 5;
constexpr int kQuotes = 1'000'000;

// A day's quotes: the price goes up and down by a few cents, and the ask is always a cent above the bid.
std::vector<TopOfBook::Quote> Exchange() {
  std::vector<TopOfBook::Quote> quotes;
  std::uint32_t news = 1;
  for (int bid = 10'000; quotes.size() < kQuotes; quotes.push_back({bid, bid + 1})) {
    news = news * 1664525 + 1013904223;  // Numerical Recipes' linear congruential generator.
    bid = std::clamp(bid + static_cast<int>(news >> 29) - 3, 9'000, 11'000);
  }
  return quotes;
}

// Shows a day's quotes; returns the first crossed one, or the last.
TopOfBook::Quote Watch(const std::vector<TopOfBook::Quote>& quotes) {
  TopOfBook book(quotes.front());
  std::atomic<bool> closed = false;
  std::thread feed([&] {
    for (const TopOfBook::Quote& quote : quotes) book.Set(quote);
    closed = true;
  });

  TopOfBook::Quote shown = book.Read();
  while (shown.bid < shown.ask && !closed) shown = book.Read();
  feed.join();
  return shown;
}

}  // namespace

int main() {
  const std::vector<TopOfBook::Quote> quotes = Exchange();
  for (int day = 1; day <= kDays; ++day) {
    const TopOfBook::Quote shown = Watch(quotes);
    if (shown.bid < shown.ask) continue;
    std::printf("the screen shows a crossed market: %.2f bid, %.2f ask\n", shown.bid / 100.0, shown.ask / 100.0);
    std::printf("the exchange sent %.2f only with %.2f, and %.2f only with %.2f\n", shown.bid / 100.0,
                (shown.bid + 1) / 100.0, shown.ask / 100.0, (shown.ask - 1) / 100.0);
    return 1;
  }
  std::printf("%d days, %d quotes each, and never a crossed market\n", kDays, kQuotes);
  return 0;
}
