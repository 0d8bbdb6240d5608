// Which operations depend on each other.

#include "sanitizers/interleave/operation.h"

#include <set>
#include <string>
#include <tuple>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/interleave/model/condition.h"
#include "sanitizers/interleave/model/descriptor.h"
#include "sanitizers/interleave/model/futex.h"
#include "sanitizers/interleave/model/lock.h"
#include "sanitizers/interleave/model/once.h"
#include "sanitizers/interleave/model/primitives.h"
#include "sanitizers/interleave/model/semaphore.h"

namespace racelab::interleave {

void showValue(const Operation& operation, std::ostream& out) {
  out << Name(operation.kind) << " reads " << int{operation.reads} << " changes " << int{operation.changes} << " at "
      << operation.address << '/' << operation.size << (operation.meets_all ? " meets all" : "");
}

namespace {

rc::Gen<Operation> Operations() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::cast<Kind>(rc::gen::inRange(1, static_cast<int>(Kind::kNote))), rc::gen::inRange(0, 256),
                     rc::gen::inRange(0, 256), rc::gen::inRange<std::uintptr_t>(100, 108),
                     rc::gen::inRange<std::uint32_t>(1, 9), rc::gen::weightedElement<bool>({{9, false}, {1, true}})),
      [](const auto& t) {
        const auto& [kind, reads, changes, address, size, meets_all] = t;
        Operation operation;
        operation.kind = kind;
        if (kind != Kind::kYield) {  // A yield reads and changes nothing: it only shows that the thread exists.
          operation.reads = static_cast<Aspects>(reads);
          operation.changes = static_cast<Aspects>(changes);
          operation.meets_all = meets_all;
        }
        operation.address = address;
        operation.size = size;
        return operation;
      });
}

RC_GTEST_PROP(OperationTest, ConflictIsSymmetric, ()) {
  const Operation a = *Operations(), b = *Operations();
  RC_ASSERT(Conflict(a, b) == Conflict(b, a));
}

RC_GTEST_PROP(OperationTest, WhatCoversAnOperationConflictsWithAllThatTheOtherDoes, ()) {
  const Operation covered = *Operations(), other = *Operations();
  Operation covers = covered;  // Independent random operations would hardly ever cover one another.
  covers.reads |= static_cast<Aspects>(*rc::gen::inRange(0, 256));
  covers.changes |= static_cast<Aspects>(*rc::gen::inRange(0, 256));
  covers.address -= *rc::gen::inRange<std::uintptr_t>(0, 3);
  covers.size = *rc::gen::inRange<std::uint32_t>(1, 12);
  RC_PRE(covered.kind != Kind::kYield);
  RC_PRE(Covers(covers, covered));
  RC_ASSERT((!Conflict(covered, other) || Conflict(covers, other)));
}

RC_GTEST_PROP(OperationTest, AnOperationCoversItself, ()) {
  const Operation operation = *Operations();
  RC_ASSERT(Covers(operation, operation));
}

RC_GTEST_PROP(OperationTest, WhatChangesNothingDoesNotConflictWithItsLike, ()) {
  Operation a = *Operations(), b = *Operations();
  a.changes = b.changes = 0;
  a.meets_all = b.meets_all = false;
  RC_ASSERT(!Conflict(a, b));
}

Operation OnOneLock(Kind kind) { return OnLock(kind, 0x1000, nullptr); }

TEST(OperationTest, ReadersOfALockDoNotDependOnEachOther) {
  EXPECT_FALSE(Conflict(OnOneLock(Kind::kLockShared), OnOneLock(Kind::kLockShared)));
  EXPECT_FALSE(Conflict(OnOneLock(Kind::kLockShared), OnOneLock(Kind::kUnlockShared)));
  EXPECT_TRUE(Conflict(OnOneLock(Kind::kLockShared), OnOneLock(Kind::kLock)));
  EXPECT_TRUE(Conflict(OnOneLock(Kind::kUnlockShared), OnOneLock(Kind::kLock)));
  EXPECT_FALSE(Conflict(OnOneLock(Kind::kLock), OnLock(Kind::kLock, 0x1001, nullptr)));
}

TEST(OperationTest, ATryDependsOnAllThatItsResultDependsOn) {
  Locks locks;
  Operation attempt = OnOneLock(Kind::kTryLock);
  locks[0x1000].readers = Only(1);
  locks.Settle(attempt);
  EXPECT_EQ(attempt.changes, 0);
  EXPECT_TRUE(attempt.met_readers);
  EXPECT_TRUE(Conflict(attempt, OnOneLock(Kind::kUnlockShared)));
  EXPECT_FALSE(Conflict(attempt, OnOneLock(Kind::kTryLock)) && (OnOneLock(Kind::kTryLock).changes & kOwner) == 0);
  attempt = OnOneLock(Kind::kTryLock);
  attempt.timed = true;
  locks.Settle(attempt);
  EXPECT_EQ(attempt.changes, kTime) << "it has waited";
  locks[0x1000].readers = 0;
  locks.Settle(attempt);
  EXPECT_EQ(attempt.changes, kOwner);
}

