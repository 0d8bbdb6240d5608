#include <sensor.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

// In all these tests, instruments and logs are plain memory: the contract also promises that one thread calls them, and
// that whoever has destroyed the sensor may look at them.
using Readings = std::vector<double>;

// The gauge is destroyed when the reading that it was polled for has just been logged; nothing else tells the two
// threads of one another.
TEST(RainGauge, LogsTheReadingOfItsDestructionInMillimetres) {
  Interleavings([] {
    HandShake logged;
    Readings readings;
    {
      RainGauge gauge([] { return 10; },
                      [&](double mm) {
                        readings.push_back(mm);
                        logged.Signal();
                      });
      gauge.Poll();
      logged.Await();
    }
    EXPECT_EQ(readings, Readings({2, 2}));
  });
}

TEST(RainGauge, LogsWhatWasNotPolledForBeforeItsDestruction) {
  Interleavings([] {
    Readings readings;
    {
      RainGauge gauge([] { return 10; }, [&](double mm) { readings.push_back(mm); });
    }
    EXPECT_EQ(readings, Readings({2}));
  });
}

TEST(RainGauge, AnswersEachPollBeforeItsDestruction) {
  Interleavings([] {
    int shown = 0;
    Readings readings;
    {
      RainGauge gauge([&] { return shown += 10; }, [&](double mm) { readings.push_back(mm); });
      gauge.Poll();
      gauge.Poll();
    }
    EXPECT_EQ(readings, Readings({2, 4, 6}));
  });
}

TEST(RainGauge, AnswersBothOfTwoWhoPollAtOnce) {
  Interleavings([] {
    int shown = 0;
    Readings readings;
    {
      RainGauge gauge([&] { return shown += 10; }, [&](double mm) { readings.push_back(mm); });
      RunTogether([&] { gauge.Poll(); }, [&] { gauge.Poll(); });
    }
    EXPECT_EQ(readings, Readings({2, 4, 6}));
  });
}

TEST(RainGauge, CallsNobodyOnceItIsDestroyed) {
  Interleavings([] {
    // On the heap, where a detector notices every later use.
    auto shown = std::make_unique<int>(10);
    auto readings = std::make_unique<Readings>();
    auto gauge = std::make_unique<RainGauge>([&shown = *shown] { return shown; },
                                             [&readings = *readings](double mm) { readings.push_back(mm); });
    gauge->Poll();
    gauge.reset();
    EXPECT_EQ(*readings, Readings({2, 2}));
    readings.reset();
    shown.reset();
  });
}

TEST(RainGauge, IsReadAndLoggedByOneThread) {
  for (const int polls : {0, 1}) {
    Interleavings([polls] {
      // Of a thread that has ended, another may have the id, but none has its thread_local variables.
      thread_local int calls_of_thread;
      calls_of_thread = -1;
      std::vector<int> calls;
      const auto note = [&calls] { calls.push_back(calls_of_thread < 0 ? -1 : calls_of_thread++); };
      {
        RainGauge gauge(
            [&] {
              note();
              return 10;
            },
            [&](double) { note(); });
        for (int i = 0; i < polls; ++i) gauge.Poll();
      }
      ASSERT_EQ(calls.size(), 2u + 2u * polls);
      EXPECT_GE(calls.front(), 0) << "\"on a thread of its own\"";
      for (int i = 0; i < static_cast<int>(calls.size()); ++i) {
        EXPECT_EQ(calls[i], calls.front() + i) << "\"called by one thread\"";
      }
    });
  }
}

TEST(Thermometer, LogsTheReadingOfItsDestructionInDegrees) {
  Interleavings([] {
    HandShake logged;
    Readings readings;
    {
      Thermometer thermometer([] { return 344; },
                              [&](double degrees) {
                                readings.push_back(degrees);
                                logged.Signal();
                              });
      thermometer.Poll();
      logged.Await();
    }
    EXPECT_EQ(readings, Readings({21.5, 21.5}));
  });
}

TEST(RainGauge, LetsNobodyWaitWhoPolls) {
  InterleavingsInVirtualTime([] {
    static constexpr std::chrono::milliseconds kSlow(50);
    const auto began = std::chrono::steady_clock::now();
    const auto since_then = [began] { return std::chrono::steady_clock::now() - began; };
    Readings readings;
    {
      HandShake reading;
      RainGauge gauge(
          [&] {
            reading.Signal();
            std::this_thread::sleep_for(kSlow);
            return 10;
          },
          [&](double mm) { readings.push_back(mm); });
      gauge.Poll();
      reading.Await();
      gauge.Poll();
      gauge.Poll();
      EXPECT_EQ(since_then(), 0 * kSlow) << "\"does not wait for it\"";
    }
    EXPECT_EQ(readings, Readings({2, 2, 2, 2}));
  });
}

// A right repair may multiply by 0.2 or divide by 5.
double Rounded(double reading) { return std::round(reading * 10'000) / 10'000; }

TEST(Sensors, LogInTheirUnitWhateverTheInstrumentsShow) {
  ForRandomSteps({{"shows", {-1000, 1000}}}, 8, [](Steps& steps) {
    std::vector<int> shown;
    for (const Step& step : steps) shown.push_back(step.value);
    shown.push_back(7);  // At the destruction.
    Readings rain, rain_model, warmth, warmth_model;
    for (const int value : shown) {
      rain_model.push_back(Rounded(value * 0.2));
      warmth_model.push_back(Rounded(value / 16.0));
    }
    const auto instrument = [&shown] { return [&shown, next = 0]() mutable { return shown[next++]; }; };
    {
      RainGauge gauge(instrument(), [&](double mm) { rain.push_back(Rounded(mm)); });
      Thermometer thermometer(instrument(), [&](double degrees) { warmth.push_back(Rounded(degrees)); });
      for (int i = 0; i < steps.size(); ++i) {
        gauge.Poll();
        thermometer.Poll();
      }
    }
    steps.Shows("rain", rain, rain_model);
    steps.Shows("warmth", warmth, warmth_model);
  });
}

}  // namespace
}  // namespace racelab
