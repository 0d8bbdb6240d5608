// The reference interpreter, compared with results that can be derived by hand.

#include "tests/sanitizers/interleave/reference.h"

#include <initializer_list>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/explored/random_operations.h"

namespace racelab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::uint32_t DigestOf(std::initializer_list<std::uint32_t> values) {
  Digest digest;
  for (const std::uint32_t value : values) digest.Add(value);
  return digest.value();
}

// The exit code of a main that reads these values, from joined threads and itself, and then the variables' final
// values.
int ExitCode(std::initializer_list<std::uint32_t> values) { return static_cast<int>(DigestOf(values) & 0x3fffffff); }

TEST(ReferenceTest, OneThreadHasOneOutcome) {
  const ReferenceFindings found = Interpret({"add0 add0 load0 store1 cas1 exchange0"});
  EXPECT_TRUE(found.complete);
  EXPECT_THAT(found.outcomes, ElementsAre(ExitCode({0, 1, 2, 0, 2, 13, 11})));  // cas1 fails, but uses a number.
  EXPECT_EQ(found.certain, found.outcomes);
  EXPECT_THAT(found.failures, IsEmpty());
  EXPECT_THAT(found.races, IsEmpty());
}

TEST(ReferenceTest, AnAddLosesNothingAndALoadWithAStoreDoes) {
  const ReferenceFindings found = Interpret({"create1 create2", "add0", "add0"});
  EXPECT_THAT(found.outcomes, UnorderedElementsAre(ExitCode({DigestOf({0}), DigestOf({1}), 2, 0}),
                                                   ExitCode({DigestOf({1}), DigestOf({0}), 2, 0})));
}

TEST(ReferenceTest, StoreBufferingNeverShowsTwoOldValues) {
  const ReferenceFindings found = Interpret({"create1 create2", "store0 load1", "store1 load0"});
  EXPECT_THAT(found.outcomes, UnorderedElementsAre(ExitCode({DigestOf({0}), DigestOf({21}), 21, 31}),
                                                   ExitCode({DigestOf({31}), DigestOf({0}), 21, 31}),
                                                   ExitCode({DigestOf({31}), DigestOf({21}), 21, 31})));
}

TEST(ReferenceTest, MutualExclusionOrdersPlainAccesses) {
  EXPECT_THAT(Interpret({"create1 create2", "lock0 write0 unlock0", "lock0 read0 unlock0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "lock0 write0 unlock0", "lock1 read0 unlock1"}).races, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 create2", "read0", "read0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"write0 create1 join1 write0", "write0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 read0", "write0"}).races, ElementsAre(0));
}

TEST(ReferenceTest, WhatIsWrittenIsReadAfterARaceToo) {
  EXPECT_THAT(Interpret({"create1 read0", "write0"}).outcomes,
              UnorderedElementsAre(ExitCode({0, DigestOf({}), 21, 0}), ExitCode({21, DigestOf({}), 21, 0})));
}

TEST(ReferenceTest, MessagePassing) {
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1", "spin1 read0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "write0 store_relaxed1", "spin1 read0"}).races, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 create2", "write0 fence_release0 store_relaxed1", "spin1 read0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1", "load_relaxed1 read0"}).races, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1", "load1 read_if0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1", "load1 write_unless0"}).races, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1", "load_relaxed1 fence_acquire0 read_if0"}).races,
              IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "try_lock0 write_unless0", "lock0 write0"}).races, IsEmpty());
  // A relaxed read-modify-write continues the release sequence; a relaxed store ends it.
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1 add_relaxed1", "spin1 read0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "write0 store1 store_relaxed1", "spin1 read0"}).races, ElementsAre(0));
}

