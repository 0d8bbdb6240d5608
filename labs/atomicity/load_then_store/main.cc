// A shop with four checkouts, each of which takes a number for every order. In the evening, the orders are sorted.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <order_numbers.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDays = 5;
constexpr int kCheckouts = 4;
constexpr int kOrdersPerCheckout = 20'000;
constexpr int kOrders = kCheckouts * kOrdersPerCheckout;

// Opens the checkouts for a day; returns how many different numbers the orders were given.
int SellForADay() {
  OrderNumbers numbers;
  std::vector<std::int64_t> orders(kOrders);
  std::vector<std::thread> checkouts;
  for (int checkout = 0; checkout < kCheckouts; ++checkout) {
    checkouts.emplace_back([&numbers, mine = orders.data() + checkout * kOrdersPerCheckout] {
      for (int order = 0; order < kOrdersPerCheckout; ++order) mine[order] = numbers.Next();
    });
  }
  for (std::thread& checkout : checkouts) checkout.join();

  std::sort(orders.begin(), orders.end());
  return static_cast<int>(std::unique(orders.begin(), orders.end()) - orders.begin());
}

}  // namespace

int main() {
  for (int day = 1; day <= kDays; ++day) {
    const int different = SellForADay();
    if (different != kOrders) {
      std::printf("day %d: %d orders, %d different numbers\n", day, kOrders, different);
      return 1;
    }
  }
  std::printf("%d days: %d orders on each, and as many different numbers\n", kDays, kOrders);
  return 0;
}
