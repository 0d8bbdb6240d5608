#ifndef RACELAB_PRICE_CACHE_H_
#define RACELAB_PRICE_CACHE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

// The prices of a shop's articles, numbered from 0: kept in memory, because the database is slow.
//
// Safe to use from any number of threads at once. Several threads may call WarmUp() and share the work, and customers
// need not wait: every price is right at any time.
//
// Each price is an atomic that says itself whether it is loaded: a value that no price has means "not yet". All orders
// are relaxed, because a price stands alone: its reader needs no other memory to use it. If it were a pointer to an
// article, its store would have to be a release, and its load an acquire. Each count is an atomic as well, but the
// three counts are not read at one instant.
class PriceCache {
 public:
  struct Statistics {
    std::int64_t loaded = 0;  // prices put into the cache
    std::int64_t hits = 0;    // lookups answered by the cache
    std::int64_t misses = 0;  // lookups answered by the database
  };

  // `database` returns the price of an article, in cents, and may be called by several threads at once.
  PriceCache(int articles, std::function<int(int article)> database)
      : database_(std::move(database)), prices_(articles) {
    for (std::atomic<int>& price : prices_) price.store(kNotLoaded, std::memory_order_relaxed);
  }

  // Loads one price after the other, until every price has been loaded or another thread is loading it. Relaxed.
  void WarmUp() {
    // Looks before it adds: `next_` would otherwise grow with each call, and one day wrap.
    while (next_.load(std::memory_order_relaxed) < Articles()) {
      const int article = next_.fetch_add(1, std::memory_order_relaxed);
      if (article >= Articles()) return;                                      // Another thread has taken the last one.
      prices_[article].store(database_(article), std::memory_order_relaxed);  // For the load in Price().
      loaded_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  // The price of an article, in cents. Relaxed.
  int Price(int article) {
    const int kept = prices_[article].load(std::memory_order_relaxed);  // From the store in WarmUp().
    (kept == kNotLoaded ? misses_ : hits_).fetch_add(1, std::memory_order_relaxed);
    return kept == kNotLoaded ? database_(article) : kept;
  }

  // The counts are complete once the counting threads have been joined. Relaxed.
  Statistics Counted() const {
    return {.loaded = loaded_.load(std::memory_order_relaxed),
            .hits = hits_.load(std::memory_order_relaxed),
            .misses = misses_.load(std::memory_order_relaxed)};
  }

 private:
  static constexpr int kNotLoaded = -1;  // No price is negative.

  int Articles() const { return static_cast<int>(prices_.size()); }

  const std::function<int(int)> database_;
  std::vector<std::atomic<int>> prices_;
  std::atomic<int> next_ = 0;  // Hands out each number once; does not say which are loaded.
  std::atomic<std::int64_t> loaded_ = 0;
  std::atomic<std::int64_t> hits_ = 0;
  std::atomic<std::int64_t> misses_ = 0;
};

#endif  // RACELAB_PRICE_CACHE_H_
