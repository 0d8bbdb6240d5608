#include <bank.h>

#include <cstdint>
#include <numeric>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

constexpr std::int64_t kOpening = 10;

TEST(Bank, OpensEveryAccountWithItsBalance) {
  const Bank bank(3, kOpening);
  EXPECT_EQ(bank.Balance(2), kOpening);
  EXPECT_EQ(bank.Total(), 3 * kOpening);
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
    EXPECT_GE(source + target, 2 * kOpening);  // The source was read first: money can have arrived, not vanished.
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

// Last, because ThreadSanitizer predicts a deadlock from what one thread does on its own, too: the report of two
// threads that really could meet says more.
RACELAB_PROPERTY(Bank, KeepsBooksLikeAListOfNumbersOnOneThread, ()) {
  constexpr int kAccounts = 4;
  Bank bank(kAccounts, kOpening);
  std::vector<std::int64_t> books(kAccounts, kOpening);
  const auto account = rc::gen::inRange(0, kAccounts);
  using Order = std::tuple<int, int, int>;
  for (const auto& [from, distance, amount] :
       *rc::gen::resize(8, rc::gen::container<std::vector<Order>>(
                               rc::gen::tuple(account, rc::gen::inRange(1, kAccounts), rc::gen::inRange(0, 15))))) {
    const int to = (from + distance) % kAccounts;
    const bool covered = books[from] >= amount;
    RC_ASSERT(bank.Transfer(from, to, amount) == covered);
    if (covered) {
      books[from] -= amount;
      books[to] += amount;
    }
    RC_ASSERT(bank.Balance(from) == books[from]);
    RC_ASSERT(bank.Balance(to) == books[to]);
    RC_ASSERT(bank.Total() == std::accumulate(books.begin(), books.end(), std::int64_t{0}));
  }
}

}  // namespace
}  // namespace racelab
