#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is finished as soon as the slowest page has come.
//
// The page's number is its place among the entries, and only the thread that fetches the page writes there. So no two
// threads touch the same memory until all have been joined; the join hands the entries over. Nothing needs protection,
// and nothing needs sorting.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each page, in the order of page numbers.
  std::vector<Entry> Build(int pages) {
    entries_.assign(pages, Entry());
    std::vector<std::thread> threads;
    for (int page = 1; page <= pages; ++page) threads.emplace_back(&SiteIndex::Add, this, page);
    for (std::thread& thread : threads) thread.join();
    return entries_;
  }

 private:
  void Add(int page) { entries_[page - 1] = {page, CountWords(wire_.Fetch(page))}; }

  Wire& wire_;
  std::vector<Entry> entries_;  // Full size from the start: adding one could move the others.
};

#endif  // RACELAB_SITE_INDEX_H_
