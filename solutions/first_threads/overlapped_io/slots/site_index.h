#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is built as soon as the slowest page has come.
//
// Each page has a place of its own, which its number says, and only the thread that fetches it writes there. So no
// thread ever touches what another one touches, until all are joined; the join hands the entries over. Nothing has to
// be protected, and nothing to be sorted.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each of them, in the order of their numbers.
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
  std::vector<Entry> entries_;  // All there from the start: adding one could move the others.
};

#endif  // RACELAB_SITE_INDEX_H_
