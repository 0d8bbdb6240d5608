// Which loops the watch recognises as having no effect.

#include "sanitizers/interleave/spin_watch.h"

#include <memory>

#include "gtest/gtest.h"

namespace racelab::interleave {
namespace {

using Look = SpinWatch::Look;

const char kHere[2] = {};
const void* const kPlace = &kHere[0];
const void* const kOtherPlace = &kHere[1];
constexpr std::uintptr_t kFlag = 0x1000, kOther = 0x2000;
constexpr int kEnough = 100;      // Rounds after which each loop without an effect counts as a spin,
constexpr int kForLong = 10'000;  // unless the watch is patient.

class SpinWatchTest : public testing::Test {
 protected:
  // Runs this many rounds of `while (flag == 0)`; returns the last answer.
  Look GoRound(int rounds) {
    Look last = Look::kStep;
    for (int i = 0; i < rounds; ++i) last = LookAt(kFlag, kPlace);
    return last;
  }

  // `now_`, and the moment of the latest change, are the test's own clock.
  Look LookAt(std::uintptr_t address, const void* place) {
    return watch_.Note(address, place, now_,
                       [this](std::uintptr_t, std::uint32_t since) { return latest_change_ > since; });
  }
  void Change() { latest_change_ = ++now_; }

  std::uint32_t now_ = 0, latest_change_ = 0;
  SpinWatch watch_;
};

TEST_F(SpinWatchTest, TheFirstRoundsAreStepsThenItRepeatsThenItSpins) {
  EXPECT_EQ(GoRound(1), Look::kStep);
  EXPECT_EQ(GoRound(2), Look::kStep);
  EXPECT_EQ(GoRound(1), Look::kRepeat);
  EXPECT_EQ(GoRound(20), Look::kRepeat) << "the C++ library reads 16 times before it sleeps";
  EXPECT_EQ(GoRound(kEnough), Look::kSpin);
}

TEST_F(SpinWatchTest, WhatHasChangedIsLookedAtAnew) {
  for (int i = 0; i < kEnough; ++i) {
    EXPECT_EQ(LookAt(kFlag, kPlace), Look::kStep);
    Change();
  }
}

TEST_F(SpinWatchTest, OtherPlacesAreOtherLooks) {
  for (const void* place : {kPlace, kOtherPlace}) EXPECT_EQ(LookAt(kFlag, place), Look::kStep);
  EXPECT_EQ(LookAt(kOther, kPlace), Look::kStep);
}

TEST_F(SpinWatchTest, AnEffectThatOthersCanSeeIsProgress) {
  for (int i = 0; i < kEnough; ++i) {
    EXPECT_EQ(GoRound(1), Look::kStep);
    watch_.Forget();
  }
}

TEST_F(SpinWatchTest, CountingIsProgress) {
  std::uint64_t turns = 0;
  for (int i = 0; i < kEnough; ++i) {
    EXPECT_EQ(GoRound(1), Look::kStep);
    watch_.NoteWrite(reinterpret_cast<std::uintptr_t>(&turns), sizeof turns);
    ++turns;
  }
}

TEST_F(SpinWatchTest, WhatComesToLieWhereAFunctionWroteThatHasReturnedIsNoEffect) {
  std::uint64_t local = 0;
  Look last = Look::kStep;
  for (int i = 0; i < kEnough; ++i) {
    last = GoRound(1);
    watch_.NoteWrite(reinterpret_cast<std::uintptr_t>(&local), sizeof local);
    local = 7;
    watch_.SettleWrite();
    local = static_cast<std::uint64_t>(i);
  }
  EXPECT_EQ(last, Look::kSpin);
}

TEST_F(SpinWatchTest, WritingWhatWasWrittenInTheLastRoundIsNoEffect) {
  std::uint64_t seen = 0;
  Look last = Look::kStep;
  for (int i = 0; i < kEnough; ++i) {
    last = GoRound(1);
    watch_.NoteWrite(reinterpret_cast<std::uintptr_t>(&seen), sizeof seen);
    seen = 7;
  }
  EXPECT_EQ(last, Look::kSpin);
}

TEST_F(SpinWatchTest, AWriteThatIsTooLargeOrOneOfTooManyIsProgress) {
  char large[16] = {};
  for (int i = 0; i < kEnough; ++i) {
    EXPECT_EQ(GoRound(1), Look::kStep);
    watch_.NoteWrite(reinterpret_cast<std::uintptr_t>(large), sizeof large);
  }
  char many[64] = {};
  for (int i = 0; i < kEnough; ++i) {
    EXPECT_EQ(GoRound(1), Look::kStep);
    for (char& byte : many) watch_.NoteWrite(reinterpret_cast<std::uintptr_t>(&byte), 1);
  }
}

TEST_F(SpinWatchTest, ALoopOverSeveralFlagsSpinsToo) {
  Look last = Look::kStep;
  for (int i = 0; i < kEnough; ++i) {
    for (std::uintptr_t flag = 0; flag < 7; ++flag) last = LookAt(kFlag + 8 * flag, kPlace);
  }
  EXPECT_EQ(last, Look::kSpin);
}

TEST_F(SpinWatchTest, ARoundThatIsTooLongIsNotRecognised) {
  for (int i = 0; i < kEnough; ++i) {
    for (std::uintptr_t flag = 0; flag < 100; ++flag) EXPECT_EQ(LookAt(kFlag + 8 * flag, kPlace), Look::kStep);
  }
}

TEST_F(SpinWatchTest, OnlyWhatIsLookedAtInTheLoopCanEndIt) {
  LookAt(kOther, kOtherPlace);  // Once, before the loop.
  GoRound(kEnough);
  EXPECT_FALSE(watch_.Changed([](std::uintptr_t address, std::uint32_t) { return address == kOther; }));
  EXPECT_TRUE(watch_.Changed([](std::uintptr_t address, std::uint32_t) { return address == kFlag; }));
}

TEST_F(SpinWatchTest, IsPatientOnce) {
  EXPECT_EQ(GoRound(kEnough), Look::kSpin);
  EXPECT_FALSE(watch_.patient());
  EXPECT_TRUE(watch_.BePatient());
  EXPECT_TRUE(watch_.patient());
  EXPECT_EQ(GoRound(kForLong), Look::kRepeat);
  EXPECT_FALSE(watch_.BePatient());
  EXPECT_EQ(GoRound(20 * kForLong), Look::kSpin) << "not for ever";
  watch_.Forget();
  EXPECT_TRUE(watch_.BePatient()) << "of another loop";
}

TEST_F(SpinWatchTest, ALibraryThatIsNotSeenMayWriteWhatIsLookedAt) {
  alignas(8) std::uint32_t flag[2] = {};
  const auto is_memory = [](std::uintptr_t) { return true; };
  LookAt(reinterpret_cast<std::uintptr_t>(flag), kPlace);
  watch_.KeepValues(is_memory);
  EXPECT_FALSE(watch_.ChangedUnseen(is_memory));
  flag[0] = 1;
  EXPECT_TRUE(watch_.ChangedUnseen(is_memory));
  EXPECT_FALSE(watch_.ChangedUnseen([](std::uintptr_t) { return false; }));
}

}  // namespace
}  // namespace racelab::interleave
