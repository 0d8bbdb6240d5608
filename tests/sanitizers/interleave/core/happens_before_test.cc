// The happens-before rules of C++20, one by one. Undone operations have no effect.

#include "sanitizers/interleave/happens_before.h"

#include <memory>
#include <optional>
#include <ostream>
#include <tuple>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace racelab::interleave {
namespace {

constexpr int kRelaxed = 0, kConsume = 1, kAcquire = 2, kRelease = 3, kAcquireRelease = 4, kSequential = 5;
constexpr std::uintptr_t kData = 0x10000, kFlag = 0x20000, kMutex = 0x30000;
const void* const kPc = nullptr;

// Three threads; thread 0 has created the others.
class HappensBeforeTest : public testing::Test {
 protected:
  HappensBeforeTest() : detector_(*owned_) {
    detector_.BeginExecution(0);
    detector_.Reached(0);
    detector_.Created(0, 1);
    detector_.Created(0, 2);
  }

  bool Races(int thread, bool write, std::uintptr_t address = kData, std::size_t size = 8, bool atomic = false) {
    return detector_.Note(thread, thread, address, size, write, atomic, kPc, -1, race_);
  }
  bool WriteRaces(int thread, std::uintptr_t address = kData, std::size_t size = 8) {
    return Races(thread, true, address, size);
  }
  bool ReadRaces(int thread, std::uintptr_t address = kData, std::size_t size = 8) {
    return Races(thread, false, address, size);
  }

  const std::unique_ptr<HappensBefore> owned_ = std::make_unique<HappensBefore>();
  HappensBefore& detector_;
  HappensBefore::Race race_;
};

TEST_F(HappensBeforeTest, TwoOfWhichOneWritesRaceIfNothingOrdersThem) {
  EXPECT_FALSE(WriteRaces(1));
  EXPECT_FALSE(WriteRaces(1));
  EXPECT_TRUE(ReadRaces(2));
  EXPECT_TRUE(race_.earlier.write);
  EXPECT_EQ(race_.earlier.thread, 1);
  EXPECT_TRUE(WriteRaces(2));
}

TEST_F(HappensBeforeTest, ReadersDoNotRace) {
  EXPECT_FALSE(ReadRaces(1));
  EXPECT_FALSE(ReadRaces(2));
  EXPECT_TRUE(WriteRaces(0));
}

TEST_F(HappensBeforeTest, AtomicsRaceWithPlainAccessesOnly) {
  EXPECT_FALSE(Races(1, true, kData, 8, true));
  EXPECT_FALSE(Races(2, true, kData, 8, true));
  EXPECT_TRUE(ReadRaces(0));
  EXPECT_TRUE(race_.earlier.atomic);
}

TEST_F(HappensBeforeTest, OnlyBytesInCommonRace) {
  EXPECT_FALSE(WriteRaces(1, kData, 4));
  EXPECT_FALSE(WriteRaces(2, kData + 4, 4));
  EXPECT_TRUE(WriteRaces(2, kData + 3, 1));
  EXPECT_TRUE(WriteRaces(0, kData - 4, 6));  // It extends into the next granule.
  EXPECT_EQ(race_.address, kData);
}

TEST_F(HappensBeforeTest, TellsHowLongTheCommonRangeIs) {
  EXPECT_FALSE(WriteRaces(1, kData + 8, 32));
  EXPECT_TRUE(WriteRaces(2, kData, 80));
  EXPECT_EQ(race_.address, kData + 8);
  EXPECT_EQ(race_.granules, 4);
}

TEST_F(HappensBeforeTest, CreationAndJoinOrder) {
  EXPECT_FALSE(WriteRaces(0));
  EXPECT_TRUE(WriteRaces(1)) << "after the creation";
  EXPECT_FALSE(WriteRaces(1, kFlag));
  EXPECT_TRUE(WriteRaces(0, kFlag)) << "before the join";
  detector_.Joined(0, 1);
  EXPECT_FALSE(WriteRaces(0, kFlag));
  detector_.Created(0, 3);
  EXPECT_FALSE(WriteRaces(3, kFlag));
  EXPECT_FALSE(WriteRaces(3));
}

TEST_F(HappensBeforeTest, ASlotIsReusedAfterAllThatItsLastOwnerDid) {
  EXPECT_FALSE(WriteRaces(1));
  EXPECT_FALSE(detector_.Knows(0, 1));
  detector_.Joined(0, 1);
  EXPECT_TRUE(detector_.Knows(0, 1));
  detector_.Created(0, 1);
  EXPECT_FALSE(WriteRaces(1));
  EXPECT_TRUE(WriteRaces(2));
}

TEST_F(HappensBeforeTest, AMutexHandsOver) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.Release(1, kMutex);
  EXPECT_FALSE(WriteRaces(1, kFlag)) << "after it was handed over";
  detector_.Acquire(2, kMutex);
  EXPECT_FALSE(WriteRaces(2));
  EXPECT_TRUE(WriteRaces(2, kFlag));
}

