// A bank at night: the standing orders are carried out, while the auditors add up all accounts again and again.

#include <cstdint>
#include <cstdio>
#include <random>
#include <thread>

#include <bank.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kAccounts = 1'000;
constexpr int kOrders = 20'000;
constexpr int kAudits = 300;

void CarryOutOrders(Bank& bank) {
  std::minstd_rand random;
  for (int order = 0; order < kOrders; ++order) {
    const int from = random() % kAccounts;
    const int to = (from + 1 + random() % (kAccounts - 1)) % kAccounts;
    bank.Transfer(from, to, 1);
  }
}

// Returns how many of the audits found `expected` in the bank.
int Audit(const Bank& bank, std::int64_t expected) {
  int found = 0;
  for (int audit = 0; audit < kAudits; ++audit) found += bank.Total() == expected;
  return found;
}

}  // namespace

int main() {
  Bank bank(kAccounts, 100);
  const std::int64_t evening = bank.Total();
  std::printf("evening: %lld in the bank, %d orders to carry out\n", static_cast<long long>(evening), kOrders);
  std::fflush(stdout);

  int agreed = 0;
  std::thread audits([&] { agreed = Audit(bank, evening); });
  std::thread orders([&] { CarryOutOrders(bank); });
  audits.join();
  orders.join();

  std::printf("morning: %lld in the bank, and %d of %d audits agreed\n", static_cast<long long>(bank.Total()), agreed, kAudits);
  return agreed == kAudits ? 0 : 1;
}
