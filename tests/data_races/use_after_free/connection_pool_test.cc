#include <connection_pool.h>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/memory_runs_out.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

constexpr int kServers = 2;
constexpr int kNobody = -1;

// The server that answers a question over the connection that the pool lends for `server`.
int WhoAnswers(ConnectionPool& pool, int server) { return pool.Lend(server)->Ask("Who are you?").server; }

TEST(ConnectionPool, PassesTheQuestionOn) {
  ConnectionPool pool(kServers);
  EXPECT_NE(pool.Lend(1)->Ask("How much is a pear?").text.find("How much is a pear?"), std::string::npos);
}

// The pool reconnects between Lend() and Ask(), in every repetition and without a happens-before edge. It has only one
// connection: if there were several, the next one would get the memory of this one, which would then be in use rather
// than freed. (A variant in which Reconnect() waits for the borrower breaks its contract, but must not hang here.)
TEST(ConnectionPool, LetsABorrowerFinishWhatAReconnectionInterrupts) {
  Interleavings([] {
    ConnectionPool pool(1);
    HandShake lent, reconnected;
    int answered = kNobody;
    RunSimultaneously(
        [&] {
          auto connection = pool.Lend(0);
          lent.Signal();
          reconnected.AwaitBriefly();
          answered = connection->Ask("Who are you?").server;
        },
        [&] {
          lent.Await();
          pool.Reconnect();
          reconnected.Signal();
        });
    EXPECT_EQ(answered, 0);
  });
}

TEST(ConnectionPool, LetsABorrowerFinishAfterManyReconnections) {
  Interleavings([] {
    ConnectionPool pool(kServers);
    HandShake lent, reconnected;
    std::vector<int> answered;
    RunSimultaneously(
        [&] {
          auto old = pool.Lend(1);
          lent.Signal();
          reconnected.AwaitBriefly();
          // The old connection first: using the pool again would order the two threads.
          answered.push_back(old->Ask("Who are you?").server);
          answered.push_back(WhoAnswers(pool, 1));
        },
        [&] {
          lent.Await();
          pool.Reconnect();
          pool.Reconnect();
          reconnected.Signal();
        });
    EXPECT_EQ(answered, std::vector<int>(2, 1));
  });
}

TEST(ConnectionPool, LendsToOneThreadWhileAnotherReconnects) {
  Interleavings([] {
    ConnectionPool pool(kServers);
    std::vector<int> answered;
    RunTogether([&] { answered = {WhoAnswers(pool, 0), WhoAnswers(pool, 1)}; }, [&] { pool.Reconnect(); });
    EXPECT_EQ(answered, (std::vector<int>{0, 1}));
  });
}

TEST(ConnectionPool, LendsOneConnectionToTwoThreadsAtOnce) {
  Interleavings([] {
    ConnectionPool pool(kServers);
    int left = kNobody;
    int right = kNobody;
    RunTogether([&] { left = WhoAnswers(pool, 1); }, [&] { right = WhoAnswers(pool, 1); }, [&] { pool.Reconnect(); });
    EXPECT_EQ(left, 1);
    EXPECT_EQ(right, 1);
  });
}

TEST(ConnectionPool, LetsABorrowerFinishWhenMemoryRunsOutInAReconnection) {
  for (int allocations = 0, ran_out = true; ran_out; ++allocations) {
    SCOPED_TRACE(testing::Message() << "memory for " << allocations << " allocations");
    ConnectionPool pool(kServers);
    auto first = pool.Lend(0);
    auto second = pool.Lend(1);
    ran_out = MemoryRunsOut(allocations, [&] { pool.Reconnect(); });
    EXPECT_EQ(first->Ask("Who are you?").server, 0);
    EXPECT_EQ(second->Ask("Who are you?").server, 1);
    EXPECT_EQ(WhoAnswers(pool, 0), 0);
    EXPECT_EQ(WhoAnswers(pool, 1), 1);
  }
}

// There is too little memory for one of two reconnections at once, and its connections from before are lent.
TEST(ConnectionPool, LetsABorrowerFinishWhenMemoryRunsOutInOneOfTwoReconnections) {
  for (int allocations = 0; allocations < 4; ++allocations) {
    SCOPED_TRACE(testing::Message() << "memory for " << allocations << " allocations");
    Interleavings([&] {
      ConnectionPool pool(1);
      auto before = pool.Lend(0);
      int after = kNobody;
      RunTogether([&] { MemoryRunsOut(allocations, [&] { pool.Reconnect(); }); },
                  [&] {
                    pool.Reconnect();
                    after = WhoAnswers(pool, 0);
                  });
      EXPECT_EQ(before->Ask("Who are you?").server, 0);
      EXPECT_EQ(after, 0);
    });
    Interleavings([&] {
      ConnectionPool pool(1);
      auto before = pool.Lend(0);
      int between = kNobody;
      RunTogether([&] { MemoryRunsOut(allocations, [&] { pool.Reconnect(); }); },
                  [&] {
                    auto connection = pool.Lend(0);
                    pool.Reconnect();
                    between = connection->Ask("Who are you?").server;
                  });
      EXPECT_EQ(before->Ask("Who are you?").server, 0);
      EXPECT_EQ(between, 0);
    });
  }
}

TEST(ConnectionPool, AnswersFromTheServerThatIsAskedOnOneThread) {
  enum { kAsk, kReconnect };
  ForRandomSteps({{"Ask", {0, kServers}}, {"Reconnect"}}, 10, [](Steps& steps) {
    ConnectionPool pool(kServers);
    for (const Step& step : steps) {
      if (step.what == kReconnect) {
        pool.Reconnect();
      } else {
        steps.Answers(WhoAnswers(pool, step.value), step.value);
      }
    }
  });
}

TEST(ConnectionPool, ClosesItsConnections) {
  EXPECT_EQ(BlocksLeftBy([] {
              ConnectionPool pool(kServers);
              [[maybe_unused]] auto old = pool.Lend(0);
              pool.Reconnect();
              pool.Lend(1)->Ask("Who are you?");
              pool.Reconnect();
            }),
            0);
}

// What answers behind a loan, which may be any type with `->`.
template <typename Loan>
auto Behind(Loan&& loan) {
  if constexpr (std::is_pointer_v<std::remove_reference_t<Loan>>) {
    return &std::as_const(*loan);
  } else {
    return Behind(loan.operator->());
  }
}

// A loan goes on with the old connection, or from then on with the new one.
TEST(ConnectionPool, ReplacesAConnectionThatIsLent) {
  ConnectionPool pool(kServers);
  auto lent = pool.Lend(1);
  [[maybe_unused]] const auto* const old = Behind(lent);
  pool.Reconnect();
  // Something that stands for the connection may stay.
  if (std::is_same_v<decltype(old), const Connection* const>) {
    EXPECT_NE(Behind(pool.Lend(1)), old);
  }
}

TEST(ConnectionPool, ReconnectsWhileAQuestionIsThoughtOut) {
  ConnectionPool pool(kServers);
  const auto think = [&] {
    pool.Reconnect();
    return pool.Lend(0)->Ask("Whom shall I ask?").text;
  };
  EXPECT_EQ(pool.Lend(1)->Ask(think()).server, 1);
}

}  // namespace
}  // namespace racelab
