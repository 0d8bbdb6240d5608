#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is finished as soon as the slowest page has come.
//
// Each page is fetched, counted and recorded under one lock.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each page, in the order of page numbers.
  std::vector<Entry> Build(int pages) {
    {
      absl::MutexLock lock(&mutex_);
      entries_.clear();
    }
    std::vector<std::thread> threads;
    for (int page = 1; page <= pages; ++page) threads.emplace_back(&SiteIndex::Add, this, page);
    for (std::thread& thread : threads) thread.join();
    absl::MutexLock lock(&mutex_);
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.page < b.page; });
    return entries_;
  }

 private:
  void Add(int page) {
    absl::MutexLock lock(&mutex_);
    const std::string text = wire_.Fetch(page);
    entries_.push_back({page, CountWords(text)});
  }

  Wire& wire_;
  absl::Mutex mutex_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // In the order in which the pages arrived.
};

#endif  // RACELAB_SITE_INDEX_H_
