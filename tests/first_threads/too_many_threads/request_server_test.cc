#include <pthread.h>
#include <request_server.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/support/creations_may_fail.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/memory_runs_out.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"
#include "tests/support/virtual_time.h"

namespace racelab {
namespace {

std::string Answer(int request) { return "page " + std::to_string(request); }

// The answers to requests, each in its own place.
class Answers {
 public:
  explicit Answers(int requests) : answers_(requests) {}

  RequestServer::Reply To(int request) {
    return [this, request](const std::string& answer) {
      absl::MutexLock lock(&mutex_);
      answers_[request].push_back(answer);
    };
  }

  std::vector<std::string> Of(int request) const {
    absl::MutexLock lock(&mutex_);
    return answers_[request];
  }

  // Whether `request` has been answered exactly once.
  testing::AssertionResult HasOneFor(int request) const {
    const std::vector<std::string> answers = Of(request);
    if (answers == std::vector<std::string>{Answer(request)} ||
        answers == std::vector<std::string>{RequestServer::kBusy}) {
      return testing::AssertionSuccess();
    }
    auto failure = testing::AssertionFailure() << "request " << request << " got " << answers.size() << " answers";
    for (const std::string& answer : answers) failure << ", " << answer;
    return failure;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::vector<std::string>> answers_;
};

// While an object of this class lives, the rest of the address space has room for this many threads, and a few
// mebibytes of other things: each thread that is created without attributes gets a large stack. (A limit on the number
// of threads would not apply to the superuser.)
class RoomForThreads {
 public:
  explicit RoomForThreads(int threads) {
    constexpr std::size_t kStack = std::size_t{64} << 20;
    constexpr std::size_t kMargin = std::size_t{32} << 20;
    pthread_getattr_default_np(&attributes_);
    pthread_attr_t large;
    pthread_attr_init(&large);
    pthread_attr_setstacksize(&large, kStack);
    pthread_setattr_default_np(&large);

    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    getrlimit(RLIMIT_AS, &limit_);
    rlimit tight = limit_;
    tight.rlim_cur = pages * sysconf(_SC_PAGESIZE) + threads * kStack + kMargin;
    made_ = pages > 0 && setrlimit(RLIMIT_AS, &tight) == 0;
  }

  ~RoomForThreads() {
    setrlimit(RLIMIT_AS, &limit_);
    pthread_setattr_default_np(&attributes_);
  }

  // Whether the system agreed.
  bool made() const { return made_; }

 private:
  pthread_attr_t attributes_;
  rlimit limit_;
  bool made_;
};

std::string AnswerTo(int request, RequestServer& server) {
  std::string got;
  absl::Notification answered;
  server.Accept(request, [&](const std::string& answer) {
    got = answer;
    answered.Notify();
  });
  answered.WaitForNotification();
  return got;
}

// A thread that has answered may need a moment until it is over, so whoever finds the server busy asks again.
std::string AnswerAtLast(int request, RequestServer& server) {
  constexpr int kMostAttempts = 2'000;
  std::string got = AnswerTo(request, server);
  for (int attempt = 1; attempt < kMostAttempts && got == RequestServer::kBusy; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    got = AnswerTo(request, server);
  }
  return got;
}

TEST(RequestServer, AnswersRequestsThatWaitForOneAnother) {
  ForRandomSteps({{"Accept", {-100, 100}}}, 8, [](Steps& steps) {
    RequestServer server(Answer, 2);
    for (const Step& step : steps) steps.Answers(AnswerAtLast(step.value, server), Answer(step.value));
  });
}

TEST(RequestServer, HasAnsweredEverybodyWhenItEnds) {
  Interleavings([] {
    Answers answers(2);
    {
      RequestServer server(Answer, 2);
      server.Accept(0, answers.To(0));
      server.Accept(1, answers.To(1));
    }
    EXPECT_TRUE(answers.HasOneFor(0));
    EXPECT_TRUE(answers.HasOneFor(1));
  });
}

TEST(RequestServer, AnswersMoreRequestsThanWereExpectedAtOnce) {
  Interleavings([] {
    Answers answers(3);
    {
      RequestServer server(Answer, 1);
      for (int request = 0; request < 3; ++request) server.Accept(request, answers.To(request));
    }
    for (int request = 0; request < 3; ++request) EXPECT_TRUE(answers.HasOneFor(request));
    EXPECT_EQ(answers.Of(0), std::vector<std::string>{Answer(0)});  // No request came before it.
  });
}

// How long after its beginning a scenario has come to each answer.
class Arrivals {
 public:
  explicit Arrivals(int requests) : after_(requests) {}

