#include <site_index.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

constexpr std::chrono::milliseconds kDelay(50);

// A site whose pages have a word more than their number says.
class QuickWire : public Wire {
 public:
  std::string Fetch(int page) override {
    std::string text = "page";
    while (page-- > 0) text += "  more";
    return text;
  }
};

// The same far away: each page is on its way for a while.
class SlowWire : public QuickWire {
 public:
  std::string Fetch(int page) override {
    std::this_thread::sleep_for(kDelay);
    return QuickWire::Fetch(page);
  }
};

std::vector<Entry> Index(int pages) {
  std::vector<Entry> entries;
  for (int page = 1; page <= pages; ++page) entries.push_back({page, page + 1});
  return entries;
}

TEST(SiteIndex, IsEmptyForASiteWithoutPages) {
  QuickWire wire;
  EXPECT_EQ(SiteIndex(wire).Build(0), Index(0));
}

// A page at a time: nothing runs at once yet.
RACELAB_PROPERTY(SiteIndex, CountsTheWordsOfAPage, (const std::vector<std::string>& words)) {
  struct OnePage : Wire {
    std::string Fetch(int) override { return text; }
    std::string text;
  } wire;
  int expected = 0;
  for (const std::string& word : words) {
    wire.text += " ";
    wire.text += std::string(word.size(), 'x');
    expected += !word.empty();
  }
  RC_ASSERT(SiteIndex(wire).Build(1) == (std::vector<Entry>{{1, expected}}));
}

TEST(SiteIndex, HasAnEntryForEachOfTwoPagesThatArriveAtOnce) {
  Interleavings([] {
    QuickWire wire;
    EXPECT_EQ(SiteIndex(wire).Build(2), Index(2));
  });
}

TEST(SiteIndex, CanBeBuiltAnew) {
  Interleavings([] {
    QuickWire wire;
    SiteIndex index(wire);
    EXPECT_EQ(index.Build(2), Index(2));
    EXPECT_EQ(index.Build(1), Index(1));
  });
}

TEST(SiteIndex, IsBuiltAsSoonAsTheSlowestPageHasCome) {
  InterleavingsInVirtualTime([] {
    SlowWire wire;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(SiteIndex(wire).Build(3), Index(3));
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kDelay);
  });
}

}  // namespace
}  // namespace racelab
