#include <site_index.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

constexpr std::chrono::milliseconds kDelay(50);

// A site whose pages have one word more than their number.
class QuickWire : public Wire {
 public:
  std::string Fetch(int page) override {
    std::string text = "page";
    while (page-- > 0) text += "  more";
    return text;
  }
};

// The same site, far away: each page takes a while to come.
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

// One page at a time: nothing runs at once.
TEST(SiteIndex, CountsTheWordsOfAPage) {
  struct OnePage : Wire {
    std::string Fetch(int) override { return text; }
    std::string text;
  };
  ForRandomSteps({{"a word of length", {0, 10}}}, 50, [](Steps& steps) {
    OnePage wire;
    int words = 0;
    for (const Step& step : steps) {
      wire.text += " ";
      wire.text += std::string(step.value, 'x');
      words += step.value > 0;
    }
    const std::vector<Entry> entries = SiteIndex(wire).Build(1);
    steps.Shows("entries", entries.size(), 1);
    if (!entries.empty()) {
      steps.Shows("page", entries[0].page, 1);
      steps.Shows("words", entries[0].words, words);
    }
  });
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
