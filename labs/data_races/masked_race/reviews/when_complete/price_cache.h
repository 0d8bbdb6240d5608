#ifndef RACELAB_PRICE_CACHE_H_
#define RACELAB_PRICE_CACHE_H_

#include <atomic>
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
// concludes from a handed-out number that a price is loaded; the price's own place says so, and it is read under the
// same lock under which it was written. The lock is not held while the database is asked. Once the last price has been
// loaded, prices are read without it.
class PriceCache {
 public:
  struct Statistics {
    std::int64_t loaded = 0;  // prices put into the cache
    std::int64_t hits = 0;    // lookups answered by the cache
    std::int64_t misses = 0;  // lookups answered by the database
  };

  // `database` returns the price of an article, in cents, and may be called by several threads at once.
  PriceCache(int articles, std::function<int(int article)> database)
      : database_(std::move(database)), articles_(articles), prices_(articles) {}

  // Loads one price after the other, until every price has been loaded or another thread is loading it.
  void WarmUp() {
    while (const std::optional<int> article = Next()) Keep(*article, database_(*article));
  }

  // The price of an article, in cents.
  int Price(int article) {
    if (complete_.load(std::memory_order_acquire)) return Loaded(article);
    const std::optional<int> kept = Find(article);
    return kept ? *kept : database_(article);
  }

  Statistics Counted() const {
    absl::MutexLock lock(&mutex_);
    Statistics counted = statistics_;
    counted.hits += hits_when_complete_.load(std::memory_order_relaxed);
    return counted;
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
    if (++statistics_.loaded == articles_) complete_.store(true, std::memory_order_release);
  }

  std::optional<int> Find(int article) {
    absl::MutexLock lock(&mutex_);
    ++(prices_[article] ? statistics_.hits : statistics_.misses);
    return prices_[article];
  }

  int Loaded(int article) ABSL_NO_THREAD_SAFETY_ANALYSIS {
    hits_when_complete_.fetch_add(1, std::memory_order_relaxed);
    return *prices_[article];
  }

  const std::function<int(int)> database_;
  const int articles_;
  mutable absl::Mutex mutex_;  // Not held while the database is asked.
  std::vector<std::optional<int>> prices_ ABSL_GUARDED_BY(mutex_);
  int next_ ABSL_GUARDED_BY(mutex_) = 0;
  Statistics statistics_ ABSL_GUARDED_BY(mutex_);
  std::atomic<bool> complete_ = false;
  std::atomic<std::int64_t> hits_when_complete_ = 0;
};

#endif  // RACELAB_PRICE_CACHE_H_
