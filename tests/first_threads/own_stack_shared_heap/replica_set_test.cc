#include <replica_set.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/creations_may_fail.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

// For what GoogleTest prints.
void PrintTo(Status status, std::ostream* out) {
  constexpr const char* kNames[] = {"ok", "invalid", "unreachable", "disk full"};
  *out << kNames[static_cast<int>(status)];
}

namespace racelab {
namespace {

using Answers = std::vector<Status>;

// A set whose replicas give these answers. A number without a replica gets an answer, too: an exception would end the
// program before a detector can report where that number came from.
ReplicaSet Answering(const Answers& answers) {
  return ReplicaSet(static_cast<int>(answers.size()), [answers](std::size_t replica, const Order&) {
    return replica < answers.size() ? answers[replica] : Status::kUnreachable;
  });
}

TEST(ReplicaSet, ReportsTheOneReplicaThatFailedFirst) {
  Interleavings([] {
    const ReplicaSet replicas = Answering({Status::kDiskFull, Status::kOk});
    EXPECT_EQ(replicas.Store({"pear", 3}), Status::kDiskFull);
  });
}

TEST(ReplicaSet, ReportsTheOneReplicaThatFailedLast) {
  Interleavings([] {
    const ReplicaSet replicas = Answering({Status::kOk, Status::kUnreachable});
    EXPECT_EQ(replicas.Store({"pear", 3}), Status::kUnreachable);
  });
}

TEST(ReplicaSet, ReportsOneOfTwoFailures) {
  Interleavings([] {
    const Status status = Answering({Status::kDiskFull, Status::kUnreachable}).Store({"pear", 3});
    EXPECT_TRUE(status == Status::kDiskFull || status == Status::kUnreachable);
  });
}

TEST(ReplicaSet, SendsTheOrderToEachReplicaOnce) {
  Interleavings([] {
    std::array<int, 2> pieces = {};
    const ReplicaSet replicas(2, [&](int replica, const Order& order) {
      pieces.at(replica) += order.pieces;
      return Status::kOk;
    });
    EXPECT_EQ(replicas.Store({"pear", 3}), Status::kOk);
    EXPECT_EQ(pieces, (std::array{3, 3}));
  });
}

TEST(ReplicaSet, TellsTheOrdersOfTwoCustomersApart) {
  Interleavings([] {
    const ReplicaSet replicas(
        1, [](int, const Order& order) { return order.article == "pear" ? Status::kDiskFull : Status::kOk; });
    Status pear = Status::kOk;
    Status plum = Status::kInvalid;
    RunTogether([&] { pear = replicas.Store({"pear", 1}); }, [&] { plum = replicas.Store({"plum", 1}); });
    EXPECT_EQ(pear, Status::kDiskFull);
    EXPECT_EQ(plum, Status::kOk);
  });
}

TEST(ReplicaSet, WaitsForTheCallsThatHaveBegunWhenAnotherCannot) {
  Interleavings([] {
    std::array<bool, 3> sent = {};
    const ReplicaSet replicas(3, [&](int replica, const Order&) {
      sent.at(replica) = true;
      return Status::kOk;
    });
    bool threw = false;
    {
      const CreationsMayFail scarce;
      try {
        EXPECT_EQ(replicas.Store({"pear", 3}), Status::kOk);
      } catch (const std::system_error&) {
        threw = true;
      }
    }
    // This is a race if a call is still under way.
    EXPECT_EQ(std::count(sent.begin(), sent.end(), true) == 3, !threw);
  });
}

// Each replica is slower than the one before it; that the first one fails does not cut the others short.
TEST(ReplicaSet, SendsTheOrderToAllReplicasAtOnceAndWaitsForTheSlowest) {
  InterleavingsInVirtualTime([] {
    constexpr int kReplicas = 40;
    constexpr std::chrono::milliseconds kDelay(50);
    const ReplicaSet replicas(kReplicas, [&](int replica, const Order&) {
      std::this_thread::sleep_for((replica + 1) * kDelay);
      return replica == 0 ? Status::kDiskFull : Status::kOk;
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(replicas.Store({"pear", 3}), Status::kDiskFull);
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kReplicas * kDelay)
        << "not \"to all replicas at once\", or did not return \"when all have answered\"";
  });
}

TEST(ReplicaSet, SendsNoOrderOfNothing) {
  std::atomic<int> sent = 0;
  const ReplicaSet replicas(2, [&](int, const Order&) {
    ++sent;
    return Status::kOk;
  });
  for (const int pieces : {0, -1}) EXPECT_EQ(replicas.Store({"pear", pieces}), Status::kInvalid);
  EXPECT_EQ(sent, 0) << "\"is sent to none\"";
}

TEST(ReplicaSet, OfNoReplicasFailsInNone) { EXPECT_EQ(Answering({}).Store({"pear", 3}), Status::kOk); }

TEST(ReplicaSet, IsAsGoodAsItsWorstReplica) {
  constexpr Status kAnswers[] = {Status::kOk, Status::kUnreachable, Status::kDiskFull};
  ForRandomSteps({{"ok"}, {"unreachable"}, {"disk full"}}, 6, [&](Steps& steps) {
    Answers answers;
    for (const Step& step : steps) answers.push_back(kAnswers[step.what]);
    const Status status = Answering(answers).Store({"pear", 3});
    const bool failed = std::any_of(answers.begin(), answers.end(), [](Status s) { return s != Status::kOk; });
    if (!failed) {
      steps.Shows("Store", status, Status::kOk);
    } else {
      const bool one_of_them = status != Status::kOk && std::count(answers.begin(), answers.end(), status) > 0;
      steps.Check(one_of_them, "Store answers " + testing::PrintToString(status));
    }
  });
}

TEST(ReplicaSet, ReportsNoAnswerThatNoReplicaGave) {
  Interleavings([] {
    const Status status = Answering({Status::kInvalid, Status::kUnreachable}).Store({"pear", 3});
    EXPECT_TRUE(status == Status::kInvalid || status == Status::kUnreachable) << testing::PrintToString(status);
  });
}

TEST(ReplicaSet, SendsTheOrderToAllReplicasThoughTheFirstFails) {
  Interleavings([] {
    std::array<bool, 2> sent = {};
    const ReplicaSet replicas(2, [&](int replica, const Order&) {
      sent.at(replica) = true;
      return replica == 0 ? Status::kDiskFull : Status::kOk;
    });
    EXPECT_EQ(replicas.Store({"pear", 3}), Status::kDiskFull);
    EXPECT_EQ(sent, (std::array{true, true}));
  });
}

TEST(ReplicaSet, SendsTheOrderToAllReplicasAtOnceOrSaysThatThereAreTooFewThreads) {
  InterleavingsInVirtualTime([] {
    constexpr std::chrono::milliseconds kDelay(50);
    const ReplicaSet replicas(2, [&](int, const Order&) {
      std::this_thread::sleep_for(kDelay);
      return Status::kOk;
    });
    const CreationsMayFail scarce;
    const auto began = std::chrono::steady_clock::now();
    try {
      EXPECT_EQ(replicas.Store({"pear", 3}), Status::kOk);
    } catch (const std::system_error&) {
      return;
    }
    EXPECT_EQ(std::chrono::steady_clock::now() - began, kDelay)
        << "not \"to all replicas at once\", and nothing \"throws std::system_error\"";
  });
}

TEST(ReplicaSet, ReportsThatAllOfManyReplicasFailed) {
  EXPECT_EQ(Answering(Answers(256, Status::kDiskFull)).Store({"pear", 3}), Status::kDiskFull);
}

TEST(ReplicaSet, ReportsTheOneReplicaOfManyThatFailed) {
  Answers answers(257, Status::kOk);
  answers.front() = Status::kUnreachable;
  EXPECT_EQ(Answering(answers).Store({"pear", 3}), Status::kUnreachable);
}

}  // namespace
}  // namespace racelab
