#ifndef RACELAB_SITE_INDEX_H_
#define RACELAB_SITE_INDEX_H_

#include <algorithm>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/entry.h"
#include "labs/first_threads/overlapped_io/wire.h"
#include "solutions/support/channel.h"

// The index of a site: how many words each of its pages has.
//
// The pages are fetched all at once, so that the index is finished as soon as the slowest page has come.
//
// The fetching threads share nothing but a channel, into which they send their entries. Only the thread that builds the
// index has them all; it can begin with the first entry while the last page is still on its way.
class SiteIndex {
 public:
  explicit SiteIndex(Wire& wire) : wire_(wire) {}

  // Fetches the pages 1 to `pages`; returns an entry for each page, in the order of page numbers.
  std::vector<Entry> Build(int pages) {
    std::vector<std::thread> threads;
    for (int page = 1; page <= pages; ++page) threads.emplace_back(&SiteIndex::Add, this, page);
    std::vector<Entry> entries;
    while (static_cast<int>(entries.size()) < pages) entries.push_back(*found_.Receive());
    for (std::thread& thread : threads) thread.join();
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.page < b.page; });
    return entries;
  }

 private:
  void Add(int page) { found_.Send({page, CountWords(wire_.Fetch(page))}); }

  Wire& wire_;
  Channel<Entry> found_;
};

#endif  // RACELAB_SITE_INDEX_H_