TEST_F(HappensBeforeTest, ReadersHandOverToWritersOnly) {
  EXPECT_FALSE(ReadRaces(1));
  detector_.ReleaseShared(1, kMutex);
  detector_.Acquire(2, kMutex);
  EXPECT_TRUE(WriteRaces(2)) << "another reader's";
  detector_.AcquireAll(2, kMutex);
  EXPECT_FALSE(WriteRaces(2));
}

// Whether thread 1's actions before its store happen before thread 2's actions after its load.
class PublicationTest : public HappensBeforeTest, public testing::WithParamInterface<std::tuple<int, int, bool>> {};

TEST_P(PublicationTest, OrdersIfOneReleasesAndTheOtherAcquires) {
  const auto [store, load, ordered] = GetParam();
  EXPECT_FALSE(WriteRaces(1));
  detector_.AtomicStore(1, kFlag, store);
  detector_.AtomicLoad(2, kFlag, load);
  EXPECT_EQ(ReadRaces(2), !ordered);
}

INSTANTIATE_TEST_SUITE_P(, PublicationTest,
                         testing::Values(std::tuple(kRelease, kAcquire, true), std::tuple(kSequential, kAcquire, true),
                                         std::tuple(kRelease, kSequential, true), std::tuple(kRelease, kConsume, true),
                                         std::tuple(kRelaxed, kAcquire, false), std::tuple(kRelease, kRelaxed, false),
                                         std::tuple(kRelaxed, kRelaxed, false)));

TEST_F(HappensBeforeTest, AReadModifyWriteGoesOnWithAReleaseSequence) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.AtomicStore(1, kFlag, kRelease);
  detector_.AtomicUpdate(0, kFlag, kRelaxed);
  detector_.AtomicLoad(2, kFlag, kAcquire);
  EXPECT_FALSE(ReadRaces(2));
}

TEST_F(HappensBeforeTest, AStoreEndsAReleaseSequenceEvenIfItIsOfTheSameThread) {  // Since C++20.
  EXPECT_FALSE(WriteRaces(1));
  detector_.AtomicStore(1, kFlag, kRelease);
  detector_.AtomicStore(1, kFlag, kRelaxed);
  detector_.AtomicLoad(2, kFlag, kAcquire);
  EXPECT_TRUE(ReadRaces(2));
}

TEST_F(HappensBeforeTest, AReadModifyWriteAcquiresAndReleases) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.AtomicUpdate(1, kFlag, kAcquireRelease);
  detector_.AtomicUpdate(2, kFlag, kAcquireRelease);
  EXPECT_FALSE(WriteRaces(2));
  detector_.AtomicUpdate(0, kFlag, kRelaxed);
  EXPECT_TRUE(WriteRaces(0));
}

TEST_F(HappensBeforeTest, FencesOrderRelaxedAtomicsBetweenThem) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.Fence(1, kRelease);
  EXPECT_FALSE(WriteRaces(1, kMutex)) << "after the fence";
  detector_.AtomicStore(1, kFlag, kRelaxed);
  detector_.AtomicLoad(2, kFlag, kRelaxed);
  EXPECT_TRUE(ReadRaces(2)) << "before the fence";
  detector_.Fence(2, kAcquire);
  EXPECT_FALSE(ReadRaces(2));
  EXPECT_TRUE(ReadRaces(2, kMutex));
}

TEST_F(HappensBeforeTest, AFenceBehindTheStoreOrHoldingTheWrongWayOrdersNothing) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.AtomicStore(1, kFlag, kRelaxed);
  detector_.Fence(1, kRelease);
  detector_.AtomicLoad(2, kFlag, kAcquire);
  EXPECT_TRUE(ReadRaces(2));
  detector_.Fence(1, kAcquire);
  detector_.AtomicStore(1, kMutex, kRelaxed);
  detector_.AtomicLoad(2, kMutex, kRelaxed);
  detector_.Fence(2, kRelease);
  EXPECT_TRUE(ReadRaces(2));
}