TEST(OperationTest, WhoWaitedForTheOtherCouldNotHaveComeFirst) {
  EXPECT_FALSE(Reversible(OnOneLock(Kind::kUnlock), OnOneLock(Kind::kLock)));
  EXPECT_FALSE(Reversible(OnOneLock(Kind::kLock), OnOneLock(Kind::kUnlock)));
  EXPECT_FALSE(Reversible(OnOneLock(Kind::kUnlockShared), OnOneLock(Kind::kLock)));
  EXPECT_TRUE(Reversible(OnOneLock(Kind::kLock), OnOneLock(Kind::kLock)));
  EXPECT_TRUE(Reversible(OnOneLock(Kind::kTryLock), OnOneLock(Kind::kLock)));
  Operation failed_try = OnOneLock(Kind::kTryLock);
  failed_try.met_owner = true;
  EXPECT_FALSE(Reversible(failed_try, OnOneLock(Kind::kLock))) << "it waited for the owner that the try had met";
  EXPECT_FALSE(Reversible(OnOnce(Kind::kOnceLeave, 1, nullptr), OnOnce(Kind::kOnceEnter, 1, nullptr)));
}

TEST(OperationTest, OnlyTheFirstUnitOfASemaphoreIsWaitedFor) {
  alignas(8) std::uint32_t value[2] = {0, 0};
  const auto address = reinterpret_cast<std::uintptr_t>(value);
  const Operation take = OnSemaphore(Kind::kAcquire, address, nullptr);
  Operation give = OnSemaphore(Kind::kRelease, address, nullptr);
  EXPECT_FALSE(SemaphoreAllows(take));
  SettleOnSemaphore(give);
  EXPECT_FALSE(Reversible(give, take));
  value[0] = 1;
  EXPECT_TRUE(SemaphoreAllows(take));
  SettleOnSemaphore(give);
  EXPECT_TRUE(Reversible(give, take));
  Operation attempt = OnSemaphore(Kind::kTryAcquire, address, nullptr, true);
  SettleOnSemaphore(attempt);
  EXPECT_EQ(attempt.changes, kContent);
  value[0] = 0;
  SettleOnSemaphore(attempt);
  EXPECT_EQ(attempt.changes, kTime);
  EXPECT_TRUE(attempt.met_owner);
}

TEST(OperationTest, AReaderDoesNotPassAWriterThatQueues) {
  Locks locks;
  const Operation reader = OnLock(Kind::kLockShared, 0x1000, nullptr, true);
  EXPECT_TRUE(locks.Possible(reader));
  locks[0x1000].queued_writers = Only(2);
  EXPECT_FALSE(locks.Possible(reader));
  EXPECT_TRUE(Conflict(OnOneLock(Kind::kQueueForLock), reader));
}

TEST(OperationTest, SleepingOnAFutexReadsTheWordAndEntersTheQueue) {
  const Operation wait = OnFutexWait(0x1000, 7, nullptr), wake = OnFutexWake(0x1000, nullptr);
  Operation store;
  store.kind = Kind::kStore;
  store.reads = store.changes = kContent;
  store.size = 4;
  store.address = 0x1000;
  EXPECT_TRUE(Conflict(wait, store));
  EXPECT_TRUE(Conflict(wait, wake));
  EXPECT_FALSE(Conflict(wake, store));
  const Operation asleep = AsleepOnFutex(wait, true);
  EXPECT_FALSE(Conflict(asleep, store)) << "it has read the word";
  EXPECT_TRUE(Conflict(asleep, wake));
  EXPECT_TRUE((asleep.changes & kTime) != 0);
}

TEST(OperationTest, ANotificationMeetsWhoEntersTheQueueOfThatConditionVariable) {
  EXPECT_TRUE(Conflict(OnCondition(Kind::kWait, 1, nullptr), OnCondition(Kind::kNotify, 1, nullptr)));
  EXPECT_FALSE(Conflict(OnCondition(Kind::kWait, 1, nullptr), OnCondition(Kind::kNotify, 2, nullptr)));
}

TEST(OperationTest, EachKindHasANameOfItsOwn) {
  std::set<std::string> names;
  int kinds = 0;
  for (int kind = 0; kind <= static_cast<int>(Kind::kNote); ++kind) {
    EXPECT_STRNE(Name(static_cast<Kind>(kind)), "?") << "kind " << kind;
    names.insert(Name(static_cast<Kind>(kind)));
    ++kinds;
  }
  EXPECT_EQ(names.size(), kinds);
}

TEST(OperationTest, ForgottenObjectsBeginAnew) {
  Primitives primitives;
  for (const std::uintptr_t address : {0x1000, 0x1008, 0x3000}) {
    primitives.Know(primitives.locks[address], address);
    primitives.locks[address].Own(1);
  }
  primitives.ForgetObjects(0x1008, 0x1ff8);
  EXPECT_TRUE(primitives.locks[0x1000].IsHeld());
  EXPECT_FALSE(primitives.locks[0x1008].IsHeld());
  EXPECT_TRUE(primitives.locks[0x3000].IsHeld()) << "just behind the memory";
}

TEST(OperationTest, ABarrierLetsAllGoOnTogether) {
  Barrier barrier;
  barrier.count = 3;
  EXPECT_FALSE(barrier.Arrive(0));
  EXPECT_FALSE(barrier.Arrive(2));
  EXPECT_TRUE(barrier.Arrive(1));
  EXPECT_EQ(barrier.waiting.TakeFirst(), 0);
  EXPECT_EQ(barrier.waiting.TakeFirst(), 2);
  EXPECT_EQ(barrier.waiting.TakeFirst(), -1);
  EXPECT_FALSE(barrier.Arrive(0)) << "the next round";
}

}  // namespace
}  // namespace racelab::interleave
