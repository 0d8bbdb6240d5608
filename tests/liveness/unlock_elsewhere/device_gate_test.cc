#include <device_gate.h>

#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

RACELAB_PROPERTY(DeviceGate, IsAFlagOnOneThread, (const std::vector<bool>& operations)) {
  DeviceGate gate;
  bool busy = false;
  for (const bool begin : operations) {
    if (begin) {
      RC_ASSERT(gate.TryBegin() == !busy);
      busy = true;
    } else if (busy) {
      gate.End();
      busy = false;
    }
  }
  if (busy) gate.End();
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