TEST_F(HappensBeforeTest, ToFreeIsToWriteAllOfTheBlock) {
  EXPECT_FALSE(ReadRaces(1, kData + 4096, 1));
  EXPECT_TRUE(detector_.Free(2, kData, 8192, race_));
  EXPECT_EQ(race_.address, kData + 4096);
  detector_.Release(1, kMutex);
  detector_.Acquire(2, kMutex);
  EXPECT_FALSE(detector_.Free(2, kData, 8192, race_));
}

TEST_F(HappensBeforeTest, WhoGetsAtABlockMustComeAfterItsAllocation) {
  detector_.Allocate(1, 1, kData, 64, kPc, -1);
  EXPECT_TRUE(ReadRaces(2, kData + 60, 2));
  EXPECT_TRUE(race_.earlier.allocates());
  EXPECT_FALSE(detector_.Free(2, kData, 64, race_)) << "the allocation is no use of the block";
  detector_.Release(1, kMutex);
  detector_.Acquire(2, kMutex);
  EXPECT_FALSE(ReadRaces(2, kData + 60, 2));
}

TEST_F(HappensBeforeTest, ReusedMemoryIsFresh) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.Release(1, kData);
  detector_.Reuse(kData, 8);
  EXPECT_FALSE(WriteRaces(2));
  EXPECT_FALSE(WriteRaces(1, kFlag));
  detector_.Acquire(2, kData);
  EXPECT_TRUE(WriteRaces(2, kFlag)) << "by what another object at that address had released";
}

TEST_F(HappensBeforeTest, WhatIsIgnoredOrdersNothing) {
  EXPECT_FALSE(WriteRaces(1));
  detector_.IgnoreOrder(1, true);
  detector_.Release(1, kMutex);
  detector_.Acquire(2, kMutex);
  EXPECT_TRUE(ReadRaces(2));
  detector_.IgnoreOrder(1, false);
  detector_.Release(1, kMutex);
  detector_.Acquire(2, kMutex);
  EXPECT_FALSE(ReadRaces(2));
}

TEST_F(HappensBeforeTest, AnAccessNeedNotBeNotedAgainUntilTheClockMoves) {
  EXPECT_FALSE(ReadRaces(1, kData, 4));
  EXPECT_TRUE(detector_.Repeats(1, kData, 4, false));
  EXPECT_TRUE(detector_.Repeats(1, kData + 2, 2, false));
  EXPECT_FALSE(detector_.Repeats(1, kData, 4, true)) << "a write after a read";
  EXPECT_FALSE(detector_.Repeats(1, kData, 8, false)) << "more bytes";
  EXPECT_FALSE(detector_.Repeats(2, kData, 4, false)) << "another thread";
  EXPECT_FALSE(detector_.Repeats(1, kData + 6, 4, false)) << "two times eight bytes";
  detector_.Release(1, kMutex);
  EXPECT_FALSE(detector_.Repeats(1, kData, 4, false));
}

// One action of a random script.
enum class What { kNote, kAtomic, kAcquire, kRelease, kShared, kAll, kLoad, kStore, kUpdate, kFence, kFree, kAllocate };

struct Happening {
  What what;
  int thread;
  std::uintptr_t offset;
  bool write;
  int order;

