#ifndef RACELAB_PRICE_CACHE_H_
#define RACELAB_PRICE_CACHE_H_

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// The prices of a shop's articles, numbered from 0: kept in memory, for its database is slow.
//
// Safe to use from any number of threads at once. Several may call WarmUp() and share the work, and customers need not
// wait for them: every price is right at any time.
//
// One mutex around all that changes: the next number to hand out, the prices, and the counts. Whether a price is loaded
// is no longer concluded from a number that was handed out; it is said by the price's own place, and whoever finds it
// there holds the lock under which it was put there. The lock is not held while the database is asked.
class PriceCache {
 public:
  struct Statistics {
    int loaded = 0;  // prices that have been put into the cache
    int hits = 0;    // lookups that the cache has answered
    int misses = 0;  // lookups that the database has answered
  };

  // `database` returns the price of an article, in cents, and may be called by several threads at once.
  PriceCache(int articles, std::function<int(int article)> database)
      : database_(std::move(database)), articles_(articles), prices_(articles) {}

  // Loads one price after the other until there is none left that nobody has loaded.
  void WarmUp() {
    while (const std::optional<int> article = Next()) Keep(*article, database_(*article));
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

  void Keep(int article, int price) {
    absl::MutexLock lock(&mutex_);
    prices_[article] = price;
    ++statistics_.loaded;
  }

  std::optional<int> Find(int article) {
    absl::MutexLock lock(&mutex_);
    ++(prices_[article] ? statistics_.hits : statistics_.misses);
    return prices_[article];
  }

  const std::function<int(int)> database_;
  const int articles_;
  mutable absl::Mutex mutex_;  // Not held while the database is asked.
  std::vector<std::optional<int>> prices_ ABSL_GUARDED_BY(mutex_);
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
  Statistics statistics_ ABSL_GUARDED_BY(mutex_);
};

#endif  // RACELAB_PRICE_CACHE_H_
