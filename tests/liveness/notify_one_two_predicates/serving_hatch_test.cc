#include <serving_hatch.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <set>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

TEST(ServingHatch, IsAQueueOnOneThread) {
  enum { kTake, kPut };
  ForRandomSteps({{"Take"}, {"Put"}}, 50, [](Steps& steps) {
    const std::size_t room = steps.Pick("room", {1, 5});
    ServingHatch hatch(room);
    std::deque<int> model;
    int next = -2;  // A plate is any number.
    for (const Step& step : steps) {
      if (step.what == kPut && model.size() < room) {
        hatch.Put(next);
        model.push_back(next++);
      } else if (step.what == kTake && !model.empty()) {
        steps.Answers(hatch.Take(), model.front());
        model.pop_front();
      }
    }
  });
}

TEST(ServingHatch, PassesPlatesOnInOrder) {
  Interleavings([] {
    ServingHatch hatch(1);
    std::vector<int> taken;
    RunSimultaneously(
        [&] {
          hatch.Put(1);
          hatch.Put(2);
        },
        [&] { taken = {hatch.Take(), hatch.Take()}; });
    EXPECT_EQ(taken, (std::vector<int>{1, 2}));
  });
}

TEST(ServingHatch, GivesOnePlateOutWhileAnotherIsPutIn) {
  Interleavings([] {
    ServingHatch hatch(2);
    hatch.Put(1);
    int taken = 0;
    RunSimultaneously([&] { hatch.Put(2); }, [&] { taken = hatch.Take(); });
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(hatch.Take(), 2);
  });
}

// A queue whose plates move as it gets longer: std::deque needs a larger list of its blocks after 640 of them.
TEST(ServingHatch, GivesOnePlateOutWhileAnotherIsPutInAfterManyOthers) {
  Interleavings([] {
    ServingHatch hatch(2);
    for (int plate = 1; plate <= 638; ++plate) {
      hatch.Put(plate);
      hatch.Take();
    }
    hatch.Put(639);
    int taken = 0;
    RunSimultaneously([&] { hatch.Put(640); }, [&] { taken = hatch.Take(); });
    EXPECT_EQ(taken, 639);
    EXPECT_EQ(hatch.Take(), 640);
  });
}

TEST(ServingHatch, ServesTwoWaitersFromOneCook) {
  Interleavings([] {
    ServingHatch hatch(1);
    int first = 0, second = 0;
    RunSimultaneously([&] { first = hatch.Take(); }, [&] { second = hatch.Take(); },
                      [&] {
                        hatch.Put(1);
                        hatch.Put(2);
                      });
    EXPECT_EQ((std::set<int>{first, second}), (std::set<int>{1, 2}));
  });
}

TEST(ServingHatch, GivesRoomToTwoCooksBehindAFullHatch) {
  Interleavings([] {
    ServingHatch hatch(1);
    hatch.Put(0);
    std::atomic<int> put = 0;  // Relaxed, so as to order nothing that the hatch does not.
    int put_meanwhile = 0;
    std::vector<int> taken;
    const auto cook = [&](int plate) {
      hatch.Put(plate);
      put.fetch_add(1, std::memory_order_relaxed);
    };
    RunSimultaneously([&] { cook(1); }, [&] { cook(2); },
                      [&] {
                        taken.push_back(hatch.Take());
                        put_meanwhile = put.load(std::memory_order_relaxed);
                        taken.push_back(hatch.Take());
                      });
    taken.push_back(hatch.Take());
    EXPECT_LE(put_meanwhile, 1);  // There was room for one plate.
    EXPECT_EQ(taken.front(), 0);
    EXPECT_EQ(std::set<int>(taken.begin(), taken.end()), (std::set<int>{0, 1, 2}));
  });
}

TEST(ServingHatch, KeepsManyPlatesInOrder) {
  constexpr int kRoom = 300;
  ServingHatch hatch(kRoom);
  std::vector<int> put, taken;
  for (int plate = 0; plate < kRoom; ++plate) {
    hatch.Put(plate);
    put.push_back(plate);
  }
  for (int plate = 0; plate < kRoom; ++plate) taken.push_back(hatch.Take());
  EXPECT_EQ(taken, put);
}

TEST(ServingHatch, GivesRoomForTwoPlatesToTwoCooks) {
  Interleavings([] {
    ServingHatch hatch(2);
    hatch.Put(0);
    hatch.Put(1);
    std::vector<int> taken;
    RunSimultaneously([&] { hatch.Put(2); }, [&] { hatch.Put(3); }, [&] { taken = {hatch.Take(), hatch.Take()}; });
    EXPECT_EQ(taken, (std::vector<int>{0, 1}));
    EXPECT_EQ((std::set<int>{hatch.Take(), hatch.Take()}), (std::set<int>{2, 3}));
  });
}

// One cook may be in the middle of it when the other's plate is there.
TEST(ServingHatch, GivesOutWhatTwoCooksPutInAtOnce) {
  Interleavings([] {
    ServingHatch hatch(2);
    int taken = 0;
    RunSimultaneously([&] { hatch.Put(1); }, [&] { hatch.Put(2); }, [&] { taken = hatch.Take(); });
    EXPECT_EQ((std::set<int>{taken, hatch.Take()}), (std::set<int>{1, 2}));
  });
}

// One waiter may be in the middle of it when there is room in the other's place.
TEST(ServingHatch, GivesTwoWaitersTheirPlatesWhileAnotherIsPutIn) {
  Interleavings([] {
    ServingHatch hatch(2);
    hatch.Put(1);
    hatch.Put(2);
    int first = 0;
    int second = 0;
    RunSimultaneously([&] { first = hatch.Take(); }, [&] { second = hatch.Take(); }, [&] { hatch.Put(3); });
    EXPECT_EQ((std::set<int>{first, second}), (std::set<int>{1, 2}));
    EXPECT_EQ(hatch.Take(), 3);
  });
}

TEST(ServingHatch, WakesTheWaiterAtItsOwnHatch) {
  Interleavings([] {
    ServingHatch soups(1), desserts(1);
    int soup = 0, dessert = 0;
    RunSimultaneously([&] { soup = soups.Take(); }, [&] { dessert = desserts.Take(); },
                      [&] {
                        desserts.Put(2);
                        soups.Put(1);
                      });
    EXPECT_EQ(soup, 1);
    EXPECT_EQ(dessert, 2);
  });
}

// They come one after the other, so that all of them sleep when the cook comes: a wake-up that reaches a waiter who
// finds nothing must not be the last one.
TEST(ServingHatch, ServesFourWaitersWhoHaveWaitedForTheCook) {
  InterleavingsInVirtualTime([] {
    ServingHatch hatch(1);
    std::vector<int> taken(4);
    const auto wait = [&](int place) {
      std::this_thread::sleep_for(std::chrono::seconds(place));
      taken[place] = hatch.Take();
    };
    RunSimultaneously([&] { wait(0); }, [&] { wait(1); }, [&] { wait(2); }, [&] { wait(3); },
                      [&] {
                        std::this_thread::sleep_for(std::chrono::seconds(4));
                        hatch.Put(1);
                        for (const int plate : {2, 3, 4}) {
                          hatch.Put(plate);
                          std::this_thread::sleep_for(std::chrono::seconds(1));
                        }
                      });
    EXPECT_EQ((std::set<int>(taken.begin(), taken.end())), (std::set<int>{1, 2, 3, 4}));
  });
}

}  // namespace
}  // namespace racelab
