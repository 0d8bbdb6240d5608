#include <account.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(Account, PaysOutToTheLastCentAndNoFurther) {
  Account account(10);
  EXPECT_TRUE(account.Withdraw(4));
  EXPECT_FALSE(account.Withdraw(7));
  EXPECT_TRUE(account.Withdraw(6));
  EXPECT_EQ(account.Balance(), 0);
}

RACELAB_PROPERTY(Account, KeepsBooksLikeANumberOnOneThread, ()) {
  Account account(20);
  std::int64_t balance = 20;
  for (const auto& [deposit, amount] : *rc::gen::container<std::vector<std::pair<bool, int>>>(
           rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 20)))) {
    if (deposit) {
      account.Deposit(amount);
      balance += amount;
    } else {
      const bool covered = balance >= amount;
      RC_ASSERT(account.Withdraw(amount) == covered);
      if (covered) balance -= amount;
    }
    RC_ASSERT(account.Balance() == balance);
  }
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
    EXPECT_EQ(seen, 4);  // One of the two was paid, and before the other was refused.
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
