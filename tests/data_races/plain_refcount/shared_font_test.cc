#include <shared_font.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// The widths of a font whose letters are all as wide.
std::vector<int> Widths(int width) { return std::vector<int>(128, width); }

TEST(SharedFont, IsUnloadedOnceWithTheLastHandleOfTwoThreads) {
  Interleavings([] {
    int unloaded = 0;
    std::optional<SharedFont> one(std::in_place, Widths(7), [&] { ++unloaded; });
    std::optional<SharedFont> other = one;
    RunTogether([&] { one.reset(); }, [&] { other.reset(); });
    EXPECT_EQ(unloaded, 1);
  });
}

TEST(SharedFont, IsLoadedWhileAHandleIsLeftHoweverOftenOthersCopyIt) {
  Interleavings([] {
    int unloaded = 0;
    {
      const SharedFont font(Widths(7), [&] { ++unloaded; });
      int first = 0, second = 0;
      RunTogether([&] { first = SharedFont(font).WidthOf("Oslo"); },
                  [&] { second = SharedFont(font).WidthOf("Rome"); });
      EXPECT_EQ(first, 28);
      EXPECT_EQ(second, 28);
      EXPECT_EQ(font.Handles(), 1);
      EXPECT_EQ(font.WidthOf("Ulm"), 21);
      EXPECT_EQ(unloaded, 0);
    }
    EXPECT_EQ(unloaded, 1);
  });
}

// What is unloaded may hold the last handle of another font.
TEST(SharedFont, IsUnloadedWithTheFontThatItFallsBackOn) {
  int unloaded = 0;
  {
    std::optional<SharedFont> fallback(std::in_place, Widths(7), [&] { ++unloaded; });
    const SharedFont font(Widths(5), [&] { fallback.reset(); });
    EXPECT_EQ(font.Handles(), 1);
  }
  EXPECT_EQ(unloaded, 1);
}

TEST(SharedFont, IsUnloadedByTheThreadThatDestroysTheLastHandle) {
  std::thread::id unloader;
  {
    const SharedFont font(Widths(7), [&] { unloader = std::this_thread::get_id(); });
    const SharedFont copy = font;
  }
  EXPECT_EQ(unloader, std::this_thread::get_id()) << "\"by the thread that destroys the last handle\"";
}

// A handle may be moved from, as the handles in a growing vector are, and is destroyed afterwards.
TEST(SharedFont, IsUnloadedOnceThoughItsHandlesAreMoved) {
  int unloaded = 0;
  {
    SharedFont first(Widths(7), [&] { ++unloaded; });
    SharedFont second = std::move(first);
    SharedFont third(Widths(5), [] {});
    third = std::move(second);
    std::vector<SharedFont> fonts;
    for (int i = 0; i < 3; ++i) fonts.push_back(third);
    EXPECT_EQ(fonts.front().WidthOf("Ulm"), 21);
    EXPECT_EQ(unloaded, 0);
  }
  EXPECT_EQ(unloaded, 1);
}

TEST(SharedFont, CountsAsManyHandlesAsThereAre) {
  constexpr int kMany = 300;
  int unloaded = 0;
  {
    const SharedFont font(Widths(7), [&] { ++unloaded; });
    {
      const std::vector<SharedFont> signs(kMany, font);
      EXPECT_EQ(font.Handles(), 1 + kMany);
    }
    EXPECT_EQ(font.Handles(), 1);
    EXPECT_EQ(unloaded, 0);
  }
  EXPECT_EQ(unloaded, 1);
}

TEST(SharedFont, CountsTheHandlesThatTwoThreadsKeep) {
  Interleavings([] {
    int unloaded = 0;
    {
      const SharedFont font(Widths(7), [&] { ++unloaded; });
      std::optional<SharedFont> one, other;
      RunTogether([&] { one.emplace(font); }, [&] { other.emplace(font); });
      EXPECT_EQ(font.Handles(), 3);
      one.reset();
      EXPECT_EQ(font.Handles(), 2);
      EXPECT_EQ(other->Handles(), 2);
    }
    EXPECT_EQ(unloaded, 1);
  });
}

// What the threads write is plain memory: the contract also promises that whoever unloads may read it.
TEST(SharedFont, IsUnloadedAfterEverythingThatWasDoneWithTheOtherHandles) {
  Interleavings([] {
    int written[2] = {};
    int seen = 0;
    std::optional<SharedFont> one(std::in_place, Widths(7), [&] { seen = written[0] + written[1]; });
    std::optional<SharedFont> other = one;
    RunTogether(
        [&] {
          written[0] = one->WidthOf("Oslo");
          one.reset();
        },
        [&] {
          written[1] = other->WidthOf("Ulm");
          other.reset();
        });
    EXPECT_EQ(seen, 28 + 21);
  });
}

