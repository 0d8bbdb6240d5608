// Four sisters away at school have one account and a card each. Every month their parents pay in twenty euros, and
// all of them buy sweets, a cent apiece, until their card is refused.

#include <account.h>  // In angle brackets: the include path decides which variant of it is built.

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <thread>
#include <vector>

namespace {

constexpr int kMonths = 200;
constexpr int kSisters = 4;
constexpr std::int64_t kPaidIn = 2'000;

// Buys sweets until the card is refused; returns how much was spent.
std::int64_t SpendAll(Account& account) {
  std::int64_t spent = 0;
  while (account.Withdraw(1)) ++spent;
  return spent;
}

}  // namespace

int main() {
  for (int month = 1; month <= kMonths; ++month) {
    Account account(kPaidIn);
    std::int64_t spent_by[kSisters] = {};
    std::vector<std::thread> sisters;
    for (std::int64_t& spent : spent_by) sisters.emplace_back([&] { spent = SpendAll(account); });
    for (std::thread& sister : sisters) sister.join();

    const std::int64_t spent = std::accumulate(std::begin(spent_by), std::end(spent_by), std::int64_t{0});
    if (spent != kPaidIn || account.Balance() != 0) {
      std::printf("month %d: paid in %lld cents, spent %lld, balance %lld\n", month, static_cast<long long>(kPaidIn),
                  static_cast<long long>(spent), static_cast<long long>(account.Balance()));
      return 1;
    }
  }
  std::printf("%d months: paid in %lld cents and spent them, each month\n", kMonths, static_cast<long long>(kPaidIn));
  return 0;
}