TEST(ReferenceTest, AtomicAndPlainAccessesRace) {
  EXPECT_THAT(Interpret({"create1 load0", "write0"}).races, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 load0", "read0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 store0", "read0"}).races, ElementsAre(0));
}

TEST(ReferenceTest, LocksInOppositeOrderDeadlock) {
  const ReferenceFindings found =
      Interpret({"create1 create2", "lock0 lock1 unlock1 unlock0", "lock1 lock0 unlock0 unlock1"});
  EXPECT_THAT(found.failures, ElementsAre("deadlock: T0 join, T1 lock, T2 lock"));
  EXPECT_THAT(found.outcomes, SizeIs(1));
}

TEST(ReferenceTest, KindsOfMutexes) {
  EXPECT_THAT(Interpret({"lock_again0 lock_again0"}).failures, ElementsAre("deadlock: T0 lock"));
  EXPECT_THAT(Interpret({"lock_again2 lock_again2"}).outcomes, ElementsAre(ExitCode({0, 0, 0, 0})));
  EXPECT_THAT(Interpret({"lock_again3 lock_again3"}).outcomes, ElementsAre(ExitCode({0, EDEADLK, 0, 0})));
  EXPECT_THAT(Interpret({"lock0 try_lock0 timed_lock0"}).outcomes, ElementsAre(ExitCode({EBUSY, ETIMEDOUT, 0, 0})));
  EXPECT_THAT(Interpret({"unlock_anyway0"}).failures, ElementsAre("misuse: T0"));
  EXPECT_THAT(Interpret({"unlock_anyway3"}).outcomes, ElementsAre(ExitCode({EPERM, 0, 0})));
  // Another thread gets the recursive mutex only after it has been unlocked as often as locked.
  EXPECT_THAT(Interpret({"create1", "lock2 lock2 unlock2 write0 unlock2 lock2"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 lock2 write0", "lock2 lock2 unlock2 write0 unlock2 write1"}).races, IsEmpty());
}

TEST(ReferenceTest, ATryFailsOnlyWhileTheLockIsHeld) {
  EXPECT_THAT(Interpret({"create1 try_lock0", "lock0 unlock0"}).outcomes,
              UnorderedElementsAre(ExitCode({0, DigestOf({}), 0, 0}), ExitCode({EBUSY, DigestOf({}), 0, 0})));
  EXPECT_THAT(Interpret({"create1 try_lock0", "lock1 unlock1"}).outcomes, SizeIs(1));
}

TEST(ReferenceTest, ReadersShareAndWritersDoNot) {
  EXPECT_THAT(Interpret({"read_lock0 read_lock0 try_write_lock0 release0 release0 try_write_lock0"}).outcomes,
              ElementsAre(ExitCode({0, 0, EBUSY, 0, 0, 0})));
  EXPECT_THAT(Interpret({"write_lock0 write_lock0 read_lock0 try_read_lock0 timed_read_lock0"}).outcomes,
              ElementsAre(ExitCode({0, EDEADLK, EDEADLK, EBUSY, EDEADLK, 0, 0})));
  EXPECT_THAT(Interpret({"read_lock0 write_lock0"}).failures, ElementsAre("deadlock: T0 lock"));
  // A reader's actions happen before the next writer's, but not before the next reader's.
  EXPECT_THAT(Interpret({"create1 create2", "read_lock0 read0 release0", "write_lock0 write0 release0"}).races,
              IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "read_lock0 write0 release0", "read_lock0 read0 release0"}).races,
              ElementsAre(0));
}

TEST(ReferenceTest, AWaitingWriterKeepsReadersOutOfTheLockThatPrefersIt) {
  const std::vector<std::string> program = {"create1", "read_lock1 create2 read_lock1 release1 release1",
                                            "write_lock1 release1"};
  EXPECT_THAT(Interpret(program).failures, ElementsAre("deadlock: T0 join, T1 lock shared, T2 lock"));
  EXPECT_THAT(Interpret(program, {.writers_preferred = false}).failures, IsEmpty());
  EXPECT_THAT(
      Interpret({"create1", "read_lock0 create2 read_lock0 release0 release0", "write_lock0 release0"}).failures,
      IsEmpty());
  // No deadlock if the writer gives up in time.
  EXPECT_THAT(Interpret({"create1", "read_lock1 create2 read_lock1 release1 release1", "timed_write_lock1"}).failures,
              IsEmpty());
}

TEST(ReferenceTest, ALostWakeUp) {
  EXPECT_THAT(Interpret({"create1 create2", "wait0", "signal0"}).failures, ElementsAre("deadlock: T0 join, T1 wait"));
  EXPECT_THAT(Interpret({"create1 create2", "wait0", "signal0"}, {.spurious_wakeups = true}).failures,
              ElementsAre("deadlock: T0 join, T1 wait"));  // A program cannot rely on a spurious wake-up.
  EXPECT_THAT(Interpret({"create1", "timed_wait0"}).outcomes, ElementsAre(ExitCode({DigestOf({ETIMEDOUT}), 0, 0})));
  EXPECT_THAT(Interpret({"create1 create2", "timed_wait0", "signal0"}).outcomes, SizeIs(2));
  EXPECT_THAT(Interpret({"create1 create2", "await0", "store0 signal0"}).failures,
              ElementsAre("deadlock: T0 join, T1 wait"));  // The store and the signal come between check and wait.
  EXPECT_THAT(Interpret({"create1 create2", "await0", "lock0 store0 signal0 unlock0"}).failures, IsEmpty());
}

TEST(ReferenceTest, ASignalWakesOneAndABroadcastAll) {
  const std::vector<std::string> one = {"create1 create2 create3", "lock0 add1 wait0", "lock0 add1 wait0", "signal0"};
  EXPECT_THAT(Interpret(one).failures, UnorderedElementsAre("deadlock: T0 join, T1 wait", "deadlock: T0 join, T2 wait",
                                                            "deadlock: T0 join, T1 wait, T2 wait"));
  std::vector<std::string> all = one;
  all[3] = "broadcast0";
  EXPECT_TRUE(!Interpret(all).outcomes.empty());
}

TEST(ReferenceTest, WhomASignalWakes) {
  // The first thread to wait is known: the second begins after the first has released the mutex.
  const std::vector<std::string> program = {"create1", "lock0 create2 wait0", "lock0 create3 wait0", "lock0 signal0"};
  EXPECT_THAT(Interpret(program).failures, ElementsAre("deadlock: T0 join, T1 join, T2 wait"));
  EXPECT_THAT(Interpret(program, {.any_waiter = true}).failures,
              UnorderedElementsAre("deadlock: T0 join, T1 join, T2 wait", "deadlock: T0 join, T1 wait"));
}

TEST(ReferenceTest, SemaphoresCount) {
  EXPECT_THAT(Interpret({"create1 create2", "acquire0", "post0"}).failures, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "acquire0 acquire0", "post0"}).failures,
              ElementsAre("deadlock: T0 join, T1 acquire"));
  EXPECT_THAT(Interpret({"post0 try_acquire0 try_acquire0 timed_acquire0"}).outcomes,
              ElementsAre(ExitCode({0, 0xffffffff, 0xffffffff, 0, 0})));
  EXPECT_THAT(Interpret({"create1 create2", "acquire0 read0", "write0 post0"}).races, IsEmpty());
}

