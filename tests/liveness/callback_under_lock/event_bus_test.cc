#include <event_bus.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

// The events that a subscriber has received. Safe to use from several callbacks at once.
class Diary {
 public:
  void Write(const std::string& event) {
    absl::MutexLock lock(&mutex_);
    events_.push_back(event);
  }

  // In alphabetical order.
  std::vector<std::string> Events() const {
    absl::MutexLock lock(&mutex_);
    std::vector<std::string> events = events_;
    std::sort(events.begin(), events.end());
    return events;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> events_;
};

// The model is a list of diaries, each with all events published since it was begun.
TEST(EventBus, TellsEverySubscriberOnOneThread) {
  enum { kPublish, kSubscribe };
  ForRandomSteps({{"Publish"}, {"Subscribe"}}, 50, [](Steps& steps) {
    EventBus bus;
    std::vector<std::vector<int>> diaries, model;
    diaries.reserve(steps.size());
    int event = 0;
    for (const Step& step : steps) {
      if (step.what == kSubscribe) {
        model.emplace_back();
        bus.Subscribe([&diary = diaries.emplace_back()](const std::string& text) { diary.push_back(std::stoi(text)); });
      } else {
        for (std::vector<int>& diary : model) diary.push_back(event);
        bus.Publish(std::to_string(event++));
      }
      steps.Shows("the subscribers' diaries", diaries, model);
    }
  });
}

TEST(EventBus, TellsSubscribersOfWhatTwoThreadsPublish) {
  Interleavings([] {
    EventBus bus;
    Diary diary;
    bus.Subscribe([&](const std::string& event) { diary.Write(event); });
    RunTogether([&] { bus.Publish("bell"); }, [&] { bus.Publish("smoke"); });
    EXPECT_EQ(diary.Events(), (std::vector<std::string>{"bell", "smoke"}));
  });
}

TEST(EventBus, TellsWhoSubscribesMeanwhileOfAllOrNothing) {
  Interleavings([] {
    EventBus bus;
    Diary early, late;
    bus.Subscribe([&](const std::string& event) { early.Write(event); });
    RunTogether([&] { bus.Publish("bell"); },
                [&] { bus.Subscribe([&](const std::string& event) { late.Write(event); }); });
    EXPECT_EQ(early.Events(), std::vector<std::string>{"bell"});
    EXPECT_LE(late.Events().size(), 1);
    bus.Publish("smoke");
    EXPECT_EQ(late.Events().back(), "smoke");
  });
}

TEST(EventBus, TellsBothOfTwoWhoSubscribeAtOnce) {
  Interleavings([] {
    EventBus bus;
    Diary one, other;
    RunTogether([&] { bus.Subscribe([&](const std::string& event) { one.Write(event); }); },
                [&] { bus.Subscribe([&](const std::string& event) { other.Write(event); }); });
    bus.Publish("bell");
    EXPECT_EQ(one.Events(), std::vector<std::string>{"bell"});
    EXPECT_EQ(other.Events(), std::vector<std::string>{"bell"});
  });
}

TEST(EventBus, LetsACallbackPublish) {
  Interleavings([] {
    EventBus bus;
    Diary diary;
    bus.Subscribe([&](const std::string& event) {
      diary.Write(event);
      if (event == "smoke") bus.Publish("alarm");
    });
    RunTogether([&] { bus.Publish("smoke"); }, [&] { bus.Publish("bell"); });
    EXPECT_EQ(diary.Events(), (std::vector<std::string>{"alarm", "bell", "smoke"}));
  });
}

TEST(EventBus, LetsACallbackSubscribe) {
  Interleavings([] {
    EventBus bus;
    Diary camera, late;
    bus.Subscribe([&](const std::string& event) {
      if (event == "on") bus.Subscribe([&](const std::string& seen) { camera.Write(seen); });
    });
    bus.Subscribe([&](const std::string& event) { late.Write(event); });  // Its turn comes after that.
    RunTogether([&] { bus.Publish("on"); });
    EXPECT_EQ(late.Events(), std::vector<std::string>{"on"});
    bus.Publish("bell");
    EXPECT_EQ(camera.Events(), std::vector<std::string>{"bell"});
  });
}

// The others stay where they are, however many there are.
TEST(EventBus, LetsACallbackSubscribeManyOthers) {
  EventBus bus;
  int told = 0, told_late = 0;
  bus.Subscribe([&](const std::string& event) {
    if (event != "on") return;
    for (int other = 0; other < 1000; ++other) bus.Subscribe([&](const std::string&) { ++told; });
  });
  bus.Subscribe([&](const std::string&) { ++told_late; });
  bus.Publish("on");
  bus.Publish("bell");
  EXPECT_EQ(told, 1000);
  EXPECT_EQ(told_late, 2);
}

// A callback that remembers how many events it was told of, and says so.
class Tally {
 public:
  explicit Tally(int& said) : said_(said) {}

