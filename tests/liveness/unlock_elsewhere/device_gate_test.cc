#include <device_gate.h>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

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

}  // namespace
}  // namespace racelab
