#include "solutions/support/channel.h"

#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

TEST(Channel, HandsOverInTheOrderOfSending) {
  Channel<int> channel;
  channel.Send(1);
  channel.Send(2);
  EXPECT_EQ(channel.Receive(), 1);
  EXPECT_EQ(channel.Receive(), 2);
}

TEST(Channel, HandsOverWhatWasSentBeforeItWasClosedAndThenNothing) {
  Channel<int> channel;
  channel.Send(1);
  channel.Close();
  EXPECT_FALSE(channel.Send(2));
  EXPECT_EQ(channel.Receive(), 1);
  EXPECT_EQ(channel.Receive(), std::nullopt);
  EXPECT_EQ(channel.Receive(), std::nullopt);
}

TEST(Channel, NeverWaitsToTry) {
  Channel<int> channel;
  EXPECT_EQ(channel.TryReceive(), std::nullopt);
  channel.Send(1);
  EXPECT_EQ(channel.TryReceive(), 1);
}

TEST(Channel, CarriesWhatCanOnlyBeMoved) {
  Channel<std::unique_ptr<int>> channel;
  channel.Send(std::make_unique<int>(7));
  EXPECT_EQ(**channel.Receive(), 7);
}

TEST(Channel, PublishesWhatTheSenderDidBefore) {
  Interleavings([] {
    Channel<bool> channel;
    int data = 0, seen = 0;
    RunSimultaneously(
        [&] {
          data = 42;
          channel.Send(true);
        },
        [&] {
          if (channel.Receive()) seen = data;
        });
    EXPECT_EQ(seen, 42);
  });
}

TEST(Channel, GivesEachValueToOneOfTwoReceivers) {
  Interleavings([] {
    Channel<int> channel;
    std::optional<int> first, second;
    RunSimultaneously(
        [&] {
          channel.Send(1);
          channel.Send(2);
        },
        [&] { first = channel.Receive(); }, [&] { second = channel.Receive(); });
    EXPECT_THAT((std::vector<int>{first.value_or(0), second.value_or(0)}), UnorderedElementsAre(1, 2));
  });
}

TEST(Channel, KeepsTheOrderOfEachOfTwoSenders) {
  Interleavings([] {
    Channel<int> channel;
    RunTogether(
        [&] {
          channel.Send(1);
          channel.Send(2);
        },
        [&] {
          channel.Send(11);
          channel.Send(12);
        });
    std::vector<int> small, large;
    while (auto value = channel.TryReceive()) (*value < 10 ? small : large).push_back(*value);
    EXPECT_THAT(small, ElementsAre(1, 2));
    EXPECT_THAT(large, ElementsAre(11, 12));
  });
}

TEST(Channel, MakesASenderWaitWhileItIsFull) {
  Interleavings([] {
    Channel<int> channel(1);
    std::vector<int> received;
    RunSimultaneously(
        [&] {
          for (int i = 0; i < 3; ++i) channel.Send(i);
          channel.Close();
        },
        [&] {
          while (auto value = channel.Receive()) received.push_back(*value);
        });
    EXPECT_THAT(received, ElementsAre(0, 1, 2));
  });
}

TEST(Channel, LetsBlockedSendersAndReceiversGoWhenItIsClosed) {
  Interleavings([] {
    Channel<int> full(1), empty;
    full.Send(0);
    bool sent = true;
    std::optional<int> received = 0;
    RunSimultaneously([&] { sent = full.Send(1); }, [&] { received = empty.Receive(); },
                      [&] {
                        full.Close();
                        empty.Close();
                      });
    EXPECT_FALSE(sent);
    EXPECT_EQ(received, std::nullopt);
  });
}

TEST(Channel, MayBeDestroyedByWhoHasReceivedItsLastValue) {
  Interleavings([] {
    auto channel = std::make_unique<Channel<int>>();
    RunSimultaneously([answer = channel.get()] { answer->Send(1); },
                      [&] {
                        channel->Receive();
                        channel.reset();
                      });
  });
}

TEST(Channel, IsAQueueOnOneThread) {
  enum { kTryReceive, kSend };
  ForRandomSteps({{"TryReceive"}, {"Send", {-100, 100}}}, 50, [](Steps& steps) {
    Channel<int> channel;
    std::deque<int> model;
    for (const Step& step : steps) {
      if (step.what == kSend) {
        steps.Answers(channel.Send(step.value), true);
        model.push_back(step.value);
      } else if (model.empty()) {
        steps.Answers(channel.TryReceive(), std::nullopt);
      } else {
        steps.Answers(channel.TryReceive(), std::optional(model.front()));
        model.pop_front();
      }
    }
  });
}

}  // namespace
}  // namespace racelab
