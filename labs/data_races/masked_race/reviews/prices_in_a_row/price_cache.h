#ifndef RACELAB_PRICE_CACHE_H_
#define RACELAB_PRICE_CACHE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The prices of a shop's articles, numbered from 0: kept in memory, because the database is slow.
//
// Safe to use from any number of threads at once. Several threads may call WarmUp() and share the work, and customers
// need not wait: every price is right at any time.
//
// One mutex guards everything that changes: the next number to hand out, the prices, and the counts. Price() no longer
// concludes from a handed-out number that a price is loaded: the prices are kept in a row, in the order of the
// articles, and an article is loaded if its place is in the row. The lock is not held while the database is asked.
class PriceCache {
 public:
  struct Statistics {
    std::int64_t loaded = 0;  // prices put into the cache
    std::int64_t hits = 0;    // lookups answered by the cache
    std::int64_t misses = 0;  // lookups answered by the database
  };

  // `database` returns the price of an article, in cents, and may be called by several threads at once.
  PriceCache(int articles, std::function<int(int article)> database)
      : database_(std::move(database)), articles_(articles) {
    prices_.reserve(articles);
  }

  // Loads one price after the other, until every price has been loaded or another thread is loading it.
  void WarmUp() {
    while (const std::optional<int> article = Next()) Keep(database_(*article));
  }

  // The price of an article, in cents.
  int Price(int article) {
    const std::optional<int> kept = Find(article);
    return kept ? *kept : database_(article);
  }

  Statistics Counted() const {
    absl::MutexLock lock(&mutex_);
    return statistics_;
  }

 private:
  // The next article whose price is to be loaded; nothing if there is none.
  std::optional<int> Next() {
    absl::MutexLock lock(&mutex_);
    if (next_ == articles_) return std::nullopt;
    return next_++;
  }

  // Keeps the price of the next article.
  void Keep(int price) {
    absl::MutexLock lock(&mutex_);
    prices_.push_back(price);
    ++statistics_.loaded;
  }

  std::optional<int> Find(int article) {
    absl::MutexLock lock(&mutex_);
    const bool loaded = article < static_cast<int>(prices_.size());
    ++(loaded ? statistics_.hits : statistics_.misses);
    return loaded ? std::optional(prices_[article]) : std::nullopt;
  }

  const std::function<int(int)> database_;
  const int articles_;
  mutable absl::Mutex mutex_;  // Not held while the database is asked.
  std::vector<int> prices_ ABSL_GUARDED_BY(mutex_);
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
  Statistics statistics_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_PRICE_CACHE_H_
