#include <link_checker.h>

#include <chrono>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/creations_may_fail.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

constexpr std::chrono::milliseconds kDelay(50);

using Links = std::vector<int>;

// Servers that answer at once: these links are dead.
class QuickWire : public Wire {
 public:
  explicit QuickWire(Links dead) : dead_(std::move(dead)) {}

  bool IsAlive(int link) override {
    for (const int dead : dead_) {
      if (link == dead) return false;
    }
    return true;
  }

 private:
  const Links dead_;
};

// The same servers, far away: each answer takes a while to come.
class SlowWire : public QuickWire {
 public:
  using QuickWire::QuickWire;

  bool IsAlive(int link) override {
    std::this_thread::sleep_for(kDelay);
    return QuickWire::IsAlive(link);
  }
};

TEST(LinkChecker, FindsNothingWhereThereAreNoLinks) {
  QuickWire wire(Links{});
  EXPECT_EQ(LinkChecker(wire, 2).DeadLinks(0), Links());
}

// One connection: nothing runs at once.
TEST(LinkChecker, FindsTheDeadLinksOverOneConnection) {
  enum { kAlive, kDead };
  ForRandomSteps({{"alive"}, {"dead"}}, 100, [](Steps& steps) {
    Links dead;
    int links = 0;
    for (const Step& step : steps) {
      if (step.what == kDead) dead.push_back(links);
      ++links;
    }
    QuickWire wire(dead);
    steps.Shows("dead links", LinkChecker(wire, 1).DeadLinks(links), dead);
  });
}

TEST(LinkChecker, FindsTwoLinksAliveThatAnswerAtOnce) {
  Interleavings([] {
    QuickWire wire(Links{});
    EXPECT_EQ(LinkChecker(wire, 2).DeadLinks(2), Links());
  });
}

TEST(LinkChecker, TellsADeadLinkFromItsNeighbours) {
  Interleavings([] {
    QuickWire wire(Links{1});
    EXPECT_EQ(LinkChecker(wire, 3).DeadLinks(3), Links({1}));
  });
}

TEST(LinkChecker, FindsDeadLinksOfAllConnectionsInAscendingOrder) {
  Interleavings([] {
    QuickWire wire(Links{0, 1, 2});
    EXPECT_EQ(LinkChecker(wire, 2).DeadLinks(4), Links({0, 1, 2}));
  });
}

TEST(LinkChecker, TriesEachLinkHoweverManyConnectionsThereAre) {
  for (int connections = 1; connections <= 4; ++connections) {
    for (int links = 1; links <= 9; ++links) {
      SCOPED_TRACE(testing::Message() << links << " links, " << connections << " connections");
      QuickWire alive(Links{}), last_dead(Links{links - 1});
      EXPECT_EQ(LinkChecker(alive, connections).DeadLinks(links), Links());
      EXPECT_EQ(LinkChecker(last_dead, connections).DeadLinks(links), Links({links - 1}));
    }
  }
}

TEST(LinkChecker, CanBeAskedAgain) {
  Interleavings([] {
    QuickWire wire(Links{1});
    LinkChecker checker(wire, 2);
    EXPECT_EQ(checker.DeadLinks(2), Links({1}));
    EXPECT_EQ(checker.DeadLinks(1), Links());
  });
}

TEST(LinkChecker, HasTheResultOrSaysThatThereAreTooFewThreads) {
  Interleavings([] {
    QuickWire wire(Links{0});
    const CreationsMayFail scarce;
    try {
      EXPECT_EQ(LinkChecker(wire, 2).DeadLinks(2), Links({0}));
    } catch (const std::system_error&) {
    }
  });
}

TEST(LinkChecker, IsDoneAsSoonAsTheSlowestServerHasAnswered) {
  InterleavingsInVirtualTime([] {
    SlowWire wire(Links{2});
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(LinkChecker(wire, 3).DeadLinks(3), Links({2}));
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kDelay);
  });
}

// More links than most machines have processors. Each server is slower than the one before it.
TEST(LinkChecker, IsDoneAsSoonAsTheSlowestOfManyServersHasAnswered) {
  class UnequalWire : public Wire {
   public:
    bool IsAlive(int link) override {
      std::this_thread::sleep_for((link + 1) * kDelay);
      return true;
    }
  };
  InterleavingsInVirtualTime([] {
    constexpr int kLinks = 40;
    UnequalWire wire;
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(LinkChecker(wire, kLinks).DeadLinks(kLinks), Links());
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kLinks * kDelay)
        << "not \"as soon as the slowest server has answered\"";
  });
}

TEST(LinkChecker, TriesOneLinkAfterTheOtherOverEachConnection) {
  InterleavingsInVirtualTime([] {
    SlowWire wire(Links{});
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(LinkChecker(wire, 2).DeadLinks(4), Links());
    EXPECT_EQ(std::chrono::steady_clock::now() - began, 2 * kDelay);
  });
}

TEST(LinkChecker, TriesTheLinksAtOnceOrSaysThatThereAreTooFewThreads) {
  InterleavingsInVirtualTime([] {
    SlowWire wire(Links{1});
    const CreationsMayFail scarce;
    const auto began = std::chrono::steady_clock::now();
    try {
      EXPECT_EQ(LinkChecker(wire, 2).DeadLinks(2), Links({1}));
    } catch (const std::system_error&) {
      return;
    }
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kDelay)
        << "links of different connections are not \"tried at once\", and nothing \"throws std::system_error\"";
  });
}

TEST(LinkChecker, HasTheWholeResultAfterThereWereTooFewThreads) {
  Interleavings([] {
    QuickWire wire(Links{0, 1});
    LinkChecker checker(wire, 2);
    try {
      const CreationsMayFail scarce;
      EXPECT_EQ(checker.DeadLinks(2), Links({0, 1}));
    } catch (const std::system_error&) {
    }
    EXPECT_EQ(checker.DeadLinks(2), Links({0, 1}));
  });
}

TEST(LinkChecker, FindsADeadLinkAmongVeryMany) {
  constexpr int kLinks = 70'000;
  QuickWire wire(Links{kLinks - 1});
  EXPECT_EQ(LinkChecker(wire, 1).DeadLinks(kLinks), Links({kLinks - 1}));
}

TEST(LinkChecker, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              QuickWire wire(Links{1});
              LinkChecker(wire, 2).DeadLinks(3);
            }),
            0);
}

}  // namespace
}  // namespace racelab
