#include <bank.h>

#include <cstdint>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

constexpr std::int64_t kOpening = 10;

TEST(Bank, OpensEveryAccountWithItsBalance) {
  const Bank bank(3, kOpening);
  EXPECT_EQ(bank.Balance(2), kOpening);
  EXPECT_EQ(bank.Total(), 3 * kOpening);
}

TEST(Bank, HasNothingAsLongAsItHasNoAccounts) {
  const Bank bank(0, kOpening);
  EXPECT_EQ(bank.Total(), 0);
}

TEST(Bank, CarriesOutTransfersInOppositeDirections) {
  Interleavings([] {
    Bank bank(2, kOpening);
    RunTogether([&] { bank.Transfer(0, 1, 3); }, [&] { bank.Transfer(1, 0, 4); });
    EXPECT_EQ(bank.Balance(0), kOpening + 1);
    EXPECT_EQ(bank.Balance(1), kOpening - 1);
  });
}

TEST(Bank, CarriesOutTransfersInACircle) {
  Interleavings([] {
    Bank bank(3, kOpening);
    RunTogether([&] { bank.Transfer(0, 1, 1); }, [&] { bank.Transfer(1, 2, 2); }, [&] { bank.Transfer(2, 0, 3); });
    EXPECT_EQ(bank.Balance(0), kOpening + 2);
    EXPECT_EQ(bank.Balance(1), kOpening - 1);
    EXPECT_EQ(bank.Balance(2), kOpening - 1);
  });
}

TEST(Bank, FindsTheSameTotalInEveryAudit) {
  Interleavings([] {
    Bank bank(3, kOpening);
    std::vector<std::int64_t> totals;
    RunTogether(
        [&] {
          bank.Transfer(0, 2, 1);
          bank.Transfer(2, 1, 2);
        },
        [&] { totals = {bank.Total(), bank.Total()}; });
    EXPECT_EQ(totals, std::vector<std::int64_t>(2, 3 * kOpening));
  });
}

TEST(Bank, ShowsABalanceBeforeOrAfterATransfer) {
  Interleavings([] {
    Bank bank(2, kOpening);
    std::int64_t source = 0;
    std::int64_t target = 0;
    RunTogether([&] { bank.Transfer(1, 0, 3); },
                [&] {
                  source = bank.Balance(1);
                  target = bank.Balance(0);
                });
    EXPECT_TRUE(source == kOpening || source == kOpening - 3) << source;
    EXPECT_TRUE(target == kOpening || target == kOpening + 3) << target;
    // The source was read first: money may have arrived, but must not have vanished.
    EXPECT_GE(source + target, 2 * kOpening);
  });
}

TEST(Bank, PaysTheSameMoneyOutOnlyOnce) {
  Interleavings([] {
    Bank bank(3, kOpening);
    bool first = false;
    bool second = false;
    RunTogether([&] { first = bank.Transfer(0, 1, kOpening); }, [&] { second = bank.Transfer(0, 2, kOpening); });
    EXPECT_NE(first, second);
    EXPECT_EQ(bank.Balance(0), 0);
  });
}

TEST(Bank, PaysTheSameMoneyOutOnlyOnceFromTheLastAccount) {
  Interleavings([] {
    Bank bank(3, kOpening);
    bool first = false;
    bool second = false;
    RunTogether([&] { first = bank.Transfer(2, 0, kOpening); }, [&] { second = bank.Transfer(2, 1, kOpening); });
    EXPECT_NE(first, second);
    EXPECT_EQ(bank.Balance(2), 0);
  });
}

// Last, because ThreadSanitizer also predicts a deadlock from a single thread's locks; the report about two threads
// that can really meet says more.
TEST(Bank, KeepsBooksLikeAListOfNumbersOnOneThread) {
  constexpr int kAccounts = 4;
  ForRandomSteps({{"Transfer", {0, kAccounts}, {0, kAccounts}, {0, 15}}}, 10, [](Steps& steps) {
    Bank bank(kAccounts, kOpening);
    std::vector<std::int64_t> books(kAccounts, kOpening);
    for (const auto& [what, from, to, amount] : steps) {
      if (from == to) continue;
      const bool covered = books[from] >= amount;
      steps.Answers(bank.Transfer(from, to, amount), covered);
      if (covered) {
        books[from] -= amount;
        books[to] += amount;
      }
      for (int account = 0; account < kAccounts; ++account) {
        steps.Shows("Balance", bank.Balance(account), books[account]);
      }
      steps.Shows("Total", bank.Total(), kAccounts * kOpening);
    }
  });
}

TEST(Bank, AddsUpATotalOfBillions) {
  constexpr std::int64_t kBillions = 3'000'000'000;
  const Bank bank(2, kBillions);
  EXPECT_EQ(bank.Total(), 2 * kBillions);
}

// The target is read first: if the money has arrived there, it must have left the source.
TEST(Bank, ShowsTheSameMoneyInOneAccountOnly) {
  Interleavings([] {
    Bank bank(2, kOpening);
    std::int64_t source = 0;
    std::int64_t target = 0;
    RunTogether([&] { bank.Transfer(0, 1, 3); },
                [&] {
                  target = bank.Balance(1);
                  source = bank.Balance(0);
                });
    EXPECT_LE(source + target, 2 * kOpening);
  });
}

// The same money moves on: an audit that is only repeated until two sums agree may count it twice, both times.
TEST(Bank, CountsMoneyOnceWhileItMovesOnInTheOrderOfTheAudit) {
  Interleavings([] {
    Bank bank(3, kOpening);
    std::int64_t total = 0;
    RunTogether(
        [&] {
          bank.Transfer(0, 1, 3);
          bank.Transfer(1, 2, 3);
        },
        [&] { total = bank.Total(); });
    EXPECT_EQ(total, 3 * kOpening);
  });
}

TEST(Bank, FindsTheSameTotalDuringTwoTransfersAtOnce) {
  Interleavings([] {
    Bank bank(4, kOpening);
    std::int64_t total = 0;
    RunTogether([&] { bank.Transfer(0, 1, 1); }, [&] { bank.Transfer(2, 3, 2); }, [&] { total = bank.Total(); });
    EXPECT_EQ(total, 4 * kOpening);
  });
}

// Not under ThreadSanitizer, which cannot follow a thread that holds more than 64 locks.
TEST(Bank, FindsTheSameTotalInManyAccounts) {
  if (!UnderSecondRuntime()) GTEST_SKIP() << "needs `racelab explore`";
  Interleavings([] {
    constexpr int kAccounts = 70;
    Bank bank(kAccounts, kOpening);
    std::int64_t total = 0;
    RunTogether([&] { bank.Transfer(0, kAccounts - 1, 1); }, [&] { total = bank.Total(); });
    EXPECT_EQ(total, kAccounts * kOpening);
  });
}

}  // namespace
}  // namespace racelab