  void operator()(const std::string&) { said_ = ++events_; }

 private:
  int events_ = 0;
  int& said_;
};

TEST(EventBus, LetsACallbackRemember) {
  EventBus bus;
  int events = 0;
  bus.Subscribe(Tally(events));
  bus.Publish("bell");
  bus.Subscribe([](const std::string&) {});
  bus.Publish("bell");
  EXPECT_EQ(events, 2);
}

// Only one thread publishes, so the callback's memory needs no lock, whoever else subscribes.
TEST(EventBus, LetsACallbackRememberWhileAnotherSubscribes) {
  Interleavings([] {
    EventBus bus;
    int events = 0;
    bus.Subscribe(Tally(events));
    RunTogether([&] { bus.Publish("bell"); }, [&] { bus.Subscribe([](const std::string&) {}); });
    bus.Publish("bell");
    EXPECT_EQ(events, 2);
  });
}

// A callback that owns something: after `armed` is set, the first of its copies to be destroyed publishes that on the
// bus.
class Owner {
 public:
  Owner(EventBus& bus, bool& armed) : bus_(bus), armed_(armed) {}
  Owner(const Owner&) = default;
  Owner& operator=(const Owner&) = delete;
  ~Owner() {
    if (std::exchange(armed_, false)) bus_.Publish("given up");
  }

  void operator()(const std::string&) const {}

