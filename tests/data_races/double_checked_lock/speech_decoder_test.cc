#include <speech_decoder.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

constexpr int kCodecs = 2;
constexpr int kBytes = 2;

// No sample is 0.
int Expand(int codec, int byte) { return 100 + 10 * codec + byte; }

TEST(SpeechDecoder, ComputesATableWhenItIsFirstNeeded) {
  int computed = 0;
  SpeechDecoder decoder(kCodecs, kBytes, [&](int codec, int byte) {
    ++computed;
    return Expand(codec, byte);
  });
  EXPECT_EQ(computed, 0);
  decoder.Sample(1, 0);
  EXPECT_EQ(computed, kBytes);
}

TEST(SpeechDecoder, DecodesAndComputesEachTableOnceOnOneThread) {
  constexpr int kMany = 4;
  ForRandomSteps({{"Sample", {0, kMany}, {0, kMany}}}, 20, [](Steps& steps) {
    std::vector<int> computed(kMany), model(kMany);
    SpeechDecoder decoder(kMany, kMany, [&](int codec, int byte) {
      ++computed[codec];
      return Expand(codec, byte);
    });
    for (const Step& step : steps) {
      steps.Answers(decoder.Sample(step.value, step.second), Expand(step.value, step.second));
      model[step.value] = kMany;
      steps.Shows("computed", computed, model);
    }
  });
}

TEST(SpeechDecoder, DecodesByACompleteTableForTwoCallsAtOnce) {
  Interleavings([] {
    SpeechDecoder decoder(1, kBytes, Expand);
    int one = 0, other = 0;
    RunTogether([&] { one = decoder.Sample(0, 1); }, [&] { other = decoder.Sample(0, 1); });
    EXPECT_EQ(one, Expand(0, 1));
    EXPECT_EQ(other, Expand(0, 1));
  });
}

TEST(SpeechDecoder, ComputesATableOnceForTwoCallsAtOnce) {
  Interleavings([] {
    std::atomic<int> computed = 0;
    SpeechDecoder decoder(1, kBytes, [&](int codec, int byte) {
      computed.fetch_add(1, std::memory_order_relaxed);  // Relaxed: orders nothing that the decoder does not.
      return Expand(codec, byte);
    });
    RunTogether([&] { decoder.Sample(0, 0); }, [&] { decoder.Sample(0, 1); });
    EXPECT_EQ(computed.load(std::memory_order_relaxed), kBytes);
  });
}

TEST(SpeechDecoder, WakesBothOfTwoCallsThatWaitForTheSameTable) {
  Interleavings([] {
    std::atomic<int> computed = 0;
    SpeechDecoder decoder(1, 1, [&](int codec, int byte) {
      computed.fetch_add(1, std::memory_order_relaxed);
      return Expand(codec, byte);
    });
    int samples[3] = {};
    RunTogether([&] { samples[0] = decoder.Sample(0, 0); }, [&] { samples[1] = decoder.Sample(0, 0); },
                [&] { samples[2] = decoder.Sample(0, 0); });
    for (const int sample : samples) EXPECT_EQ(sample, Expand(0, 0));
    EXPECT_EQ(computed.load(std::memory_order_relaxed), 1);
  });
}

// Computing takes its time, and the others come one after the other, so all of them wait when the table is complete.
TEST(SpeechDecoder, WakesAllCallsThatWaitForTheSameTable) {
  InterleavingsInVirtualTime([] {
    SpeechDecoder decoder(1, 1, [](int codec, int byte) {
      std::this_thread::sleep_for(std::chrono::minutes(1));
      return Expand(codec, byte);
    });
    int samples[5] = {};
    const auto call = [&](int place) {
      std::this_thread::sleep_for(std::chrono::seconds(place));
      samples[place] = decoder.Sample(0, 0);
    };
    RunSimultaneously([&] { call(0); }, [&] { call(1); }, [&] { call(2); }, [&] { call(3); }, [&] { call(4); });
    for (const int sample : samples) EXPECT_EQ(sample, Expand(0, 0));
  });
}

TEST(SpeechDecoder, DecodesByTheSameTableEverAfter) {
  Interleavings([] {
    std::atomic<int> computed = 0;
    SpeechDecoder decoder(1, kBytes, [&](int codec, int byte) {
      computed.fetch_add(1, std::memory_order_relaxed);
      return Expand(codec, byte);
    });
    int first = 0, second = 0, other = 0;
    RunTogether(
        [&] {
          first = decoder.Sample(0, 0);
          second = decoder.Sample(0, 1);
        },
        [&] { other = decoder.Sample(0, 0); });
    EXPECT_EQ(first, Expand(0, 0));
    EXPECT_EQ(second, Expand(0, 1));
    EXPECT_EQ(other, Expand(0, 0));
    EXPECT_EQ(decoder.Sample(0, 1), Expand(0, 1));
    EXPECT_EQ(computed.load(std::memory_order_relaxed), kBytes);
  });
}

TEST(SpeechDecoder, DecodesInTwoCodecsAtOnce) {
  Interleavings([] {
    SpeechDecoder decoder(kCodecs, kBytes, Expand);
    int one = 0, other = 0;
    RunTogether([&] { one = decoder.Sample(0, 1); }, [&] { other = decoder.Sample(1, 1); });
    EXPECT_EQ(one, Expand(0, 1));
    EXPECT_EQ(other, Expand(1, 1));
  });
}

// Codecs may share locks, but no call may wait for a codec with which its own shares one.
TEST(SpeechDecoder, LetsNoCallWaitWhoseTableIsComplete) {
  Interleavings([] {
    constexpr int kComplete[] = {1, 2, 3, 4, 5, 6, 7, 8, 16};
    HandShake computing, answered;
    SpeechDecoder decoder(17, 1, [&](int codec, int byte) {
      if (codec == 0) {
        computing.Signal();
        answered.Await();
      }
      return Expand(codec, byte);
    });
    for (const int codec : kComplete) decoder.Sample(codec, 0);
    int slow = 0;
    std::vector<int> quick;
    RunSimultaneously([&] { slow = decoder.Sample(0, 0); },
                      [&] {
                        computing.Await();
                        for (const int codec : kComplete) quick.push_back(decoder.Sample(codec, 0));
                        answered.Signal();
                      });
    EXPECT_EQ(slow, Expand(0, 0));
    for (std::size_t i = 0; i < quick.size(); ++i) EXPECT_EQ(quick[i], Expand(kComplete[i], 0));
  });
}

TEST(SpeechDecoder, HasNothingInCommonWithAnother) {
  Interleavings([] {
    SpeechDecoder decoder(1, kBytes, Expand);
    SpeechDecoder louder(1, kBytes, [](int codec, int byte) { return 2 * Expand(codec, byte); });
    int one = 0, other = 0;
    RunTogether([&] { one = decoder.Sample(0, 1); }, [&] { other = louder.Sample(0, 1); });
    EXPECT_EQ(one, Expand(0, 1));
    EXPECT_EQ(other, 2 * Expand(0, 1));
  });
}

TEST(SpeechDecoder, GivesTheMemoryOfItsTablesBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              SpeechDecoder decoder(kCodecs, kBytes, Expand);
              for (const int codec : {0, 1, 0}) decoder.Sample(codec, 0);
            }),
            0);
}

}  // namespace
}  // namespace racelab
