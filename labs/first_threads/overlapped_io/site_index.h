#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is finished as soon as the slowest page has come.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each page, in the order of page numbers.
  std::vector<Entry> Build(int pages) {
    entries_.assign(pages, Entry());
    arrived_ = 0;
    std::vector<std::thread> threads;
    for (int page = 1; page <= pages; ++page) threads.emplace_back(&SiteIndex::Add, this, page);
    for (std::thread& thread : threads) thread.join();
    entries_.resize(arrived_);
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.page < b.page; });
    return entries_;
  }

 private:
  void Add(int page) {
    const std::string text = wire_.Fetch(page);
    Entry& entry = entries_[arrived_];
    entry.page = page;
    entry.words = CountWords(text);
    ++arrived_;
  }

  Wire& wire_;
  std::vector<Entry> entries_;  // Full size from the start; filled in the order in which the pages arrive.
  std::size_t arrived_ = 0;
};

#endif  // RACELAB_SITE_INDEX_H_
