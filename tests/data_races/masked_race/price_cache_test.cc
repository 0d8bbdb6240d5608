#include <price_cache.h>

#include <atomic>
#include <cstdint>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// A quick database, in which no price is 0.
int Database(int article) { return 100 + article; }

// On a quiet day, the customer comes when the cache is warm, and that is the run that ThreadSanitizer sees. (The
// HandShake orders nothing; something in the cache does.) The second runtime also runs the interleavings of busy days.
void ComeAsUsual(HandShake& warm) { warm.AwaitBriefly(); }

TEST(PriceCache, AsksTheDatabaseWhileItIsCold) {
  PriceCache cache(2, Database);
  EXPECT_EQ(cache.Price(1), 101);
  EXPECT_EQ(cache.Counted().misses, 1);
  EXPECT_EQ(cache.Counted().hits, 0);
}

TEST(PriceCache, IsTheDatabaseOnOneThreadButForTheCounts) {
  constexpr int kArticles = 5;
  enum { kPrice, kWarmUp };
  ForRandomSteps({{"Price", {0, kArticles}}, {"WarmUp"}}, 50, [](Steps& steps) {
    PriceCache cache(kArticles, Database);
    bool warm = false;
    int hits = 0, misses = 0;
    for (const Step& step : steps) {
      if (step.what == kPrice) {
        steps.Answers(cache.Price(step.value), Database(step.value));
        ++(warm ? hits : misses);
      } else {
        cache.WarmUp();
        warm = true;
      }
      steps.Shows("hits", cache.Counted().hits, hits);
      steps.Shows("misses", cache.Counted().misses, misses);
      steps.Shows("loaded", cache.Counted().loaded, warm ? kArticles : 0);
    }
  });
}

TEST(PriceCache, KnowsThePriceWhileItIsLoaded) {
  Interleavings([] {
    std::atomic<int> asked = 0;
    PriceCache cache(1, [&](int article) {
      asked.fetch_add(1, std::memory_order_relaxed);  // Relaxed: orders nothing that the cache does not.
      return Database(article);
    });
    int price = 0;
    HandShake warm;
    RunTogether(
        [&] {
          cache.WarmUp();
          warm.Signal();
        },
        [&] {
          ComeAsUsual(warm);
          price = cache.Price(0);
        });
    EXPECT_EQ(price, Database(0));
    EXPECT_EQ(cache.Price(0), Database(0));
    EXPECT_EQ(cache.Counted().hits + cache.Counted().misses, 2);
    EXPECT_EQ(cache.Counted().loaded + cache.Counted().misses, asked.load(std::memory_order_relaxed));
  });
}

TEST(PriceCache, IsLoadedOnceByTwoThreads) {
  Interleavings([] {
    PriceCache cache(2, Database);
    RunTogether([&] { cache.WarmUp(); }, [&] { cache.WarmUp(); });
    EXPECT_EQ(cache.Counted().loaded, 2);
    EXPECT_EQ(cache.Price(0), Database(0));
    EXPECT_EQ(cache.Price(1), Database(1));
    EXPECT_EQ(cache.Counted().hits, 2);
  });
}

// A busy day, which only the second runtime is to see: the second article may be loaded before the first.
TEST(PriceCache, KnowsThePriceWhileTwoThreadsLoad) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "the run that ThreadSanitizer sees is that of a quiet day";
  Interleavings([] {
    PriceCache cache(2, Database);
    int price = 0;
    RunTogether([&] { cache.WarmUp(); }, [&] { cache.WarmUp(); }, [&] { price = cache.Price(0); });
    EXPECT_EQ(price, Database(0));
  });
}

TEST(PriceCache, SaysHowManyAreLoadedMeanwhile) {
  Interleavings([] {
    PriceCache cache(1, Database);
    PriceCache::Statistics meanwhile;
    RunTogether([&] { cache.WarmUp(); }, [&] { meanwhile = cache.Counted(); });
    EXPECT_GE(meanwhile.loaded, 0);
    EXPECT_LE(meanwhile.loaded, 1);
    EXPECT_EQ(cache.Counted().loaded, 1);
  });
}

