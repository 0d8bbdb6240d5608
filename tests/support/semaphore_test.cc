// A guarantee that repairs rely on: a std::counting_semaphore loses no wake-up (lab_semaphores,
// sanitizers/cmake/options.cmake). ThreadSanitizer would show a lost wake-up only by luck; the second runtime shows it
// reliably.

#include <chrono>
#include <semaphore>
#include <thread>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

TEST(Semaphore, WakesEveryWaiterForWhomThereIsARelease) {
  Interleavings([] {
    std::counting_semaphore<> places(0);
    {
      const std::jthread one([&] { places.acquire(); }), other([&] { places.acquire(); });
      places.release();
      places.release();
    }
    EXPECT_FALSE(places.try_acquire());
  });
}

TEST(Semaphore, HandsOverWhatItsHolderHasDone) {
  Interleavings([] {
    std::binary_semaphore one(1);
    int total = 0;
    const auto add = [&] {
      one.acquire();
      ++total;
      one.release();
    };
    RunTogether(add, add);
    EXPECT_EQ(total, 2);
  });
}

TEST(Semaphore, ATimedAcquireGetsWhatIsThereOrGivesUp) {
  Interleavings([] {
    std::counting_semaphore<2> places(1);
    int taken = 0;
    RunTogether([&] { taken = places.try_acquire_for(std::chrono::milliseconds(1)) ? 1 : 0; },
                [&] { places.release(); });
    EXPECT_EQ(taken, 1);
    EXPECT_TRUE(places.try_acquire());
    EXPECT_FALSE(places.try_acquire_until(std::chrono::steady_clock::now()));
  });
}

}  // namespace
}  // namespace racelab