 private:
  EventBus& bus_;
  bool& armed_;
};

// The bus decides whether and when a copy is destroyed, but this must not harm any thread.
TEST(EventBus, LetsWhatACallbackOwnsPublishAsItIsDestroyed) {
  Interleavings([] {
    bool armed = false;  // Not while the bus itself is destroyed.
    Diary diary;
    EventBus bus;
    bus.Subscribe(Owner(bus, armed));
    bus.Subscribe([&](const std::string& event) { diary.Write(event); });
    armed = true;
    RunTogether([&] {
      bus.Subscribe([](const std::string&) {});
      bus.Publish("bell");
    });
    armed = false;
    const std::vector<std::string> events = diary.Events();
    EXPECT_EQ(std::count(events.begin(), events.end(), "bell"), 1);
  });
}

TEST(EventBus, TellsTheSubscribersOfAnotherBus) {
  Interleavings([] {
    std::vector<std::string> in_house, in_garden;
    EventBus garden;
    EventBus house;
    garden.Subscribe([&](const std::string& event) { in_garden.push_back(event); });
    house.Subscribe([&](const std::string& event) {
      in_house.push_back(event);
      if (event == "smoke") garden.Publish("alarm");
    });
    RunTogether([&] { house.Publish("smoke"); });
    EXPECT_EQ(in_house, std::vector<std::string>{"smoke"});
    EXPECT_EQ(in_garden, std::vector<std::string>{"alarm"});
  });
}

// Each callback is called while the other one is. (All interleavings of this would be too many.)
TEST(EventBus, LetsTwoBusesPublishOnEachOtherAtOnce) {
  bool alarmed = false, barked = false;
  HandShake smoke, fox;
  EventBus house, garden;
  house.Subscribe([&](const std::string& event) {
    if (event == "bark") barked = true;
    if (event != "smoke") return;
    smoke.Signal();
    fox.AwaitBriefly();
    garden.Publish("alarm");
  });
  garden.Subscribe([&](const std::string& event) {
    if (event == "alarm") alarmed = true;
    if (event != "fox") return;
    fox.Signal();
    smoke.AwaitBriefly();
    house.Publish("bark");
  });
  RunSimultaneously([&] { house.Publish("smoke"); }, [&] { garden.Publish("fox"); });
  EXPECT_TRUE(alarmed);
  EXPECT_TRUE(barked);
}

TEST(EventBus, LetsAnEventComeBackFromAnotherBus) {
  Interleavings([] {
    bool barked = false;
    EventBus house, garden;
    house.Subscribe([&](const std::string& event) {
      if (event == "smoke") garden.Publish("alarm");
      if (event == "bark") barked = true;
    });
    garden.Subscribe([&](const std::string& event) {
      if (event == "alarm") house.Publish("bark");
    });
    house.Publish("smoke");
    EXPECT_TRUE(barked);
  });
}

TEST(EventBus, TellsWhomACallbackSubscribedOfWhatItPublishesNext) {
  Interleavings([] {
    EventBus bus;
    std::vector<std::string> camera;
    bus.Subscribe([&](const std::string& event) {
      if (event != "on") return;
      bus.Subscribe([&](const std::string& seen) { camera.push_back(seen); });
      bus.Publish("bell");
    });
    RunTogether([&] { bus.Publish("on"); });
    EXPECT_EQ(camera, std::vector<std::string>{"bell"});
  });
}

TEST(EventBus, TellsNobodyOfWhatACallbackPublishedBefore) {
  Interleavings([] {
    EventBus bus;
    std::vector<std::string> camera;
    bus.Subscribe([&](const std::string& event) {
      if (event != "on") return;
      bus.Publish("bell");
      bus.Subscribe([&](const std::string& seen) { camera.push_back(seen); });
    });
    RunTogether([&] { bus.Publish("on"); });
    EXPECT_EQ(camera, std::vector<std::string>{});
  });
}

TEST(EventBus, TellsOfAnEventThatLeadsToTheSameEventTenTimes) {
  Interleavings([] {
    EventBus bus;
    int ticks = 0;
    bus.Subscribe([&](const std::string& event) {
      if (++ticks < 10) bus.Publish(event);
    });
    RunTogether([&] { bus.Publish("tick"); });
    EXPECT_EQ(ticks, 10);
  });
}

TEST(EventBus, HasToldOfAnEventWhenPublishReturnsThoughAnotherThreadPublishes) {
  Interleavings([] {
    EventBus bus;
    Diary diary;
    std::vector<std::string> heard;
    bus.Subscribe([&](const std::string& event) { diary.Write(event); });
    RunTogether([&] { bus.Publish("bell"); },
                [&] {
                  bus.Publish("smoke");
                  heard = diary.Events();
                });
    EXPECT_EQ(std::count(heard.begin(), heard.end(), "smoke"), 1);
  });
}

// Whatever holds the callbacks has to grow several times, while one of them is looked up.
TEST(EventBus, TellsASubscriberWhileManyOthersSubscribe) {
  if (UnderSecondRuntime()) GTEST_SKIP() << "has too many interleavings";
  Interleavings([] {
    constexpr int kOthers = 100;
    EventBus bus;
    Diary diary;
    bus.Subscribe([&](const std::string& event) { diary.Write(event); });
    RunTogether([&] { bus.Publish("bell"); },
                [&] {
                  for (int other = 0; other < kOthers; ++other) bus.Subscribe([](const std::string&) {});
                });
    EXPECT_EQ(diary.Events(), std::vector<std::string>{"bell"});
  });
}

TEST(EventBus, TellsManySubscribers) {
  EventBus bus;
  int told = 0;
  for (int subscriber = 0; subscriber < 300; ++subscriber) bus.Subscribe([&](const std::string&) { ++told; });
  bus.Publish("bell");
  EXPECT_EQ(told, 300);
}

}  // namespace
}  // namespace racelab
