#ifndef RACELAB_PRICE_CACHE_H_
#define RACELAB_PRICE_CACHE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

// The prices of a shop's articles, numbered from 0: kept in memory, because the database is slow.
//
// Safe to use from any number of threads at once. Several threads may call WarmUp() and share the work, and customers
// need not wait: every price is right at any time.
class PriceCache {
 public:
  struct Statistics {
    std::int64_t loaded = 0;  // prices put into the cache
    std::int64_t hits = 0;    // lookups answered by the cache
    std::int64_t misses = 0;  // lookups answered by the database
  };

  // `database` returns the price of an article, in cents, and may be called by several threads at once.
  PriceCache(int articles, std::function<int(int article)> database)
      : database_(std::move(database)), prices_(articles) {}

  // Loads one price after the other, until every price has been loaded or another thread is loading it.
  void WarmUp() {
    // Looks before it adds: `next_` would otherwise grow with each call, and one day wrap.
    while (next_.load(std::memory_order_relaxed) < Articles()) {
      const int article = next_.fetch_add(1, std::memory_order_relaxed);
      if (article >= Articles()) return;  // Another thread has taken the last one.
      prices_[article] = database_(article);
      Count(&Statistics::loaded);
    }
  }

  // The price of an article, in cents.
  int Price(int article) {
    if (article >= next_.load(std::memory_order_relaxed)) {
      Count(&Statistics::misses);
      return database_(article);
    }
    Count(&Statistics::hits);
    return prices_[article];
  }

  Statistics Counted() const {
    std::lock_guard lock(statistics_mutex_);
    return statistics_;
  }

 private:
  int Articles() const { return static_cast<int>(prices_.size()); }

  void Count(std::int64_t Statistics::* what) {
    std::lock_guard lock(statistics_mutex_);
    ++(statistics_.*what);
  }

  const std::function<int(int)> database_;
  std::vector<int> prices_;
  std::atomic<int> next_ = 0;  // All before it are loaded. Relaxed: it only has to hand out each number once.
  mutable std::mutex statistics_mutex_;
  Statistics statistics_;
};

#endif  // RACELAB_PRICE_CACHE_H_
