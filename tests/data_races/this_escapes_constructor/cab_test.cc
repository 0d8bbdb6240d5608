#include <cab.h>

#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

constexpr int kFox = 13;  // A debtor.
constexpr int kBear = 7;  // Pays.

std::unique_ptr<Cab> StartShiftWithout(TaxiRadio& radio, int debtor) {
  return StartShift(radio, [debtor] { return std::set<int>{debtor}; });
}

// The debtor calls while the office is looking for the list. (No correct cab can be asked then, and so nothing but this
// hand shake orders the call and the shift's beginning.)
TEST(Cab, TakesNoDebtorWhileItFetchesTheList) {
  Interleavings([] {
    TaxiRadio radio;
    HandShake fetching, called;
    std::unique_ptr<Cab> cab;
    bool taken = false;
    RunSimultaneously(
        [&] {
          cab = StartShift(radio, [&] {
            fetching.Signal();
            called.AwaitBriefly();
            return std::set<int>{kFox};
          });
        },
        [&] {
          fetching.Await();
          taken = radio.Offer(kFox);
          called.Signal();
        });
    EXPECT_FALSE(taken);
    EXPECT_FALSE(radio.Offer(kFox));
    EXPECT_TRUE(radio.Offer(kBear));
  });
}

TEST(Cab, TakesNoDebtorWhileItsShiftBegins) {
  Interleavings([] {
    TaxiRadio radio;
    std::unique_ptr<Cab> cab;
    bool taken = false;
    RunTogether([&] { cab = StartShiftWithout(radio, kFox); }, [&] { taken = radio.Offer(kFox); });
    EXPECT_FALSE(taken);
    EXPECT_TRUE(radio.Offer(kBear));
  });
}

TEST(Cab, TakesNoDebtorWhileItsShiftEnds) {
  Interleavings([] {
    TaxiRadio radio;
    std::unique_ptr<Cab> cab = StartShiftWithout(radio, kFox);
    bool taken = false;
    RunTogether([&] { cab.reset(); }, [&] { taken = radio.Offer(kFox); });
    EXPECT_FALSE(taken);
    EXPECT_FALSE(radio.Offer(kBear)) << "the shift is over";
  });
}

TEST(Cab, HearsOfEachCustomerOnceItsShiftHasBegun) {
  Interleavings([] {
    TaxiRadio radio;
    std::unique_ptr<Cab> first, second;
    RunTogether([&] { first = StartShiftWithout(radio, kFox); }, [&] { second = StartShiftWithout(radio, kBear); });
    EXPECT_TRUE(radio.Offer(kFox)) << "the second cab takes him";
    EXPECT_TRUE(radio.Offer(kBear)) << "the first cab takes him";
  });
}

TEST(Cab, AsksTheOfficeOnceAndFirst) {
  TaxiRadio radio;
  int asked = 0;
  const std::unique_ptr<Cab> cab = StartShift(radio, [&] {
    ++asked;
    EXPECT_FALSE(radio.HasListeners()) << "\"first calls `debtors`\"";
    return std::set<int>{kFox};
  });
  EXPECT_FALSE(radio.Offer(kFox));
  EXPECT_FALSE(radio.Offer(kFox));
  EXPECT_EQ(asked, 1);
}

TEST(Cab, LeavesOtherCabsTheirCustomersWhileItFetchesTheList) {
  InterleavingsInVirtualTime([] {
    static constexpr std::chrono::milliseconds kSlow(50);
    const auto began = std::chrono::steady_clock::now();
    TaxiRadio radio;
    HandShake fetching;
    const std::unique_ptr<Cab> other = StartShiftWithout(radio, kFox);
    std::unique_ptr<Cab> cab;
    bool taken = false;
    std::chrono::nanoseconds waited(0);
    RunSimultaneously(
        [&] {
          cab = StartShift(radio, [&] {
            fetching.Signal();
            std::this_thread::sleep_for(kSlow);
            return std::set<int>{kFox};
          });
        },
        [&] {
          fetching.Await();
          radio.Offer(kFox);  // Whom the other cab leaves to the next.
          taken = radio.Offer(kBear);
          waited = std::chrono::steady_clock::now() - began;
        });
    EXPECT_TRUE(taken);
    EXPECT_EQ(waited, 0 * kSlow) << "\"other cabs get their customers meanwhile\"";
  });
}

TEST(Cab, TakesEverybodyButDebtorsOnOneThread) {
  enum { kStart, kEnd, kOffer };
  constexpr int kCabs = 2, kCustomers = 3;
  ForRandomSteps({{"Start", {0, kCabs}, {0, kCustomers}}, {"End", {0, kCabs}}, {"Offer", {0, kCustomers}}}, 12,
                 [](Steps& steps) {
                   TaxiRadio radio;
                   std::unique_ptr<Cab> cabs[kCabs];
                   int debtors[kCabs] = {};
                   for (const Step& step : steps) {
                     if (step.what == kStart && cabs[step.value] == nullptr) {
                       cabs[step.value] = StartShiftWithout(radio, step.second);
                       debtors[step.value] = step.second;
                     } else if (step.what == kEnd) {
                       cabs[step.value].reset();
                     } else if (step.what == kOffer) {
                       bool taken = false;
                       for (int cab = 0; cab < kCabs; ++cab) {
                         taken = taken || (cabs[cab] != nullptr && debtors[cab] != step.value);
                       }
                       steps.Answers(radio.Offer(step.value), taken);
                     }
                   }
                 });
}

TEST(Cab, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              TaxiRadio radio;
              StartShiftWithout(radio, kFox);
            }),
            0);
}

}  // namespace
}  // namespace racelab
