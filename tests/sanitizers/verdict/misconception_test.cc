// The sentence about the misunderstanding behind a failure, of programs that each rest on one.

#include "sanitizers/verdict/misconception.h"

#include <string>

#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

class MisconceptionTest : public ExploredTest {
 protected:
  // Of the first failure of this kind.
  static std::string Of(const std::string& program, const std::string& kind) {
    const Exploration exploration = Explore("misconceptions", {program}, Whole());
    const InterleavingFailure* failure = FailureOf(exploration, kind);
    if (failure != nullptr) return Misconception(*failure, {});
    ADD_FAILURE() << program << ": " << FirstMessage(exploration);
    return "";
  }
};

TEST_P(MisconceptionTest, OnlyTheWriterIsGuarded) {
  EXPECT_EQ(Of("reader_without_lock", "data race"),
            "Total() reads total_ holding nothing; Record() writes it holding mutex_.");
}

TEST_P(MisconceptionTest, EachLocksItsOwn) {
  const std::string sentence = Of("two_mutexes", "data race");
  EXPECT_TRUE(sentence.find("holding other_mutex_") != std::string::npos &&
              sentence.find("holding mutex_") != std::string::npos &&
              sentence.find("only the same lock excludes the other") != std::string::npos)
      << sentence;
}

TEST_P(MisconceptionTest, WritersLockShared) {
  EXPECT_EQ(
      Of("shared", "data race"),
      "RecordShared() reads total_, and RecordShared() writes it, both holding table_, but shared: shared locks do not "
      "exclude each other.");
}

TEST_P(MisconceptionTest, NobodyLocks) {
  const std::string sentence = Of("neither", "data race");
  EXPECT_TRUE(sentence.ends_with("both holding nothing.")) << sentence;
}

TEST_P(MisconceptionTest, OnlyOneIsAtomic) {
  EXPECT_EQ(Of("half_atomic", "data race"),
            "RecordAtomically() writes count_ atomically, but CountPlainly() reads it plainly.");
}

TEST_P(MisconceptionTest, CheckedAndActedApart) {
  const std::string sentence = Of("check_then_act", "abort");
  EXPECT_TRUE(sentence.starts_with("TakeInTwo() locks mutex_ twice, at misconceptions.cc:")) << sentence;
  EXPECT_TRUE(sentence.ends_with("comes in between: what was checked may no longer be true.")) << sentence;
}

TEST_P(MisconceptionTest, NotifiedWithoutTheLock) {
  EXPECT_EQ(Of("lost_notification", "deadlock"),
            "Open() notifies opened_ holding nothing, when AwaitOpen() has checked and does not sleep yet.");
}

TEST_P(MisconceptionTest, NotifiedBeforeTheChange) {
  EXPECT_EQ(
      Of("early_notification", "deadlock"),
      "OpenAfterNotifying() notifies opened_ before AwaitOpen() checks for the last time, and nobody does so after "
      "that.");
}

TEST_P(MisconceptionTest, NotifiedOneOfTwo) {
  const std::string sentence = Of("one_notification", "deadlock");
  EXPECT_TRUE(sentence.starts_with("OpenUnderLock() wakes only one of the threads that sleep on opened_, and T"))
      << sentence;
}

TEST_P(MisconceptionTest, WokenWithoutCauseAndNotInALoop) {
  EXPECT_EQ(
      Of("wait_without_loop", "abort"),
      "AwaitOpenOnce() goes on because opened_ woke it without cause, as it may: only a loop checks again what the "
      "thread waits for.");
}

TEST_P(MisconceptionTest, PublishedByTooWeakAnOrder) {
  EXPECT_EQ(Of("weak_order", "data race"),
            "Publish() writes open_, relaxed, and ReadPublished() reads what it wrote, relaxed; but only a release "
            "at or before the write and an acquire at or after the read would order the two accesses.");
}

TEST_P(MisconceptionTest, FreedByTooWeakAnOrder) {
  EXPECT_EQ(Of("released_only", "use after free"),
            "DropByRelease() writes owners, release, and DropByRelease() reads what it wrote, release; but only a "
            "release at or before the write and an acquire at or after the read would order the two accesses.");
}

TEST_P(MisconceptionTest, FreedByChanceAfterTheLastUse) {
  const std::string sentence = Of("freed_by_chance", "use after free");
  EXPECT_TRUE(sentence.starts_with("Discard() frees the memory after T0 used it in Weigh() at misconceptions.cc:"))
      << sentence;
  EXPECT_TRUE(sentence.ends_with(", but nothing orders the two.")) << sentence;
}