  RequestServer::Reply Of(int request) {
    return [this, request](const std::string&) { after_[request] = std::chrono::steady_clock::now() - began_; };
  }

  std::chrono::nanoseconds operator[](int request) const { return after_[request]; }

 private:
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::vector<std::chrono::nanoseconds> after_;
};

constexpr std::chrono::milliseconds kSlow(50);

TEST(RequestServer, AnswersAsManyRequestsAtOnceAsAreExpected) {
  InterleavingsInVirtualTime([] {
    Arrivals arrivals(3);
    {
      RequestServer server(
          [](int request) {
            std::this_thread::sleep_for((request + 1) * kSlow);
            return Answer(request);
          },
          3);
      for (int request = 0; request < 3; ++request) server.Accept(request, arrivals.Of(request));
    }
    for (int request = 0; request < 3; ++request) {
      EXPECT_EQ(arrivals[request], (request + 1) * kSlow) << "not \"several at once\": request " << request;
    }
  });
}

TEST(RequestServer, DoesNotLetASlowRequestHoldUpTheOthers) {
  for (const int slow : {0, 1}) {
    InterleavingsInVirtualTime([slow] {
      Arrivals arrivals(3);
      {
        RequestServer server(
            [slow](int request) {
              if (request == slow) std::this_thread::sleep_for(kSlow);
              return Answer(request);
            },
            2);
        for (int request = 0; request < 3; ++request) server.Accept(request, arrivals.Of(request));
      }
      for (int request = 0; request < 3; ++request) {
        EXPECT_EQ(arrivals[request], request == slow ? kSlow : 0 * kSlow)
            << "\"a slow one\", request " << slow << ", did \"hold up the others\"";
      }
    });
  }
}

// The server may be busy when the second request comes, but not later, when nothing runs any more.
TEST(RequestServer, IsBusyOnlyAsLongAsThereIsNoThread) {
  InterleavingsInVirtualTime([] {
    Answers answers(3);
    {
      RequestServer server(Answer, 1);
      server.Accept(0, answers.To(0));
      server.Accept(1, answers.To(1));
      std::this_thread::sleep_for(kSlow);  // Until all threads have ended or wait.
      server.Accept(2, answers.To(2));
    }
    EXPECT_EQ(answers.Of(2), std::vector<std::string>{Answer(2)}) << "not only \"if there is no thread for it now\"";
  });
}

TEST(RequestServer, AnswersEverybodyWhenThreadsCannotBeCreated) {
  Interleavings([] {
    Answers answers(2);
    {
      RequestServer server(Answer, 2);
      CreationsMayFail scarce;
      server.Accept(0, answers.To(0));
      server.Accept(1, answers.To(1));
    }
    EXPECT_TRUE(answers.HasOneFor(0));
    EXPECT_TRUE(answers.HasOneFor(1));
  });
}

// The handler ends only when Accept() has returned.
TEST(RequestServer, LetsNoHandlerHoldUpTheListeningThread) {
  Interleavings([] {
    Answers answers(1);
    HandShake accepted;
    {
      RequestServer server(
          [&](int request) {
            accepted.Await();
            return Answer(request);
          },
          1);
      CreationsMayFail scarce;
      server.Accept(0, answers.To(0));
      accepted.Signal();
    }
    EXPECT_TRUE(answers.HasOneFor(0));
  });
}

TEST(RequestServer, HoldsNoMoreTheMoreRequestsItHasAnswered) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "does not depend on the interleaving";
  constexpr int kRequests = 250;  // More than a server keeps that keeps the latest.
  RequestServer server(Answer, 2);
  int request = 0;
  const std::int64_t more_bytes = BytesLeftBy(kRequests, [&] { AnswerTo(++request, server); });
  EXPECT_LT(more_bytes, kRequests) << "\"what the server holds does not grow\"";
}

// Whatever the server allocates for a request on the listener's own thread.
TEST(RequestServer, AnswersEverybodyWhenMemoryRunsOut) {
  for (int allocations = 0, ran_out = true; ran_out; ++allocations) {
    SCOPED_TRACE(testing::Message() << "memory for " << allocations << " allocations");
    Answers answers(2);
    {
      RequestServer server(Answer, 1);
      RequestServer::Reply reply = answers.To(0);
      ran_out = MemoryRunsOut(allocations, [&] { server.Accept(0, std::move(reply)); });
      server.Accept(1, answers.To(1));
    }
    EXPECT_TRUE(answers.HasOneFor(0));
    EXPECT_TRUE(answers.HasOneFor(1));
    if (ran_out) {  // Nothing else had to be done then.
      EXPECT_EQ(answers.Of(1), std::vector<std::string>{Answer(1)});
    }
  }
}

TEST(RequestServer, CanBeMadeOrSaysThatItCannot) {
  Interleavings([] {
    Answers answers(1);
    std::unique_ptr<RequestServer> server;
    {
      CreationsMayFail scarce;
      try {
        server = std::make_unique<RequestServer>(Answer, 2);
      } catch (const std::system_error&) {
        return;
      }
    }
    server->Accept(0, answers.To(0));
    server.reset();
    EXPECT_TRUE(answers.HasOneFor(0));
  });
}

void ExpectAnswersOneAfterTheOther(RequestServer& server) {
  for (int request = 0; request < 16; ++request) ASSERT_EQ(AnswerAtLast(request, server), Answer(request));
}

// Nothing runs at once here: each request comes when the one before it has been answered.
TEST(RequestServer, AnswersRequestAfterRequestWhereThereIsRoomForAFewThreadsOnly) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "threads have no stack of the system's here: see CreationsMayFail";
  RequestServer server(Answer, 2);
  const RoomForThreads room(4);
  if (!room.made()) GTEST_SKIP() << "the system does not let the program limit its own memory";
  ExpectAnswersOneAfterTheOther(server);
}

// Both replies begin at the same time; each is sent to a client that is slow to take it.
TEST(RequestServer, DoesNotLetAReplyToASlowClientHoldUpTheOthers) {
  InterleavingsInVirtualTime([] {
    Arrivals arrivals(2);
    {
      RequestServer server(
          [](int request) {
            std::this_thread::sleep_for(kSlow);
            return Answer(request);
          },
          2);
      for (int request = 0; request < 2; ++request) {
        server.Accept(request, [arrived = arrivals.Of(request)](const std::string& answer) {
          std::this_thread::sleep_for(kSlow);
          arrived(answer);
        });
      }
    }
    for (int request = 0; request < 2; ++request) {
      EXPECT_EQ(arrivals[request], 2 * kSlow) << "not \"several at once\": request " << request;
    }
  });
}

TEST(RequestServer, HoldsNothingOfAnsweredRequestsBehindASlowOne) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "threads have no stack of the system's here: see CreationsMayFail";
  constexpr int kSlowRequest = -1;
  absl::Notification end;
  RequestServer server(
      [&](int request) {
        if (request == kSlowRequest) end.WaitForNotification();
        return Answer(request);
      },
      2);
  const absl::Cleanup let_the_slow_request_end = [&] { end.Notify(); };
  const RoomForThreads room(5);
  if (!room.made()) GTEST_SKIP() << "the system does not let the program limit its own memory";
  server.Accept(kSlowRequest, [](const std::string&) {});
  ExpectAnswersOneAfterTheOther(server);
}

}  // namespace
}  // namespace racelab