  bool operator==(const Happening&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Happening& h) {
  return out << "{what " << static_cast<int>(h.what) << ", T" << h.thread << ", " << h.offset
             << (h.write ? ", write" : "") << ", order " << h.order << '}';
}

using Script = std::vector<Happening>;
using Answer = std::optional<std::tuple<std::uintptr_t, int, std::int32_t, bool>>;  // A data race, if there is one.

rc::Gen<Happening> Happenings() {
  return rc::gen::map(rc::gen::tuple(rc::gen::weightedOneOf<What>({{6, rc::gen::just(What::kNote)},
                                                                   {6, rc::gen::cast<What>(rc::gen::inRange(0, 12))}}),
                                     rc::gen::inRange(0, 4), rc::gen::inRange<std::uintptr_t>(0, 4),
                                     rc::gen::arbitrary<bool>(), rc::gen::inRange(0, 6)),
                      [](const auto& t) { return std::apply([](auto... part) { return Happening{part...}; }, t); });
}

Answer Happen(HappensBefore& detector, const Happening& h) {
  const std::uintptr_t data = kData + 4 * h.offset, object = kFlag + 8 * h.offset;
  HappensBefore::Race race = {};
  bool raced = false;
  switch (h.what) {
    case What::kNote:
    case What::kAtomic:
      raced = detector.Note(h.thread, h.thread, data, 1 + h.order, h.write, h.what == What::kAtomic, kPc, -1, race);
      break;
    case What::kAcquire:
      detector.Acquire(h.thread, object);
      break;
    case What::kRelease:
      detector.Release(h.thread, object);
      break;
    case What::kShared:
      detector.ReleaseShared(h.thread, object);
      break;
    case What::kAll:
      detector.AcquireAll(h.thread, object);
      break;
    case What::kLoad:
      detector.AtomicLoad(h.thread, object, h.order);
      break;
    case What::kStore:
      detector.AtomicStore(h.thread, object, h.order);
      break;
    case What::kUpdate:
      detector.AtomicUpdate(h.thread, object, h.order);
      break;
    case What::kFence:
      detector.Fence(h.thread, h.order);
      break;
    case What::kFree:
      raced = detector.Free(h.thread, data, 16, race);
      break;
    case What::kAllocate:
      detector.Allocate(h.thread, h.thread, data, 16, kPc, -1);
      break;
  }
  if (!raced) return std::nullopt;
  return std::tuple(race.address, race.earlier.thread, race.earlier.time, race.earlier.write);
}

// Makes each action a step; returns the answers to the steps that are not repeated.
std::vector<Answer> Run(HappensBefore& detector, const Script& script, std::size_t same) {
  std::vector<Answer> answers;
  detector.BeginExecution(same);
  for (int thread = 1; thread < 4; ++thread) detector.Created(0, thread);
  for (std::size_t i = 0; i < script.size(); ++i) {
    detector.Reached(i);
    const Answer answer = Happen(detector, script[i]);
    if (i + 1 >= same) answers.push_back(answer);
  }
  return answers;
}

RC_GTEST_PROP(UndoneHappensBeforeTest, AnExecutionThatRepeatsAPrefixIsAsOneThatIsWorkedOutAnew, ()) {
  // The threads are created before the first step: that part is never undone.
  const auto repeating = std::make_unique<HappensBefore>();
  Script script = *rc::gen::container<Script>(*rc::gen::inRange<std::size_t>(2, 40), Happenings());
  Run(*repeating, script, 0);
  for (int execution = 0; execution < 4; ++execution) {
    const std::size_t same = *rc::gen::inRange<std::size_t>(1, script.size() + 1);
    const Script tail = *rc::gen::container<Script>(*rc::gen::inRange<std::size_t>(1, 20), Happenings());
    script.resize(same - 1);
    script.insert(script.end(), tail.begin(), tail.end());
    const auto anew = std::make_unique<HappensBefore>();
    std::vector<Answer> expected = Run(*anew, script, 0);
    expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(same - 1));
    RC_ASSERT(Run(*repeating, script, same) == expected);
  }
}

// A thread that has lost its storage makes accesses that it never makes otherwise. Once the runtime notices this, it
// ends the execution and runs it again.
RC_GTEST_PROP(UndoneHappensBeforeTest, AnExecutionThatIsCutShortLeavesNothingBehind, ()) {
  const Script script = *rc::gen::container<Script>(*rc::gen::inRange<std::size_t>(2, 40), Happenings());
  Script cut_short = script;
  cut_short.resize(*rc::gen::inRange<std::size_t>(0, script.size()));
  const Script stray = *rc::gen::container<Script>(*rc::gen::inRange<std::size_t>(1, 5), Happenings());
  const auto detector = std::make_unique<HappensBefore>(), anew = std::make_unique<HappensBefore>();
  Run(*detector, cut_short, 0);
  for (const Happening& happening : stray) Happen(*detector, happening);
  const std::size_t same = *rc::gen::inRange<std::size_t>(0, script.size() + 1);
  std::vector<Answer> expected = Run(*anew, script, 0);
  const std::size_t skipped = same == 0 ? 0 : same - 1;
  expected.erase(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(skipped));
  RC_ASSERT(Run(*detector, script, same) == expected);
}

}  // namespace
}  // namespace racelab::interleave
