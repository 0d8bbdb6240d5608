// A town with one cab and a customer who has not paid. He calls as soon as a cab is on the radio; the office takes its
// time over the list of debtors, on which he is.

#include <atomic>
#include <cstdio>
#include <memory>
#include <set>
#include <thread>

#include <cab.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kShifts = 20;
constexpr int kFox = 13;
constexpr int kSlowOffice = 50;

}  // namespace

int main() {
  TaxiRadio radio;
  std::atomic<int> calls = 0, ended = 0;
  int rides = 0;

  std::thread fox([&] {
    for (int shift = 0; shift < kShifts; ++shift) {
      while (!radio.HasListeners()) std::this_thread::yield();
      if (radio.Offer(kFox)) ++rides;
      ++calls;
      while (ended <= shift) std::this_thread::yield();
    }
  });
  for (int shift = 0; shift < kShifts; ++shift) {
    std::unique_ptr<Cab> cab = StartShift(radio, [&] {
      for (int i = 0; i < kSlowOffice && calls <= shift; ++i) std::this_thread::yield();
      return std::set<int>{kFox};
    });
    while (calls <= shift) std::this_thread::yield();
    cab.reset();
    ++ended;
  }
  fox.join();

  std::printf("Mr Fox, who is on the list of debtors, has called for a cab in each of %d shifts\n", kShifts);
  std::printf("free rides home: %d\n", rides);
  return rides == 0 ? 0 : 1;
}