// Two customers ask for the same price, while somebody reads the counts.
void ServeTwoCustomers(PriceCache& cache, std::int64_t PriceCache::Statistics::* counted) {
  int first = 0, second = 0;
  PriceCache::Statistics meanwhile;
  RunTogether([&] { first = cache.Price(0); }, [&] { second = cache.Price(0); }, [&] { meanwhile = cache.Counted(); });
  EXPECT_EQ(first, Database(0));
  EXPECT_EQ(second, Database(0));
  EXPECT_GE(meanwhile.*counted, 0);
  EXPECT_LE(meanwhile.*counted, 2);
  EXPECT_EQ(cache.Counted().*counted, 2);
}

TEST(PriceCache, CountsTwoCustomersWhileItIsCold) {
  Interleavings([] {
    PriceCache cache(1, Database);
    ServeTwoCustomers(cache, &PriceCache::Statistics::misses);
  });
}

TEST(PriceCache, CountsTwoCustomersWhenItIsWarm) {
  Interleavings([] {
    PriceCache cache(1, Database);
    cache.WarmUp();
    ServeTwoCustomers(cache, &PriceCache::Statistics::hits);
  });
}

TEST(PriceCache, AnswersForAnArticleThatCostsNothing) {
  PriceCache cache(2, [](int) { return 0; });
  EXPECT_EQ(cache.Price(1), 0);
  cache.WarmUp();
  EXPECT_EQ(cache.Price(1), 0);
  EXPECT_EQ(cache.Counted().loaded, 2);
  EXPECT_EQ(cache.Counted().hits, 1);
  EXPECT_EQ(cache.Counted().misses, 1);
}

// In the next tests, the database is slow: it answers once something else has been done. A cache that does not do that
// before would wait for ever, which only the second runtime notices at once.
constexpr char kWaitsForEver[] = "only the second runtime notices at once that a thread waits for ever";

TEST(PriceCache, LetsNoCustomerWaitForAPriceThatIsBeingLoaded) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << kWaitsForEver;
  Interleavings([] {
    HandShake loading, served;
    std::atomic<int> asked = 0;
    PriceCache cache(1, [&](int article) {
      if (asked.fetch_add(1, std::memory_order_relaxed) == 0) {  // By WarmUp(), since the customer comes later.
        loading.Signal();
        served.Await();
      }
      return Database(article);
    });
    int price = 0;
    RunSimultaneously([&] { cache.WarmUp(); },
                      [&] {
                        loading.Await();
                        price = cache.Price(0);
                        served.Signal();
                      });
    EXPECT_EQ(price, Database(0));
    EXPECT_EQ(cache.Counted().loaded, 1);
  });
}

TEST(PriceCache, LetsTwoThreadsShareTheWork) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << kWaitsForEver;
  Interleavings([] {
    HandShake asked[2];
    PriceCache cache(2, [&](int article) {
      asked[article].Signal();
      asked[1 - article].Await();
      return Database(article);
    });
    RunSimultaneously([&] { cache.WarmUp(); }, [&] { cache.WarmUp(); });
    EXPECT_EQ(cache.Counted().loaded, 2);
  });
}

TEST(PriceCache, DoesNotWaitForThePriceThatAnotherThreadIsLoading) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << kWaitsForEver;
  Interleavings([] {
    HandShake loading, returned;
    PriceCache cache(1, [&](int article) {
      loading.Signal();
      returned.Await();
      return Database(article);
    });
    RunSimultaneously([&] { cache.WarmUp(); },
                      [&] {
                        loading.Await();
                        cache.WarmUp();
                        returned.Signal();
                      });
    EXPECT_EQ(cache.Counted().loaded, 1);
    EXPECT_EQ(cache.Price(0), Database(0));
  });
}

}  // namespace
}  // namespace racelab
