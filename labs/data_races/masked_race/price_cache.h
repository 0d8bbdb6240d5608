#ifndef RACELAB_PRICE_CACHE_H_
#define RACELAB_PRICE_CACHE_H_

#include <atomic>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

// The prices of a shop's articles, numbered from 0: kept in memory, for its database is slow.
//
// Safe to use from any number of threads at once. Several may call WarmUp() and share the work, and customers need not
// wait for them: every price is right at any time.
class PriceCache {
 public:
  struct Statistics {
    int loaded = 0;  // prices that have been put into the cache
    int hits = 0;    // lookups that the cache has answered
    int misses = 0;  // lookups that the database has answered
  };

  // `database` returns the price of an article, in cents, and may be called by several threads at once.
  PriceCache(int articles, std::function<int(int article)> database)
      : database_(std::move(database)), prices_(articles) {}

  // Loads one price after the other until there is none left that nobody has loaded.
  void WarmUp() {
    for (int article; (article = next_.fetch_add(1, std::memory_order_relaxed)) < Articles();) {
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

  void Count(int Statistics::* what) {
    std::lock_guard lock(statistics_mutex_);
    ++(statistics_.*what);
  }

  const std::function<int(int)> database_;
  std::vector<int> prices_;
  std::atomic<int> next_ = 0;  // Those before it are loaded. Relaxed: hands out each number once, in whatever order.
  mutable std::mutex statistics_mutex_;
  Statistics statistics_;
};

#endif  // RACELAB_PRICE_CACHE_H_
