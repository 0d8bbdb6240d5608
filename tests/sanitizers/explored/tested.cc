// A test program whose tests reach different parts of a class.

#include <mutex>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace {

class Shop {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
  }
  void Enter() {
    const std::lock_guard lock(mutex_);
    if (open_) ++customers_;
  }
  // The name never changes, so the lock guards nothing.
  char Look() {
    const std::lock_guard lock(mutex_);
    return kName;
  }
  int customers() const { return customers_; }

 private:
  static constexpr char kName = 'S';
  std::mutex mutex_;
  bool open_ = false;
  int customers_ = 0;
};

TEST(Shop, IsEmptyAtFirst) { EXPECT_EQ(Shop().customers(), 0); }

TEST(Shop, CountsWhoEnters) {
  racelab::Interleavings([] {
    Shop shop;
    shop.Open();
    const auto enter_often = [&] {
      for (int i = 0; i < 5; ++i) shop.Enter();
    };
    racelab::RunTogether(enter_often, enter_often);
    EXPECT_EQ(shop.customers(), 10);
  });
}

TEST(Shop, CanBeLookedAt) {
  racelab::Interleavings([] {
    Shop shop;
    racelab::RunTogether([&] { shop.Look(); }, [&] { shop.Look(); });
  });
}

TEST(Shop, Opens) {
  racelab::Interleavings([] {
    Shop shop;
    racelab::RunTogether([&] { shop.Open(); }, [&] { shop.Open(); });
  });
}

}  // namespace
