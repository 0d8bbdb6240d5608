// A bank at night: its newest customer, a shop, pays its oldest customer, a supplier, coin by coin; and the auditors
// add up all accounts again and again.

#include <bank.h>  // In angle brackets: the include path decides which variant of it is built.

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <thread>

namespace {

constexpr int kAccounts = 1'000;
constexpr int kSupplier = 0;
constexpr int kShop = kAccounts - 1;
constexpr int kAudits = 3'000;

}  // namespace

int main() {
  Bank bank(kAccounts, 10'000'000);
  const std::int64_t evening = bank.Total();
  std::printf("evening: %lld cents in the bank\n", static_cast<long long>(evening));
  std::fflush(stdout);

  std::atomic<bool> morning = false;
  int agreed = 0;
  std::thread auditors([&] {
    for (int audit = 0; audit < kAudits; ++audit) agreed += bank.Total() == evening;
    morning = true;
  });
  std::thread shop([&] {
    while (!morning) bank.Transfer(kShop, kSupplier, 1);
  });
  auditors.join();
  shop.join();

  std::printf("morning: %d audits, %d of them found the same\n", kAudits, agreed);
  return agreed == kAudits ? 0 : 1;
}
