#include "sanitizers/verdict/known_defects.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kHeader[] = "/usr/include/c++/12/bits/header.h";

Frame OfLibrary(std::string function) { return {std::move(function), kHeader, 7, "program"}; }
Frame OfProgram(std::string function) { return {std::move(function), "/home/me/program.cc", 7, "program"}; }

Stack StackOf(std::vector<Frame> frames) { return {StackRole::kAccess, "", std::move(frames)}; }

// Two takers; T2 sleeps, and the counter is `last`.
InterleavingFailure Sleeping(std::uint64_t last, std::vector<Frame> frames) {
  InterleavingFailure failure;
  failure.kind = "deadlock";
  WaitingThread waiting;
  waiting.thread = 2;
  waiting.operation = "sleep on";
  waiting.object = "stack of T0+0x40";
  waiting.stack = StackOf(std::move(frames));
  failure.waiting = {waiting};
  InterleavingStep release;
  release.operation = "update";
  release.object = waiting.object;
  release.before = 0;
  release.after = last;
  InterleavingStep sleep = release;  // It has no value.
  sleep.operation = "sleep on";
  sleep.before = sleep.after = std::nullopt;
  failure.steps = {release, sleep};
  return failure;
}

const std::vector<Frame>& InAcquire() {
  static const auto& frames =
      *new std::vector<Frame>{OfLibrary("void std::__detail::__platform_wait<int>(int const*, int)"),
                              OfLibrary("std::__atomic_semaphore::_M_acquire()"), OfProgram("main")};
  return frames;
}

InterleavingFailure Racing(std::vector<Frame> one, std::vector<Frame> other) {
  InterleavingFailure failure;
  failure.kind = "data race";
  failure.accesses = {{0, "read", StackOf(std::move(one)), false, {}, {}},
                      {1, "write", StackOf(std::move(other)), false, {}, {}}};
  return failure;
}

const char kLoad[] = "std::_Sp_atomic<std::shared_ptr<int> >::load(std::memory_order) const";
const char kSwap[] = "std::_Sp_atomic<std::shared_ptr<int> >::swap(std::shared_ptr<int>&, std::memory_order)";

TEST(KnownDefectsTest, HaveATextEach) {
  for (const KnownDefect& defect : KnownDefects()) {
    EXPECT_FALSE(defect.id.empty());
    EXPECT_FALSE(defect.what.empty()) << defect.id;
    EXPECT_FALSE(defect.versions.empty()) << defect.id;
  }
}

TEST(KnownDefectsTest, KnowTheLostWakeUpOfASemaphore) {
  const InterleavingFailure failure = Sleeping(1, InAcquire());
  const KnownDefect* defect = FindKnownDefect(failure);
  ASSERT_NE(defect, nullptr);
  EXPECT_FALSE(defect->is_formal);
  const std::string text = Describe(*defect, failure);
  EXPECT_THAT(text, StartsWith("a known defect of libstdc++ 12, GCC bugs 104928 and 98033, not of this program: "));
}

TEST(KnownDefectsTest, DoNotExcuseASemaphoreThatNobodyReleases) {
  EXPECT_EQ(FindKnownDefect(Sleeping(0, InAcquire())), nullptr);
}

TEST(KnownDefectsTest, DoNotExcuseAnotherSleep) {
  EXPECT_EQ(FindKnownDefect(Sleeping(1, {OfLibrary("std::atomic<int>::wait(int, std::memory_order) const")})), nullptr);
  EXPECT_EQ(FindKnownDefect(Sleeping(1, {OfProgram("std::__atomic_semaphore::_M_acquire()")})), nullptr);
}

TEST(KnownDefectsTest, KnowTheRelaxedUnlockOfAnAtomicSharedPointer) {
  const InterleavingFailure failure = Racing({OfLibrary(kLoad), OfProgram("main")},
                                             {OfLibrary("void std::swap<int*>(int*&, int*&)"), OfLibrary(kSwap)});
  const KnownDefect* defect = FindKnownDefect(failure);
  ASSERT_NE(defect, nullptr);
  EXPECT_TRUE(defect->is_formal);
  EXPECT_THAT(Describe(*defect, failure), HasSubstr("std::atomic<std::shared_ptr>::load()"));
}

TEST(KnownDefectsTest, DoNotExcuseARaceOfTheProgramNextToIt) {
  // Code of the program itself, or of a function that the library has called.
  EXPECT_EQ(FindKnownDefect(Racing({OfLibrary(kLoad)}, {OfProgram("main")})), nullptr);
  EXPECT_EQ(FindKnownDefect(Racing({OfLibrary(kLoad)}, {OfProgram("Deleter::operator()(int*)"), OfLibrary(kSwap)})),
            nullptr);
  EXPECT_EQ(FindKnownDefect(Racing({}, {})), nullptr);
}

TEST(KnownDefectsTest, KnowTheCacheOfCharacters) {
  const char narrow[] = "std::ctype<char>::narrow(char, char) const";
  Frame within = {"", "", 0, "libstdc++.so.6"};
  const KnownDefect* defect =
      FindKnownDefect(Racing({OfLibrary(narrow), OfLibrary("std::__detail::_Scanner<char>::_M_scan_normal()")},
                             {within, OfLibrary("std::ctype<char>::_M_narrow_init() const"), OfLibrary(narrow)}));
  ASSERT_NE(defect, nullptr);
  EXPECT_TRUE(defect->is_formal);
  EXPECT_EQ(FindKnownDefect(Racing({OfLibrary(narrow)}, {within, OfProgram("main")})), nullptr);
}

// Before frames replace the places: the runtime gets the places.
TEST(KnownDefectsTest, AreNotedByTheirPlaces) {
  Exploration exploration;
  const auto at = [](const char* place) { return Frame{"", "", 0, place}; };
  exploration.failures = {Racing({at("p+0x10")}, {at("p+0x20"), at("p+0x30")}), Racing({at("p+0x10")}, {at("p+0x40")})};
  std::vector<Exploration> explorations = {exploration};
  const FramesOfPlaces frames = {{"p+0x10", {OfLibrary(kLoad)}},
                                 {"p+0x20", {OfLibrary("void std::swap<int*>(int*&, int*&)")}},
                                 {"p+0x30", {OfLibrary(kSwap)}},
                                 {"p+0x40", {OfProgram("main")}}};
  EXPECT_EQ(NoteKnownDefects(explorations, frames), std::vector<std::string>{"p+0x10*p+0x20"});
  EXPECT_TRUE(explorations[0].failures[0].is_note);
  EXPECT_FALSE(explorations[0].failures[0].defect.empty());
  EXPECT_FALSE(explorations[0].failures[1].is_note);
  EXPECT_TRUE(explorations[0].failures[1].defect.empty());
}

}  // namespace
}  // namespace racelab
