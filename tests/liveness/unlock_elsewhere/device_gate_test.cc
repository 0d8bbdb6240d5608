#include <device_gate.h>

#include <chrono>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

TEST(DeviceGate, IsAFlagOnOneThread) {
  enum { kTryBegin, kEnd };
  ForRandomSteps({{"TryBegin"}, {"End"}}, 50, [](Steps& steps) {
    DeviceGate gate;
    bool busy = false;
    for (const Step& step : steps) {
      if (step.what == kTryBegin) {
        steps.Answers(gate.TryBegin(), !busy);
        busy = true;
      } else if (busy) {
        gate.End();
        busy = false;
      }
    }
    if (busy) gate.End();
  });
}

TEST(DeviceGate, IsFreeAfterATransferThatEndedOnAnotherThread) {
  Interleavings([] {
    DeviceGate gate;
    ASSERT_TRUE(gate.TryBegin());
    RunTogether([&] { gate.End(); });
    EXPECT_TRUE(gate.TryBegin());
    gate.End();
  });
}

TEST(DeviceGate, RefusesASecondTransferOfTheThreadThatBeganTheFirst) {
  DeviceGate gate;
  ASSERT_TRUE(gate.TryBegin());
  EXPECT_FALSE(gate.TryBegin());
  gate.End();
}

TEST(DeviceGate, LetsTheThreadThatEndsATransferBeginTheNext) {
  Interleavings([] {
    DeviceGate gate;
    bool next = false;
    ASSERT_TRUE(gate.TryBegin());
    RunTogether([&] {
      gate.End();
      next = gate.TryBegin();
    });
    EXPECT_TRUE(next);
    EXPECT_FALSE(gate.TryBegin());
    gate.End();
    EXPECT_TRUE(gate.TryBegin());
    gate.End();
  });
}

TEST(DeviceGate, LetsOneOfTwoThreadsThrough) {
  Interleavings([] {
    DeviceGate gate;
    bool first = false, second = false;
    RunTogether([&] { first = gate.TryBegin(); }, [&] { second = gate.TryBegin(); });
    EXPECT_NE(first, second);
    gate.End();
    EXPECT_TRUE(gate.TryBegin());
    gate.End();
  });
}

TEST(DeviceGate, ShowsTheNextTransferWhatTheLastOneDid) {
  Interleavings([] {
    DeviceGate gate;
    int page = 0, seen = 0;
    bool began = false;
    ASSERT_TRUE(gate.TryBegin());
    RunTogether(
        [&] {
          page = 1;
          gate.End();
        },
        [&] {
          began = gate.TryBegin();
          if (began) seen = page;
        });
    EXPECT_EQ(seen, began ? 1 : 0);
    if (began) gate.End();
  });
}

TEST(DeviceGate, IsBusyWithItsOwnDeviceOnly) {
  DeviceGate scanner, printer;
  ASSERT_TRUE(scanner.TryBegin());
  EXPECT_TRUE(printer.TryBegin());
  scanner.End();
  EXPECT_FALSE(printer.TryBegin());
  printer.End();
}

TEST(DeviceGate, RefusesEveryAttemptDuringATransfer) {
  DeviceGate gate;
  ASSERT_TRUE(gate.TryBegin());
  int let_through = 0;
  for (int attempt = 0; attempt < 70'000; ++attempt) let_through += gate.TryBegin() ? 1 : 0;
  EXPECT_EQ(let_through, 0);
  gate.End();
  EXPECT_TRUE(gate.TryBegin());
  gate.End();
}

// After the transfer has ended, the device is free for one of the two.
TEST(DeviceGate, RefusesNobodyOnceTheTransferHasEnded) {
  Interleavings([] {
    DeviceGate gate;
    bool other = false, next = false;
    ASSERT_TRUE(gate.TryBegin());
    RunTogether([&] { other = gate.TryBegin(); },
                [&] {
                  gate.End();
                  next = gate.TryBegin();
                });
    EXPECT_NE(other, next);
    gate.End();
  });
}

TEST(DeviceGate, NeverWaitsForATransfer) {
  InterleavingsInVirtualTime([] {
    DeviceGate gate;
    ASSERT_TRUE(gate.TryBegin());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_FALSE(gate.TryBegin());
    EXPECT_EQ((std::chrono::steady_clock::now() - begin) / std::chrono::nanoseconds(1), 0);
    gate.End();
  });
}

}  // namespace
}  // namespace racelab