TEST(ReferenceTest, ABarrierLetsAllGoAtOnce) {
  EXPECT_THAT(Interpret({"create1 create2", "write0 arrive0", "arrive0 read0"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"create1 create2", "arrive0 write0", "arrive0 read0"}).races, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 create2", "arrive1", "arrive1"}).failures,
              ElementsAre("deadlock: T0 join, T1 arrive, T2 arrive"));
}

TEST(ReferenceTest, OnceIsOnce) {
  EXPECT_THAT(Interpret({"create1 create2", "once0", "once0"}).outcomes,
              ElementsAre(ExitCode({DigestOf({}), DigestOf({}), 1, 0})));
  EXPECT_THAT(Interpret({"create1 create2", "once1 read1", "once1 read1"}).races, IsEmpty());
  EXPECT_THAT(Interpret({"throwing_once0 throwing_once0 throwing_once0"}).outcomes,
              ElementsAre(ExitCode({1, 0, 0, 0, 2})));
}

TEST(ReferenceTest, SpinsEndOrMakeNoProgress) {
  EXPECT_THAT(Interpret({"create1 spin0", "store0"}).failures, IsEmpty());
  EXPECT_THAT(Interpret({"create1 spin0", "store1"}).failures, ElementsAre("no progress"));
  EXPECT_THAT(Interpret({"create1 poll0", "lock1 store0"}).failures, IsEmpty());
  EXPECT_THAT(Interpret({"create1 poll0", "lock1 load0"}).failures, ElementsAre("no progress"));
}

TEST(ReferenceTest, WhatMayHappenWithoutCause) {
  EXPECT_THAT(Interpret({"weak_cas0"}).outcomes, SizeIs(1));
  EXPECT_THAT(Interpret({"weak_cas0"}, {.weak_failures = true}).outcomes, SizeIs(1));  // There is no other thread.
  EXPECT_THAT(Interpret({"create1 weak_cas0", ""}, {.weak_failures = true}).outcomes,
              UnorderedElementsAre(ExitCode({1, DigestOf({}), 11, 0}), ExitCode({0, DigestOf({}), 0, 0})));
  EXPECT_THAT(Interpret({"create1", "weak_cas0 weak_cas0"}, {.weak_failures = true}).outcomes, SizeIs(2));
  EXPECT_THAT(Interpret({"create1", "timed_wait0"}, {.spurious_wakeups = true}).outcomes, SizeIs(2));
  EXPECT_THAT(Interpret({"create1 wait0", "add0"}, {.spurious_wakeups = true}).outcomes, SizeIs(1));
}

TEST(ReferenceTest, ChoicesAreBothMade) {
  EXPECT_THAT(Interpret({"choose0"}).outcomes, UnorderedElementsAre(ExitCode({0, 0}), ExitCode({1, 0})));
}

TEST(ReferenceTest, TheEndOfMain) {
  // Detached threads continue, for a while or to their end.
  const ReferenceFindings found = Interpret({"create_detached1", "store0 abort_if_stored0"});
  EXPECT_THAT(found.failures, ElementsAre("abort: T1"));
  EXPECT_THAT(found.outcomes, UnorderedElementsAre(ExitCode({0, 0}), ExitCode({11 + 10, 0})));
  EXPECT_THAT(found.certain, IsEmpty());
  EXPECT_THAT(Interpret({"create_detached1", "lock_again0 lock_again0"}).failures, IsEmpty());
  EXPECT_THAT(Interpret({"create_detached1", "spin0"}).failures, IsEmpty());
  EXPECT_THAT(Interpret({"create_detached1 create2", "write0", "detach_self0 write0"}).races, ElementsAre(0));
  // pthread_exit() in main ends no other thread; _exit() ends all.
  EXPECT_THAT(Interpret({"create_detached1 end0", "acquire0"}).failures, ElementsAre("deadlock: T1 acquire"));
  EXPECT_THAT(Interpret({"create_detached1 end0", "add0"}).outcomes, ElementsAre(0));
  EXPECT_THAT(Interpret({"create1 acquire0", "leave0"}).outcomes, ElementsAre(101));
}

TEST(ReferenceTest, TooManyStatesAreNotAll) {
  EXPECT_FALSE(
      Interpret({"create1 create2", "add0 add1 load0 load1", "add0 add1 load0 load1"}, {.most_states = 100}).complete);
}

}  // namespace
}  // namespace racelab
