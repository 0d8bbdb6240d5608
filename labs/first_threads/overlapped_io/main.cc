// A small site, which this program itself serves over HTTP, each page after 50 ms; and three ways to index it.

#include <site_index.h>  // In angle brackets: the include path decides which variant of it is built.

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/http_site.h"

namespace {

using http_site::kDelay;
using http_site::kPages;
using http_site::kWords;

constexpr int kAttempts = 12;  // To build the index.

using Clock = std::chrono::steady_clock;

bool IsWhole(const std::string& text) { return text.size() == 5 * kWords; }

// Returns how many pages came whole.
int OneAfterTheOther(Wire& wire) {
  int pages = 0;
  for (int page = 1; page <= kPages; ++page) pages += IsWhole(wire.Fetch(page));
  return pages;
}

// The same with a thread for each page, and a lock that is held while a page is on its way.
int UnderOneLock(Wire& wire) {
  std::mutex mutex;
  int pages = 0;
  std::vector<std::thread> threads;
  for (int page = 1; page <= kPages; ++page) {
    threads.emplace_back([&, page] {
      std::lock_guard lock(mutex);
      pages += IsWhole(wire.Fetch(page));
    });
  }
  for (std::thread& thread : threads) thread.join();
  return pages;
}

// Returns how many pages have a right entry in the index.
int Indexed(Wire& wire) {
  int pages = 0;
  std::vector<bool> seen(kPages + 1);
  for (const Entry& entry : SiteIndex(wire).Build(kPages)) {
    if (entry.page < 1 || entry.page > kPages || entry.words != kWords || seen[entry.page]) continue;
    seen[entry.page] = true;
    ++pages;
  }
  return pages;
}

struct Row {
  int pages;
  long long milliseconds;
};

template <typename Function>
Row Print(const char* what, Wire& wire, Function function) {
  const Clock::time_point began = Clock::now();
  const int pages = function(wire);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
  if (what != nullptr)
    std::printf("%-28s %5lld ms   %2d %9d\n", what, static_cast<long long>(took), pages, kPages - pages);
  return {pages, took};
}

}  // namespace

int main() {
  http_site::Site site;
  http_site::HttpWire wire(site.port());
  if (site.port() <= 0 || !wire.Open()) {
    std::printf(
        "no HTTP on 127.0.0.1: is the loopback interface up (ip link set lo up), and may programs listen there?\n");
    return 1;
  }
  std::printf("%d pages, %d ms each%15s pages   missing\n", kPages, static_cast<int>(kDelay.count()), "");
  const Row serial = Print("one after the other", wire, OneAfterTheOther);
  Print("a lock held across the wait", wire, UnderOneLock);
  Row index = {kPages, 0};
  for (int attempt = 0; index.pages == kPages && attempt < kAttempts; ++attempt) index = Print(nullptr, wire, Indexed);
  std::printf("%-28s %5lld ms   %2d %9d\n", "SiteIndex", index.milliseconds, index.pages, kPages - index.pages);
  return index.pages == kPages && index.milliseconds < serial.milliseconds / 2 ? 0 : 1;
}
