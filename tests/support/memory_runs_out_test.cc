#include "tests/support/memory_runs_out.h"

#include <memory>
#include <new>
#include <thread>

#include "gtest/gtest.h"

namespace racelab {
namespace {

void AllocateTwice() {
  const auto first = std::make_unique<int>(1);
  const auto second = std::make_unique<int>(2);
}

TEST(MemoryRunsOut, SaysWhetherThereWasTooLittle) {
  EXPECT_TRUE(MemoryRunsOut(0, AllocateTwice));
  EXPECT_TRUE(MemoryRunsOut(1, AllocateTwice));
  EXPECT_FALSE(MemoryRunsOut(2, AllocateTwice));
}

TEST(MemoryRunsOut, HasMemoryForWhoeverHandlesTheException) {
  bool handled = false;
  EXPECT_TRUE(MemoryRunsOut(0, [&] {
    try {
      AllocateTwice();
    } catch (const std::bad_alloc&) {
      AllocateTwice();
      handled = true;
    }
  }));
  EXPECT_TRUE(handled);
}

TEST(MemoryRunsOut, LetsOtherThreadsAllocate) {
  EXPECT_FALSE(MemoryRunsOut(10, [] {
    std::thread([] {
      for (int i = 0; i < 20; ++i) AllocateTwice();
    }).join();
  }));
}

}  // namespace
}  // namespace racelab
