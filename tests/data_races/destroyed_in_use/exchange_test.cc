#include <exchange.h>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

void Quick() {}

// The call is disconnected and destroyed while a pulse is on its way down its line. (Every correct variant waits for
// the pulse, so this must not wait for the end of the call for ever. A look at the bill would end the repetitions.)
TEST(Exchange, LetsACallBeDestroyedOnceItIsDisconnected) {
  Interleavings([] {
    Exchange exchange;
    HandShake on_the_line, hung_up;
    Booth booth{.signal = [&] {
      on_the_line.Signal();
      hung_up.AwaitBriefly();
    }};
    std::optional<Call> call(std::in_place, booth);
    exchange.Connect(*call);
    RunSimultaneously([&] { exchange.Pulse(); },
                      [&] {
                        on_the_line.Await();
                        exchange.Disconnect(*call);
                        call.reset();
                        hung_up.Signal();
                      });
  });
}

TEST(Exchange, CountsNothingForTheNextCallInTheSamePlace) {
  Interleavings([] {
    Exchange exchange;
    HandShake on_the_line, next;
    Booth booth{.signal = [&] {
      on_the_line.Signal();
      next.AwaitBriefly();
    }};
    Booth other{.signal = Quick};
    std::optional<Call> call(std::in_place, booth);
    exchange.Connect(*call);
    RunSimultaneously([&] { exchange.Pulse(); },
                      [&] {
                        on_the_line.Await();
                        exchange.Disconnect(*call);
                        call.emplace(other);
                        next.Signal();
                      });
    call.reset();
    EXPECT_EQ(booth.bill, 1);
    EXPECT_EQ(other.bill, 0);
  });
}

TEST(Exchange, MetersTheOtherCallsWhenOneEnds) {
  Interleavings([] {
    Exchange exchange;
    Booth ending{.signal = Quick};
    Booth going_on{.signal = Quick};
    {
      Call call(going_on);
      std::optional<Call> ends(std::in_place, ending);
      exchange.Connect(*ends);
      exchange.Connect(call);
      RunTogether([&] { exchange.Pulse(); },
                  [&] {
                    exchange.Disconnect(*ends);
                    ends.reset();
                  });
      exchange.Disconnect(call);
    }
    EXPECT_EQ(going_on.bill, 1);
    EXPECT_LE(ending.bill, 1);
  });
}

TEST(Exchange, MetersACallThatIsConnectedDuringAPulse) {
  Interleavings([] {
    Exchange exchange;
    Booth booth{.signal = Quick};
    {
      Call call(booth);
      RunTogether([&] { exchange.Pulse(); }, [&] { exchange.Connect(call); });
      exchange.Pulse();
      exchange.Disconnect(call);
    }
    EXPECT_GE(booth.bill, 1);
    EXPECT_LE(booth.bill, 2);
  });
}

TEST(Exchange, ConnectsTwoCallsAtOnce) {
  Interleavings([] {
    Exchange exchange;
    Booth left{.signal = Quick};
    Booth right{.signal = Quick};
    {
      Call one(left), other(right);
      RunTogether([&] { exchange.Connect(one); }, [&] { exchange.Connect(other); });
      exchange.Pulse();
      exchange.Disconnect(one);
      exchange.Disconnect(other);
    }
    EXPECT_EQ(left.bill, 1);
    EXPECT_EQ(right.bill, 1);
  });
}

TEST(Exchange, DisconnectsTwoCallsAtOnce) {
  Interleavings([] {
    Exchange exchange;
    Booth left{.signal = Quick};
    Booth right{.signal = Quick};
    {
      Call one(left), other(right);
      exchange.Connect(one);
      exchange.Connect(other);
      RunTogether([&] { exchange.Disconnect(one); }, [&] { exchange.Disconnect(other); });
      exchange.Pulse();
    }
    EXPECT_EQ(left.bill, 0);
    EXPECT_EQ(right.bill, 0);
  });
}