TEST(SharedFont, IsUsedAndCopiedWhileAnotherThreadDestroysItsHandle) {
  Interleavings([] {
    int unloaded = 0;
    int width = 0;
    auto one = std::make_unique<SharedFont>(Widths(7), [&] { ++unloaded; });
    auto other = std::make_unique<SharedFont>(*one);
    RunTogether(
        [&] {
          const auto copy = std::make_unique<SharedFont>(*one);
          one.reset();
          width = copy->WidthOf("Ulm");
        },
        [&] { other.reset(); });
    EXPECT_EQ(width, 21);
    EXPECT_EQ(unloaded, 1);
  });
}

TEST(SharedFont, IsReplacedByAnotherOnTwoThreadsAtOnce) {
  Interleavings([] {
    int town_unloaded = 0, river_unloaded = 0;
    {
      const SharedFont river(Widths(5), [&] { ++river_unloaded; });
      SharedFont one(Widths(7), [&] { ++town_unloaded; });
      SharedFont other = one;
      RunTogether([&] { one = river; }, [&] { other = river; });
      EXPECT_EQ(one.WidthOf("Elbe"), 20);
      EXPECT_EQ(other.WidthOf("Elbe"), 20);
      EXPECT_EQ(river.Handles(), 3);
      EXPECT_EQ(town_unloaded, 1);
      EXPECT_EQ(river_unloaded, 0);
    }
    EXPECT_EQ(river_unloaded, 1);
  });
}

TEST(SharedFont, SaysHowManyHandlesThereAreWhileOneIsCopiedAndDestroyed) {
  Interleavings([] {
    const SharedFont font(Widths(7), [] {});
    int handles = 0;
    RunTogether([&] { SharedFont(font).WidthOf("Ulm"); }, [&] { handles = font.Handles(); });
    EXPECT_GE(handles, 1);
    EXPECT_LE(handles, 2);
    EXPECT_EQ(font.Handles(), 1);
  });
}

TEST(SharedFont, HasNothingInCommonWithAnother) {
  Interleavings([] {
    int unloaded[2] = {};
    RunTogether([&] { SharedFont(Widths(7), [&] { ++unloaded[0]; }).WidthOf("Ulm"); },
                [&] { SharedFont(Widths(5), [&] { ++unloaded[1]; }).WidthOf("Elbe"); });
    EXPECT_EQ(unloaded[0], 1);
    EXPECT_EQ(unloaded[1], 1);
  });
}

// The handles of two fonts in four places, as their numbers say.
TEST(SharedFont, IsCountedOnOneThread) {
  enum { kCopy, kAssign, kDestroy };
  constexpr int kPlaces = 4;
  ForRandomSteps(
      {{"Copy", {0, kPlaces}, {0, kPlaces}}, {"Assign", {0, kPlaces}, {0, kPlaces}}, {"Destroy", {0, kPlaces}}}, 20,
      [](Steps& steps) {
        std::vector<int> unloaded(2);
        std::vector<std::optional<SharedFont>> places(kPlaces);
        std::vector<int> model(kPlaces, -1);  // The number of the font in each place; -1 is none.
        for (const int font : {0, 1}) {
          places[font].emplace(Widths(5 + font), [&unloaded, font] { ++unloaded[font]; });
          model[font] = font;
        }
        for (const Step& step : steps) {
          if (step.what == kDestroy) {
            places[step.value].reset();
            model[step.value] = -1;
          } else if (model[step.second] >= 0) {
            if (step.what == kAssign && model[step.value] >= 0) {
              *places[step.value] = *places[step.second];
            } else if (model[step.value] < 0) {
              places[step.value].emplace(*places[step.second]);
            } else {
              continue;
            }
            model[step.value] = model[step.second];
          }
          for (const int font : {0, 1}) {
            const int handles = static_cast<int>(std::count(model.begin(), model.end(), font));
            steps.Shows("unloaded", unloaded[font], handles == 0 ? 1 : 0);
            for (int place = 0; place < kPlaces; ++place) {
              if (model[place] != font) continue;
              steps.Shows("Handles", places[place]->Handles(), handles);
              steps.Shows("WidthOf", places[place]->WidthOf("Ulm"), 3 * (5 + font));
            }
          }
        }
      });
}

TEST(SharedFont, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              SharedFont font(Widths(7), [] {});
              const SharedFont copy = font;
              font = SharedFont(Widths(5), [] {});
            }),
            0);
}

}  // namespace
}  // namespace racelab
