// A dead-link checker: 24 links to a small server, which this program itself runs and which answers each after 50 ms;
// and then a whole site, of which a proxy remembers all answers.

#include <link_checker.h>  // In angle brackets: the include path decides which variant of it is built.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "labs/first_threads/overlapped_io/http_links.h"

namespace {

using http_links::kDelay;
using http_links::kLinks;

constexpr int kNights = 40;
constexpr int kSite = 100'000;  // The links of the whole site.

using Clock = std::chrono::steady_clock;
using Dead = std::vector<int>;

Dead OneAfterTheOther(Wire& wire, int links) {
  Dead dead;
  for (int link = 0; link < links; ++link) {
    if (!wire.IsAlive(link)) dead.push_back(link);
  }
  return dead;
}

// The same with a thread for each link, and a lock that is held while its server has not answered.
Dead UnderOneLock(Wire& wire, int links) {
  std::mutex mutex;
  Dead dead;
  std::vector<std::thread> threads;
  for (int link = 0; link < links; ++link) {
    threads.emplace_back([&, link] {
      std::lock_guard lock(mutex);
      if (!wire.IsAlive(link)) dead.push_back(link);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return dead;
}

Dead AtOnce(Wire& wire, int links) { return LinkChecker(wire, kLinks).DeadLinks(links); }

// Prints a row of the table; returns the milliseconds.
long long Print(const char* what, Wire& wire, Dead (*find)(Wire& wire, int links)) {
  const Clock::time_point began = Clock::now();
  const Dead dead = find(wire, kLinks);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began).count();
  std::printf("%-28s %5lld ms %6zu\n", what, static_cast<long long>(took), dead.size());
  return took;
}

// A proxy that remembers the answers of a whole site: one link in 250 is dead.
class Proxy : public Wire {
 public:
  bool IsAlive(int link) override {
    std::uint32_t hash = static_cast<std::uint32_t>(link);
    for (int round = 0; round < 8; ++round) hash = (hash ^ hash >> 15) * 0x2c1b3c6du + 1;
    return hash % 250 != 0;
  }
};

}  // namespace

int main() {
  http_links::Server server;
  http_links::HttpWire wire(server.port());
  if (server.port() <= 0 || !wire.Open()) {
    std::printf(
        "no HTTP on 127.0.0.1: is the loopback interface up (ip link set lo up), and may programs listen there?\n");
    return 1;
  }
  std::printf("%d links, %d ms each%15s          dead\n", kLinks, static_cast<int>(kDelay.count()), "");
  const long long serial = Print("one after the other", wire, OneAfterTheOther);
  Print("a lock held across the wait", wire, UnderOneLock);
  const long long overlapped = Print("LinkChecker", wire, AtOnce);

  Proxy proxy;
  const Dead dead = OneAfterTheOther(proxy, kSite);
  Dead found = dead;
  for (int night = 0; night < kNights && found == dead; ++night) found = AtOnce(proxy, kSite);
  std::printf("\n%d links, from the proxy                dead\n", kSite);
  std::printf("one after the other                   %6zu\nLinkChecker                           %6zu\n", dead.size(),
              found.size());
  return found == dead && overlapped < serial / 2 ? 0 : 1;
}
