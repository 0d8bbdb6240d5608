#include <crossing.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

constexpr int kNumber = 7;
constexpr int kOther = 8;

using Entries = std::vector<std::string>;

// An office that answers at once.
void Register(int) {}

// The entries of a crossing's only logbook.
Entries OfTheOnlyLogbook(const Archive& archive, int number) {
  const std::vector<const Logbook*> logbooks = archive.Of(number);
  EXPECT_EQ(logbooks.size(), 1);
  return logbooks.empty() ? Entries() : logbooks.front()->Entries();
}

Entries Sorted(Entries entries) {
  std::sort(entries.begin(), entries.end());
  return entries;
}

TEST(Crossing, HasNoLogbookBeforeSomebodyWantsToWrite) {
  Archive archive(Register);
  const Crossing crossing(kNumber, archive);
  EXPECT_FALSE(crossing.HasLog());
  EXPECT_EQ(archive.Of(kNumber).size(), 0);
}

TEST(Crossing, HasALogbookThatIsNotYetWrittenInto) {
  Archive archive(Register);
  Crossing crossing(kNumber, archive);
  crossing.Log();
  EXPECT_TRUE(crossing.HasLog());
  EXPECT_EQ(OfTheOnlyLogbook(archive, kNumber), Entries());
}

TEST(Crossing, KeepsItsEntriesLikeAListOnOneThread) {
  enum { kWrite, kHasLog };
  const Values crossing = {0, 2};
  ForRandomSteps({{"Write", crossing}, {"HasLog", crossing}}, 12, [](Steps& steps) {
    Archive archive(Register);
    Crossing crossings[] = {{kNumber, archive}, {kOther, archive}};
    std::size_t entries[] = {0, 0};
    for (const Step& step : steps) {
      if (step.what == kWrite) {
        crossings[step.value].Log().Write("fog");
        ++entries[step.value];
      } else {
        steps.Answers(crossings[step.value].HasLog(), entries[step.value] > 0);
      }
      for (int i = 0; i < 2; ++i) {
        const std::vector<const Logbook*> logbooks = archive.Of(kNumber + i);
        steps.Shows("logbooks", logbooks.size(), entries[i] > 0 ? 1 : 0);
        if (logbooks.size() == 1) steps.Shows("entries", logbooks[0]->Entries().size(), entries[i]);
      }
    }
  });
}

TEST(Crossing, KeepsTheEntriesOfTwoWhoWriteFirstInOneLogbook) {
  Interleavings([] {
    Archive archive(Register);
    Crossing crossing(kNumber, archive);
    RunTogether([&] { crossing.Log().Write("fog"); }, [&] { crossing.Log().Write("ramp up"); });
    EXPECT_EQ(Sorted(OfTheOnlyLogbook(archive, kNumber)), (Entries{"7: fog", "7: ramp up"}));
  });
}

TEST(Crossing, RegistersOneLogbookForTwoWhoAskAtOnce) {
  Interleavings([] {
    std::atomic<int> registered = 0;
    // Relaxed: orders nothing that the crossing does not.
    Archive archive([&](int) { registered.fetch_add(1, std::memory_order_relaxed); });
    Crossing crossing(kNumber, archive);
    Logbook* first = nullptr;
    Logbook* second = nullptr;
    RunTogether([&] { first = &crossing.Log(); }, [&] { second = &crossing.Log(); });
    EXPECT_EQ(registered.load(std::memory_order_relaxed), 1);
    EXPECT_EQ(first, second);
    EXPECT_EQ(archive.Of(kNumber), std::vector<const Logbook*>{first});
  });
}

// Two may wait for the one who opens it.
TEST(Crossing, HasItsLogbookForAllOfThreeWhoAskAtOnce) {
  Interleavings([] {
    Archive archive(Register);
    Crossing crossing(kNumber, archive);
    Logbook* found[3] = {};
    RunTogether([&] { found[0] = &crossing.Log(); }, [&] { found[1] = &crossing.Log(); },
                [&] { found[2] = &crossing.Log(); });
    for (const Logbook* logbook : found) EXPECT_EQ(archive.Of(kNumber), std::vector<const Logbook*>{logbook});
  });
}

