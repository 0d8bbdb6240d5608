#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is finished as soon as the slowest page has come.
//
// The number of the next free place goes up in one indivisible step, so no two pages are given the same place; the
// places are read only when all threads have been joined. No thread ever waits for anything but its page.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each page, in the order of page numbers.
  std::vector<Entry> Build(int pages) {
    entries_.assign(pages, Entry());
    arrived_.store(0, std::memory_order_relaxed);  // No thread has started yet: thread creation hands it over.
    std::vector<std::thread> threads;
    for (int page = 1; page <= pages; ++page) threads.emplace_back(&SiteIndex::Add, this, page);
    for (std::thread& thread : threads) thread.join();
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.page < b.page; });
    return entries_;
  }

 private:
  void Add(int page) {
    const int words = CountWords(wire_.Fetch(page));
    // Relaxed: the number only has to differ from everybody else's; the join hands over the contents of the place.
    entries_[arrived_.fetch_add(1, std::memory_order_relaxed)] = {page, words};
  }

  Wire& wire_;
  std::vector<Entry> entries_;  // Full size from the start; filled in the order in which the pages arrive.
  std::atomic<std::size_t> arrived_ = 0;
};

#endif  // RACELAB_SITE_INDEX_H_