TEST_P(MisconceptionTest, AnOlderValueIsLoaded) {
  InterleaveOptions options = Whole();
  options.older_values = 2;
  const Exploration exploration = Explore("misconceptions", {"older_value"}, options);
  const InterleavingFailure* failure = FailureOf(exploration, "abort");
  ASSERT_NE(failure, nullptr) << FirstMessage(exploration);
  EXPECT_EQ(
      Misconception(*failure, {}),
      "EnterAlone() loads inside_[0], acquire, and gets an older value: nothing orders the latest store before this "
      "load.");
  EXPECT_EQ(exploration.older_values, 2);
  for (const InterleavingStep& step : failure->steps)
    EXPECT_NE(step.operation, "choose") << "the search's, not a thread's";
}

// A constructor's write, but the other thread was not started by it.
TEST_P(MisconceptionTest, PublishedByTooWeakAnOrderAfterItsConstruction) {
  const std::string sentence = Of("early_and_weak", "data race");
  EXPECT_NE(sentence.find("published, relaxed, and "), std::string::npos) << sentence;
}

// T1 locks the mutex again after the wait, and T0 has had it in between: that is what a wait is for.
TEST_P(MisconceptionTest, NoneIfTheSectionIsLeftForAWaitOnly) { EXPECT_EQ(Of("waits_and_acts", "abort"), ""); }

TEST_P(MisconceptionTest, LoadedAndChangedApart) {
  const std::string sentence = Of("load_and_change", "abort");
  EXPECT_TRUE(sentence.starts_with("TakeAtomically() loads count_ at misconceptions.cc:")) << sentence;
  EXPECT_TRUE(sentence.ends_with("changes it in between: what was loaded may no longer be true.")) << sentence;
}

TEST_P(MisconceptionTest, TheThreadIsStartedBeforeTheObjectIsComplete) {
  EXPECT_EQ(
      Of("started_too_early", "data race"),
      "The constructor of Ticker writes limit_, and Run() reads it in another thread: nothing orders the construction "
      "before the use.");
}

// A failure after a thread has locked a mutex in these lines of a function, and another in between.
InterleavingFailure LockedAt(int first_line, int second_line) {
  InterleavingFailure failure;
  failure.kind = "abort";
  const auto lock = [&failure](int thread, int line) {
    InterleavingStep step;
    step.thread = thread;
    step.operation = "lock";
    step.object = "M1";
    step.stack.frames = {{"Pool::Work()", "/home/me/pool.h", line, "program"}};
    failure.steps.push_back(step);
  };
  lock(1, first_line);
  lock(2, first_line);
  lock(1, second_line);
  return failure;
}

TEST(TwoSections, AreNotTheRoundsOfALoop) {
  EXPECT_NE(Misconception(LockedAt(10, 20), {}), "");
  EXPECT_EQ(Misconception(LockedAt(20, 10), {}), "");
}

// T2 has notified for another reason, long before T1 checked and fell asleep.
TEST(LostNotification, IsNotOneThatWasMeantForSomethingElse) {
  InterleavingFailure failure;
  failure.kind = "deadlock";
  const auto step = [&failure](int thread, const char* operation, const char* function) {
    InterleavingStep step;
    step.thread = thread;
    step.operation = operation;
    step.object = "C1";
    step.stack.frames = {{function, "/home/me/pool.h", 10, "program"}};
    failure.steps.push_back(step);
    return step;
  };
  step(2, "notify", "Pool::Close()");
  step(1, "load", "Pool::Await()");
  WaitingThread waiting;
  waiting.thread = 1;
  waiting.operation = "wait";
  waiting.object = "C1";
  waiting.stack = step(1, "wait", "Pool::Await()").stack;
  failure.waiting = {waiting};
  EXPECT_EQ(Misconception(failure, {}), "");
  step(2, "store", "Pool::Close()");
  EXPECT_NE(Misconception(failure, {}), "");
}

// A failure of two threads, in which functions of /home/me/box.h take part.
struct BoxFailure {
  explicit BoxFailure(std::string kind) { failure.kind = std::move(kind); }