// The office takes its time, and the others come one after the other, so all of them wait when the logbook is opened.
TEST(Crossing, HasItsLogbookForAllWhoWaitForTheOffice) {
  InterleavingsInVirtualTime([] {
    Archive archive([](int) { std::this_thread::sleep_for(std::chrono::minutes(1)); });
    Crossing crossing(kNumber, archive);
    Logbook* found[5] = {};
    const auto ask = [&](int place) {
      std::this_thread::sleep_for(std::chrono::seconds(place));
      found[place] = &crossing.Log();
    };
    RunSimultaneously([&] { ask(0); }, [&] { ask(1); }, [&] { ask(2); }, [&] { ask(3); }, [&] { ask(4); });
    for (const Logbook* logbook : found) EXPECT_EQ(archive.Of(kNumber), std::vector<const Logbook*>{logbook});
  });
}

TEST(Crossing, KeepsTheLogbookThatItHas) {
  Interleavings([] {
    Archive archive(Register);
    Crossing crossing(kNumber, archive);
    crossing.Log().Write("cast off");
    RunTogether([&] { crossing.Log().Write("fog"); }, [&] { crossing.Log().Write("ramp up"); });
    const Entries entries = OfTheOnlyLogbook(archive, kNumber);
    EXPECT_EQ(entries.size(), 3);
    EXPECT_EQ(entries.empty() ? "" : entries.front(), "7: cast off");
  });
}

TEST(Crossing, HasWhatTheArchiveHasWhileItIsOpened) {
  Interleavings([] {
    Archive archive(Register);
    Crossing crossing(kNumber, archive);
    bool has = false;
    std::size_t archived = 0;
    RunTogether([&] { crossing.Log().Write("fog"); },
                [&] {
                  has = crossing.HasLog();
                  archived = archive.Of(kNumber).size();
                });
    EXPECT_GE(archived, has ? 1 : 0);
    EXPECT_TRUE(crossing.HasLog());
    EXPECT_EQ(OfTheOnlyLogbook(archive, kNumber), Entries{"7: fog"});
  });
}

TEST(Crossing, HasALogbookForWhoeverHasWritten) {
  Interleavings([] {
    Archive archive(Register);
    Crossing crossing(kNumber, archive);
    bool first = false;
    bool second = false;
    RunTogether(
        [&] {
          crossing.Log();
          first = crossing.HasLog();
        },
        [&] {
          crossing.Log();
          second = crossing.HasLog();
        });
    EXPECT_TRUE(first);
    EXPECT_TRUE(second);
  });
}

TEST(Crossing, IsNotOpenedByTwoWhoLook) {
  Interleavings([] {
    Archive archive(Register);
    const Crossing crossing(kNumber, archive);
    bool first = true;
    bool second = true;
    RunTogether([&] { first = crossing.HasLog(); }, [&] { second = crossing.HasLog(); });
    EXPECT_FALSE(first);
    EXPECT_FALSE(second);
    EXPECT_EQ(archive.Of(kNumber).size(), 0);
  });
}

TEST(Crossing, HasNothingInCommonWithAnother) {
  Interleavings([] {
    Archive archive(Register);
    Crossing crossing(kNumber, archive);
    Crossing other(kOther, archive);
    RunTogether([&] { crossing.Log().Write("fog"); }, [&] { other.Log().Write("sun"); });
    EXPECT_EQ(OfTheOnlyLogbook(archive, kNumber), Entries{"7: fog"});
    EXPECT_EQ(OfTheOnlyLogbook(archive, kOther), Entries{"8: sun"});
  });
}

}  // namespace
}  // namespace racelab
