// A copy shop: a gift voucher of twenty euros, which a school class uses at four copiers at once, a cent a page.

#include <voucher.h>  // In angle brackets: the include path decides which variant of it is built.

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <thread>
#include <vector>

namespace {

constexpr int kVouchers = 600;
constexpr int kCopiers = 4;
constexpr std::int64_t kValue = 2'000;

// Copies pages until the voucher is refused; returns how many.
std::int64_t CopyAll(Voucher& voucher) {
  std::int64_t pages = 0;
  while (voucher.Redeem(1)) ++pages;
  return pages;
}

}  // namespace

int main() {
  for (int number = 1; number <= kVouchers; ++number) {
    Voucher voucher(kValue);
    std::int64_t pages_at[kCopiers] = {};
    std::vector<std::thread> copiers;
    for (std::int64_t& pages : pages_at) copiers.emplace_back([&] { pages = CopyAll(voucher); });
    for (std::thread& copier : copiers) copier.join();

    const std::int64_t pages = std::accumulate(std::begin(pages_at), std::end(pages_at), std::int64_t{0});
    if (pages != kValue || voucher.Left() != 0) {
      std::printf("voucher %d: worth %lld cents, %lld pages copied, %lld cents left\n", number,
                  static_cast<long long>(kValue), static_cast<long long>(pages),
                  static_cast<long long>(voucher.Left()));
      return 1;
    }
  }
  std::printf("%d vouchers: worth %lld cents and pages each, to the last cent\n", kVouchers,
              static_cast<long long>(kValue));
  return 0;
}
