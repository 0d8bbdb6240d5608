#include <voucher.h>

#include <cstdint>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(Voucher, PaysWithTheSameMoneyOnlyOnce) {
  Interleavings([] {
    Voucher voucher(10);
    bool first = false;
    bool second = false;
    RunTogether([&] { first = voucher.Redeem(10); }, [&] { second = voucher.Redeem(10); });
    EXPECT_NE(first, second);
    EXPECT_EQ(voucher.Left(), 0);
  });
}

TEST(Voucher, RefusesNeitherOfTwoPaymentsThatItCovers) {
  Interleavings([] {
    Voucher voucher(10);
    bool first = false;
    bool second = false;
    RunTogether([&] { first = voucher.Redeem(4); }, [&] { second = voucher.Redeem(5); });
    EXPECT_TRUE(first && second);
    EXPECT_EQ(voucher.Left(), 1);
  });
}

TEST(Voucher, NeverShowsThatMoreWasSpentThanThereWas) {
  Interleavings([] {
    Voucher voucher(10);
    std::int64_t seen = 0;
    RunTogether([&] { voucher.Redeem(6); },
                [&] {
                  voucher.Redeem(6);
                  seen = voucher.Left();
                });
    EXPECT_EQ(seen, 4);  // One of the two was paid before the other was refused.
  });
}

TEST(Voucher, KeepsWhatIsPaidInDuringAPayment) {
  Interleavings([] {
    Voucher voucher(5);
    bool paid = false;
    RunTogether([&] { voucher.TopUp(3); }, [&] { paid = voucher.Redeem(7); });
    EXPECT_EQ(voucher.Left(), paid ? 1 : 8);
  });
}

TEST(Voucher, RefusesNoPaymentBecauseItIsToppedUpAtTheMoment) {
  Interleavings([] {
    Voucher voucher(5);
    bool paid = false;
    RunTogether([&] { voucher.TopUp(3); }, [&] { paid = voucher.Redeem(5); });
    EXPECT_TRUE(paid);
    EXPECT_EQ(voucher.Left(), 3);
  });
}

TEST(Voucher, KeepsWhatIsPaidInTwiceAtOnce) {
  Interleavings([] {
    Voucher voucher(5);
    RunTogether([&] { voucher.TopUp(1); }, [&] { voucher.TopUp(2); });
    EXPECT_EQ(voucher.Left(), 8);
  });
}

TEST(Voucher, ShowsWhatIsLeftBeforeOrAfterAPayment) {
  Interleavings([] {
    Voucher voucher(5);
    std::int64_t seen = 0;
    RunTogether([&] { voucher.Redeem(3); }, [&] { seen = voucher.Left(); });
    EXPECT_TRUE(seen == 5 || seen == 2) << seen;
    EXPECT_EQ(voucher.Left(), 2);
  });
}

TEST(Voucher, RefusesNoPaymentThatItCoversHoweverOftenOthersPay) {
  Interleavings([] {
    Voucher voucher(10);
    bool paid = false;
    RunTogether([&] { paid = voucher.Redeem(1); },
                [&] {
                  for (int page = 0; page < 3; ++page) voucher.Redeem(1);
                });
    EXPECT_TRUE(paid) << "a payment is refused only if it is not covered";
  });
}

TEST(Voucher, RefusesNothingForEver) {
  Interleavings([] {
    Voucher voucher(0);
    bool paid = false;
    RunTogether([&] { voucher.TopUp(5); }, [&] { paid = voucher.Redeem(5); });
    EXPECT_TRUE(paid || voucher.Redeem(5)) << "a payment is refused only if it is not covered";
  });
}

TEST(Voucher, ShowsNothingThatWasNeverLeftWhileItIsToppedUpAndSpent) {
  Interleavings([] {
    Voucher voucher(5);
    std::int64_t seen = 0;
    RunTogether(
        [&] {
          voucher.TopUp(5);
          voucher.Redeem(10);
        },
        [&] { seen = voucher.Left(); });
    EXPECT_TRUE(seen == 5 || seen == 10 || seen == 0) << seen << " was never left on it";
  });
}

TEST(Voucher, ShowsWhatIsLeftBeforeOrAfterAPaymentFromATopUp) {
  Interleavings([] {
    Voucher voucher(0);
    voucher.TopUp(5);
    bool paid = false;
    std::int64_t seen = 0;
    RunTogether([&] { paid = voucher.Redeem(1); }, [&] { seen = voucher.Left(); });
    EXPECT_TRUE(paid) << "a payment is refused only if it is not covered";
    EXPECT_TRUE(seen == 5 || seen == 4) << seen << " was never left on it";
  });
}

// The tests on one thread come last: one that hangs would keep the interleavings from being run.

TEST(Voucher, PaysToTheLastCentAndNoFurther) {
  Voucher voucher(10);
  EXPECT_TRUE(voucher.Redeem(4));
  EXPECT_FALSE(voucher.Redeem(7));
  EXPECT_TRUE(voucher.Redeem(6));
  EXPECT_TRUE(voucher.Redeem(0));
  EXPECT_EQ(voucher.Left(), 0);
}

TEST(Voucher, KeepsBooksLikeANumberOnOneThread) {
  enum { kTopUp, kRedeem };
  ForRandomSteps({{"TopUp", {0, 20}}, {"Redeem", {0, 20}}}, 50, [](Steps& steps) {
    Voucher voucher(20);
    std::int64_t left = 20;
    for (const Step& step : steps) {
      if (step.what == kTopUp) {
        voucher.TopUp(step.value);
        left += step.value;
      } else {
        const bool covered = left >= step.value;
        steps.Answers(voucher.Redeem(step.value), covered);
        if (covered) left -= step.value;
      }
      steps.Shows("Left", voucher.Left(), left);
    }
  });
}

TEST(Voucher, CountsAmountsOfSixtyFourBits) {
  Voucher voucher(9'000'000'000);
  EXPECT_TRUE(voucher.Redeem(4'000'000'000)) << "a payment is refused only if it is not covered";
  voucher.TopUp(3'000'000'000);
  EXPECT_EQ(voucher.Left(), 8'000'000'000);
  EXPECT_FALSE(voucher.Redeem(8'000'000'001)) << "nobody can spend more than there is on it";
}

}  // namespace
}  // namespace racelab
