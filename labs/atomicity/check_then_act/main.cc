// Two sisters away at school have one account and a card each. Every month their parents pay in twenty euros, and
// both buy sweets, a cent apiece, until their card is refused.

#include <account.h>  // In angle brackets: the include path decides which variant of it is built.

#include <cstdint>
#include <cstdio>
#include <thread>

namespace {

constexpr int kMonths = 500;
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
    std::int64_t of_the_elder = 0;
    std::int64_t of_the_younger = 0;
    std::thread elder([&] { of_the_elder = SpendAll(account); });
    std::thread younger([&] { of_the_younger = SpendAll(account); });
    elder.join();
    younger.join();

    const std::int64_t spent = of_the_elder + of_the_younger;
    if (spent != kPaidIn || account.Balance() != 0) {
      std::printf("month %d: paid in %lld cents, spent %lld, balance %lld\n", month, static_cast<long long>(kPaidIn),
                  static_cast<long long>(spent), static_cast<long long>(account.Balance()));
      return 1;
    }
  }
  std::printf("%d months: paid in %lld cents and spent them, each month\n", kMonths, static_cast<long long>(kPaidIn));
  return 0;
}
