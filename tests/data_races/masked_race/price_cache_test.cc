#include <price_cache.h>

#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

// A quick database, in which no price is 0.
int Database(int article) { return 100 + article; }

// The customer of a quiet day comes when the cache is warm, and that is the run that ThreadSanitizer sees. (A HandShake
// orders nothing for it; what does is in the cache.) To the runtime that runs every interleaving no day is quiet.
void ComeAsUsual(HandShake& warm) { warm.AwaitBriefly(); }

TEST(PriceCache, AsksTheDatabaseWhileItIsCold) {
  PriceCache cache(2, Database);
  EXPECT_EQ(cache.Price(1), 101);
  EXPECT_EQ(cache.Counted().misses, 1);
  EXPECT_EQ(cache.Counted().hits, 0);
}

RACELAB_PROPERTY(PriceCache, IsTheDatabaseOnOneThreadButForTheCounts, (const std::vector<bool>& operations)) {
  constexpr int kArticles = 5;
  PriceCache cache(kArticles, Database);
  bool warm = false;
  int hits = 0, misses = 0;
  for (const bool look_up : operations) {
    if (look_up) {
      const int article = *rc::gen::inRange(0, kArticles);
      RC_ASSERT(cache.Price(article) == Database(article));
      ++(warm ? hits : misses);
    } else {
      cache.WarmUp();
      warm = true;
    }
    RC_ASSERT(cache.Counted().hits == hits);
    RC_ASSERT(cache.Counted().misses == misses);
    RC_ASSERT(cache.Counted().loaded == (warm ? kArticles : 0));
  }
}

TEST(PriceCache, KnowsThePriceWhileItIsLoaded) {
  Interleavings([] {
    PriceCache cache(1, Database);
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

}  // namespace
}  // namespace racelab
