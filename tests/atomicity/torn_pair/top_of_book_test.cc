#include <top_of_book.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Quote = TopOfBook::Quote;

constexpr Quote kLow = {10, 11};
constexpr Quote kHigh = {30, 35};

// Whether `seen` is one of the quotes that there have been. The contract: "the two prices of one instant".
testing::AssertionResult IsOneOf(const std::vector<Quote>& quotes, Quote seen) {
  if (std::find(quotes.begin(), quotes.end(), seen) != quotes.end()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << seen.bid << " bid and " << seen.ask
                                     << " ask are not \"the two prices of one instant\"";
}

constexpr char kNoneOlder[] = "not \"none older than one that the same thread has already read\"";

TEST(TopOfBook, BeginsWithTheFirstQuote) { EXPECT_EQ(TopOfBook(kLow).Read(), kLow); }

TEST(TopOfBook, ShowsTheLastQuoteOnOneThread) {
  constexpr Values kPrices = {-2'000'000'000, 2'000'000'000};
  ForRandomSteps({{"Set", kPrices, {1, 100}}}, 50, [&](Steps& steps) {
    TopOfBook book(kLow);
    for (const Step& step : steps) {
      const auto& [what, bid, spread, unused] = step;
      const Quote quote = {bid, bid + spread};
      book.Set(quote);
      steps.Shows("bid", book.Read().bid, quote.bid);
      steps.Shows("ask", book.Read().ask, quote.ask);
    }
  });
}

TEST(TopOfBook, ShowsOnlyQuotesThatThereHaveBeenWhenPricesRise) {
  Interleavings([] {
    TopOfBook book(kLow);
    Quote seen = {};
    RunTogether([&] { book.Set(kHigh); }, [&] { seen = book.Read(); });
    EXPECT_TRUE(IsOneOf({kLow, kHigh}, seen));
    EXPECT_EQ(book.Read(), kHigh);
  });
}

TEST(TopOfBook, ShowsOnlyQuotesThatThereHaveBeenWhenPricesFall) {
  Interleavings([] {
    TopOfBook book(kHigh);
    Quote seen = {};
    RunTogether([&] { book.Set(kLow); }, [&] { seen = book.Read(); });
    EXPECT_TRUE(IsOneOf({kHigh, kLow}, seen));
    EXPECT_EQ(book.Read(), kLow);
  });
}

TEST(TopOfBook, ShowsOnlyQuotesThatThereHaveBeenWhenAPriceComesBack) {
  Interleavings([] {
    TopOfBook book(kLow);
    Quote seen = {};
    RunTogether(
        [&] {
          book.Set(kHigh);
          book.Set(kLow);
        },
        [&] { seen = book.Read(); });
    EXPECT_TRUE(IsOneOf({kLow, kHigh}, seen));
  });
}

TEST(TopOfBook, NeverGoesBackToAnEarlierQuote) {
  Interleavings([] {
    TopOfBook book(kLow);
    std::array<Quote, 2> seen = {};
    RunTogether([&] { book.Set(kHigh); }, [&] { seen = {book.Read(), book.Read()}; });
    for (const Quote& quote : seen) EXPECT_TRUE(IsOneOf({kLow, kHigh}, quote));
    EXPECT_LE(seen[0].bid, seen[1].bid) << kNoneOlder;
  });
}

// So many that they overwrite what a slow reader is reading, if only some quotes are kept.
TEST(TopOfBook, ShowsOnlyQuotesThatThereHaveBeenHoweverManyAreSet) {
  Interleavings([] {
    std::vector<Quote> quotes = {kLow};
    const int many = UnderSecondRuntime() ? 3 : 100;  // ThreadSanitizer does not try every interleaving.
    for (int i = 1; i <= many; ++i) quotes.push_back({10 + 10 * i, 11 + 11 * i});
    TopOfBook book(kLow);
    Quote seen = {};
    RunTogether(
        [&] {
          for (size_t i = 1; i < quotes.size(); ++i) book.Set(quotes[i]);
        },
        [&] { seen = book.Read(); });
    EXPECT_TRUE(IsOneOf(quotes, seen));
  });
}

TEST(TopOfBook, NeverGoesBackBecauseAnotherReads) {
  Interleavings([] {
    TopOfBook book(kLow);
    book.Set(kHigh);
    std::array<Quote, 2> seen = {};
    RunTogether([&] { seen = {book.Read(), book.Read()}; }, [&] { book.Read(); });
    for (const Quote& quote : seen) EXPECT_TRUE(IsOneOf({kLow, kHigh}, quote));
    EXPECT_LE(seen[0].bid, seen[1].bid) << kNoneOlder;
  });
}

// The quote before the last is over before anybody reads.
TEST(TopOfBook, ShowsNoQuoteThatIsOverWhileTheNextIsSet) {
  Interleavings([] {
    constexpr Quote kNext = {20, 22};
    TopOfBook book(kLow);
    book.Set(kHigh);
    Quote seen = {};
    RunTogether([&] { book.Set(kNext); }, [&] { seen = book.Read(); });
    EXPECT_TRUE(IsOneOf({kHigh, kNext}, seen));
  });
}

TEST(TopOfBook, ShowsNoQuoteOfAnother) {
  Interleavings([] {
    TopOfBook book(kLow);
    const TopOfBook other(kHigh);
    Quote seen = {};
    RunTogether([&] { book.Set(kLow); }, [&] { other.Read(), seen = book.Read(); });
    EXPECT_EQ(seen, kLow) << "not \"a quote that was set\", but another book's";
  });
}

TEST(TopOfBook, ShowsPricesThatAreFarApart) {
  constexpr int kLowest = std::numeric_limits<int>::min();
  constexpr int kHighest = std::numeric_limits<int>::max();
  constexpr Quote kQuotes[] = {{0, 40'000}, {100, 200'000}, {-5, 20'000'000}, {0, kHighest}, {kLowest, kHighest}};
  TopOfBook book(kLow);
  for (const Quote& quote : kQuotes) {
    book.Set(quote);
    EXPECT_EQ(book.Read(), quote) << quote.bid << " bid and " << quote.ask << " ask";
    EXPECT_EQ(TopOfBook(quote).Read(), quote) << quote.bid << " bid and " << quote.ask << " ask";
  }
}

TEST(TopOfBook, GivesTheMemoryOfItsQuotesBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              TopOfBook book(kLow);
              book.Set(kHigh);
              book.Set(kLow);
            }),
            0);
}

}  // namespace
}  // namespace racelab