TEST(Exchange, DoesNotLetNewCallsWaitForALine) {
  InterleavingsInVirtualTime([] {
    static constexpr std::chrono::milliseconds kLong(50);
    const auto began = std::chrono::steady_clock::now();
    Exchange exchange;
    HandShake on_the_line;
    Booth slow{.signal = [&] {
      on_the_line.Signal();
      std::this_thread::sleep_for(kLong);
    }};
    Booth other{.signal = Quick};
    Call call(slow), connected(other);
    exchange.Connect(call);
    std::chrono::nanoseconds waited(0);
    RunSimultaneously([&] { exchange.Pulse(); },
                      [&] {
                        on_the_line.Await();
                        exchange.Connect(connected);
                        waited = std::chrono::steady_clock::now() - began;
                      });
    exchange.Disconnect(call);
    exchange.Disconnect(connected);
    EXPECT_EQ(waited, 0 * kLong) << "Connect() \"does not wait for a pulse that is on its way down a line\"";
  });
}

TEST(Exchange, LetsTwoCallsEndDuringOnePulse) {
  Interleavings([] {
    Exchange exchange;
    HandShake on_the_line, on_the_line_too;
    Booth slow{.signal = [&] {
      on_the_line.Signal();
      on_the_line_too.Signal();
    }};
    Booth left{.signal = Quick}, right{.signal = Quick};
    Call call(slow), one(left), other(right);
    for (Call* connected : {&call, &one, &other}) exchange.Connect(*connected);
    RunSimultaneously([&] { exchange.Pulse(); },
                      [&] {
                        on_the_line.Await();
                        exchange.Disconnect(one);
                      },
                      [&] {
                        on_the_line_too.Await();
                        exchange.Disconnect(other);
                      });
    exchange.Disconnect(call);
  });
}

// The call that ends waits for the pulse on its own line; the new one waits for neither.
TEST(Exchange, DoesNotLetNewCallsWaitForOneThatEnds) {
  InterleavingsInVirtualTime([] {
    static constexpr std::chrono::milliseconds kLong(50);
    const auto began = std::chrono::steady_clock::now();
    Exchange exchange;
    HandShake on_the_line, ends;
    Booth slow{.signal = [&] {
      on_the_line.Signal();
      std::this_thread::sleep_for(kLong);
    }};
    Booth other{.signal = Quick};
    Call call(slow), connected(other);
    exchange.Connect(call);
    std::chrono::nanoseconds waited(0);
    RunSimultaneously([&] { exchange.Pulse(); },
                      [&] {
                        on_the_line.Await();
                        ends.Signal();
                        exchange.Disconnect(call);
                      },
                      [&] {
                        ends.Await();
                        exchange.Connect(connected);
                        waited = std::chrono::steady_clock::now() - began;
                      });
    exchange.Disconnect(connected);
    EXPECT_EQ(waited, 0 * kLong) << "Connect() \"does not wait for a pulse that is on its way down a line\"";
  });
}

TEST(Exchange, MetersLikeATableOnOneThread) {
  enum { kConnect, kDisconnect, kPulse };
  constexpr int kBooths = 3;
  ForRandomSteps({{"Connect", {0, kBooths}}, {"Disconnect", {0, kBooths}}, {"Pulse"}}, 20, [](Steps& steps) {
    Exchange exchange;
    std::vector<Booth> booths(kBooths, {.signal = Quick});
    std::optional<Call> calls[kBooths];
    int bills[kBooths] = {}, units[kBooths] = {};
    const auto hang_up = [&](int booth) {
      exchange.Disconnect(*calls[booth]);
      calls[booth].reset();
      bills[booth] += units[booth];
      units[booth] = 0;
    };
    for (const Step& step : steps) {
      if (step.what == kPulse) {
        exchange.Pulse();
        for (int booth = 0; booth < kBooths; ++booth) units[booth] += calls[booth].has_value() ? 1 : 0;
      } else if (step.what == kConnect && !calls[step.value].has_value()) {
        exchange.Connect(calls[step.value].emplace(booths[step.value]));
      } else if (step.what == kDisconnect && calls[step.value].has_value()) {
        hang_up(step.value);
        steps.Answers(booths[step.value].bill, bills[step.value]);
      }
    }
    for (int booth = 0; booth < kBooths; ++booth) {
      if (calls[booth].has_value()) hang_up(booth);
      steps.Shows("bill", booths[booth].bill, bills[booth]);
    }
  });
}

}  // namespace
}  // namespace racelab
