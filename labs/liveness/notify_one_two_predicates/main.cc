// An evening in a restaurant: three cooks, three waiters, and between them a hatch with room for one plate.

#include <cstdio>
#include <thread>
#include <vector>

#include <serving_hatch.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kCooks = 3;
constexpr int kWaiters = 3;
constexpr int kPlatesEach = 20'000;

}  // namespace

int main() {
  std::printf("%d cooks, %d waiters, %d plates each: the doors open\n", kCooks, kWaiters, kPlatesEach);
  std::fflush(stdout);

  ServingHatch hatch(1);
  std::vector<long long> served(kWaiters);  // For each waiter, the sum of the numbers on their plates.
  std::vector<std::thread> staff;
  for (int cook = 0; cook < kCooks; ++cook) {
    staff.emplace_back([&hatch, cook] {
      for (int plate = 0; plate < kPlatesEach; ++plate) hatch.Put(cook * kPlatesEach + plate);
    });
  }
  for (int waiter = 0; waiter < kWaiters; ++waiter) {
    staff.emplace_back([&hatch, &sum = served[waiter]] {
      for (int plate = 0; plate < kPlatesEach; ++plate) sum += hatch.Take();
    });
  }
  for (std::thread& member : staff) member.join();

  constexpr long long kPlates = kCooks * kPlatesEach;
  long long sum = 0;
  for (const long long by_one : served) sum += by_one;
  const bool right = sum == kPlates * (kPlates - 1) / 2;
  std::printf("%lld plates cooked, %s\n", kPlates, right ? "each of them served once" : "but others served");
  return right ? 0 : 1;
}
