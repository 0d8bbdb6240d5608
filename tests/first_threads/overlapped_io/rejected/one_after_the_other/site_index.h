#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <vector>

#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is finished as soon as the slowest page has come.
//
// One thread does everything, so there is nothing to race with.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each page, in the order of page numbers.
  std::vector<Entry> Build(int pages) {
    std::vector<Entry> entries;
    for (int page = 1; page <= pages; ++page) entries.push_back({page, CountWords(wire_.Fetch(page))});
    return entries;
  }

 private:
  Wire& wire_;
};

#endif  // RACELAB_SITE_INDEX_H_