  static Stack At(const std::string& function, int line) {
    Stack stack;
    stack.frames = {{function, "/home/me/box.h", line, "program"}};
    return stack;
  }
  BoxFailure& Step(int thread, std::string operation, const std::string& function, int line, std::string order = "") {
    InterleavingStep step;
    step.thread = thread;
    step.operation = std::move(operation);
    step.order = std::move(order);
    step.object = step.operation == "wait" ? "C1" : "A1";
    step.stack = At(function, line);
    failure.steps.push_back(std::move(step));
    return *this;
  }
  BoxFailure& Access(int thread, std::string access, const std::string& function, int line) {
    RacingAccess racing;
    racing.thread = thread;
    racing.access = std::move(access);
    racing.stack = At(function, line);
    racing.knows_held = true;
    failure.accesses.push_back(std::move(racing));
    return *this;
  }
  std::string Sentence() const { return Misconception(failure, {}); }

  InterleavingFailure failure;
};

// Put() writes the box and then the flag, and `reader` reads the flag and then the box.
BoxFailure Published(int line_of_store, const std::string& released, const std::string& acquired,
                     const std::string& reader = "Box::Get()") {
  BoxFailure failure("data race");
  failure.Step(1, "store", "Box::Put()", line_of_store, released).Step(2, "load", reader, 20, acquired);
  failure.Access(1, "write", "Box::Put()", 10).Access(2, "read", reader, 21);
  return failure;
}

bool BlamesTheOrders(const BoxFailure& failure) {
  return failure.Sentence().find("only a release at or before the write") != std::string::npos;
}

TEST(WeakOrder, IsToBlameIfItPublishes) {
  EXPECT_TRUE(BlamesTheOrders(Published(11, "relaxed", "relaxed")));
  EXPECT_TRUE(BlamesTheOrders(Published(11, "release", "relaxed")));
  EXPECT_TRUE(BlamesTheOrders(Published(11, "relaxed", "acquire")));
  EXPECT_FALSE(BlamesTheOrders(Published(11, "release", "acquire"))) << "these are right";
  EXPECT_FALSE(BlamesTheOrders(Published(11, "", ""))) << "sequentially consistent";
  EXPECT_FALSE(BlamesTheOrders(Published(9, "relaxed", "relaxed"))) << "what is written later is not published";
  EXPECT_FALSE(BlamesTheOrders(Published(11, "relaxed", "relaxed", "Box_Works_Test::TestBody()")))
      << "the test's own signals order nothing on purpose";
}

TEST(WeakOrder, IsNotToBlameIfTheReaderHoldsALock) {
  BoxFailure failure = Published(11, "relaxed", "relaxed");
  failure.failure.accesses[1].held = {"M1"};
  EXPECT_FALSE(BlamesTheOrders(failure));
}

// It is not the test that is to be mended.
TEST(Race, OfTheTestsOwnAccessesIsOneOfWhatItCalls) {
  const std::string test = "Box_Works_Test::TestBody()";
  EXPECT_EQ(BoxFailure("data race").Access(1, "write", test, 10).Access(2, "read", test, 20).Sentence(),
            "Both accesses to the same memory are the test's own, and nothing that it calls orders them.");
  EXPECT_EQ(BoxFailure("data race").Access(1, "write", test, 10).Access(2, "read", "Box::Get()", 20).Sentence(),
            "Get() reads the same memory, and the test writes it, both holding nothing.");
}

TEST(UnorderedFree, IsOneThatComesAfterTheUse) {
  EXPECT_NE(
      BoxFailure("use after free").Access(1, "read", "Box::Get()", 20).Access(2, "free", "Box::Drop()", 30).Sentence(),
      "");
  EXPECT_EQ(
      BoxFailure("use after free").Access(2, "free", "Box::Drop()", 30).Access(1, "read", "Box::Get()", 20).Sentence(),
      "");
}

// The same steps without the wait are two critical sections.
TEST(TwoSections, AreNotMadeByAWait) {
  const auto lock = [](BoxFailure& failure, int thread, int line) {
    failure.Step(thread, "lock", "Box::Take()", line);
  };
  BoxFailure waits("abort"), locks_again("abort");
  for (BoxFailure* failure : {&waits, &locks_again}) {
    lock(*failure, 1, 10);
    if (failure == &waits) failure->Step(1, "wait", "Box::Take()", 12);
    lock(*failure, 2, 10);
    lock(*failure, 1, 12);
  }
  EXPECT_EQ(waits.Sentence(), "");
  EXPECT_NE(locks_again.Sentence(), "");
}

RACELAB_FOR_EACH_TREE(MisconceptionTest);

}  // namespace
}  // namespace racelab
