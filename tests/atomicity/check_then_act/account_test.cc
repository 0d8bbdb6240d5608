#include <account.h>

#include <cstdint>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

TEST(Account, PaysOutToTheLastCentAndNoFurther) {
  Account account(10);
  EXPECT_TRUE(account.Withdraw(4));
  EXPECT_FALSE(account.Withdraw(7));
  EXPECT_TRUE(account.Withdraw(6));
  EXPECT_EQ(account.Balance(), 0);
}

TEST(Account, KeepsBooksLikeANumberOnOneThread) {
  enum { kDeposit, kWithdraw };
  ForRandomSteps({{"Deposit", {0, 20}}, {"Withdraw", {0, 20}}}, 50, [](Steps& steps) {
    Account account(20);
    std::int64_t balance = 20;
    for (const Step& step : steps) {
      if (step.what == kDeposit) {
        account.Deposit(step.value);
        balance += step.value;
      } else {
        const bool covered = balance >= step.value;
        steps.Answers(account.Withdraw(step.value), covered);
        if (covered) balance -= step.value;
      }
      steps.Shows("Balance", account.Balance(), balance);
    }
  });
}

TEST(Account, PaysTheSameMoneyOutOnlyOnce) {
  Interleavings([] {
    Account account(10);
    bool first = false;
    bool second = false;
    RunTogether([&] { first = account.Withdraw(10); }, [&] { second = account.Withdraw(10); });
    EXPECT_NE(first, second);
    EXPECT_EQ(account.Balance(), 0);
  });
}

TEST(Account, NeverShowsThatMoreWasSpentThanThereWas) {
  Interleavings([] {
    Account account(10);
    std::int64_t seen = 0;
    RunTogether([&] { account.Withdraw(6); },
                [&] {
                  account.Withdraw(6);
                  seen = account.Balance();
                });
    EXPECT_EQ(seen, 4);  // One of the two was paid before the other was refused.
  });
}

TEST(Account, KeepsADepositThatMeetsAWithdrawal) {
  Interleavings([] {
    Account account(5);
    bool paid = false;
    RunTogether([&] { account.Deposit(3); }, [&] { paid = account.Withdraw(7); });
    EXPECT_EQ(account.Balance(), paid ? 1 : 8);
  });
}

}  // namespace
}  // namespace racelab
