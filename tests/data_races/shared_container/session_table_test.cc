#include <session_table.h>

#include <cstddef>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/memory_left.h"
#include "tests/support/memory_runs_out.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

constexpr std::size_t kRoom = 8;
constexpr int kAnn = 1;
constexpr int kBob = 2;

TEST(SessionTable, StartsEmpty) { EXPECT_EQ(SessionTable(kRoom).Size(), 0); }

TEST(SessionTable, AnswersLikeAMapOnOneThread) {
  enum { kOpen, kTicketOf, kClose };
  const Values user = {1, 9};
  ForRandomSteps({{"Open", user}, {"TicketOf", user}, {"Close", user}}, 12, [](Steps& steps) {
    SessionTable table(kRoom);
    std::map<int, Ticket> model;
    std::set<Ticket> used;
    for (const Step& step : steps) {
      const auto known = model.find(step.value);
      if (step.what == kOpen) {
        const Ticket ticket = table.Open(step.value);
        if (known != model.end()) {
          steps.Answers(ticket, known->second);
        } else {
          steps.Check(used.insert(ticket).second, "the ticket was given before");
          model.emplace(step.value, ticket);
        }
      } else if (step.what == kTicketOf) {
        steps.Answers(table.TicketOf(step.value),
                      known == model.end() ? std::nullopt : std::make_optional(known->second));
      } else {
        steps.Answers(table.Close(step.value), model.erase(step.value) == 1);
      }
      steps.Shows("Size", table.Size(), model.size());
    }
  });
}

TEST(SessionTable, GivesTwoUsersWhoLogInAtOnceASessionEach) {
  Interleavings([] {
    SessionTable table(kRoom);
    Ticket ann = 0;
    Ticket bob = 0;
    RunTogether([&] { ann = table.Open(kAnn); }, [&] { bob = table.Open(kBob); });
    EXPECT_NE(ann, bob);
    EXPECT_EQ(table.TicketOf(kAnn), ann);
    EXPECT_EQ(table.TicketOf(kBob), bob);
    EXPECT_EQ(table.Size(), 2);
  });
}

TEST(SessionTable, GivesAUserWhoLogsInTwiceAtOnceOneSession) {
  Interleavings([] {
    SessionTable table(kRoom);
    Ticket first = 0;
    Ticket second = 0;
    RunTogether([&] { first = table.Open(kAnn); }, [&] { second = table.Open(kAnn); });
    EXPECT_EQ(first, second);
    EXPECT_EQ(table.Size(), 1);
  });
}

TEST(SessionTable, FindsWhatItHasCountedWhileASessionOpens) {
  Interleavings([] {
    SessionTable table(kRoom);
    const Ticket ann = table.Open(kAnn);
    Ticket bob = 0;
    std::size_t seen = 0;
    std::optional<Ticket> found_ann;
    std::optional<Ticket> found_bob;
    RunTogether([&] { bob = table.Open(kBob); },
                [&] {
                  seen = table.Size();
                  found_ann = table.TicketOf(kAnn);
                  found_bob = table.TicketOf(kBob);
                });
    EXPECT_EQ(found_ann, ann);
    if (found_bob.has_value()) {
      EXPECT_EQ(found_bob, bob);
    }
    EXPECT_LE(seen, found_bob.has_value() ? 2 : 1);
  });
}

TEST(SessionTable, CountsOnlyWhatWasOpenAtOneMoment) {
  Interleavings([] {
    SessionTable table(kRoom);
    table.Open(kBob);
    std::size_t seen = 0;
    RunTogether(
        [&] {
          table.Open(kAnn);
          table.Close(kBob);
        },
        [&] { seen = table.Size(); });
    EXPECT_TRUE(seen == 1 || seen == 2) << seen;
    EXPECT_EQ(table.Size(), 1);
  });
}

TEST(SessionTable, CountsAsBeforeWhileASessionIsClosedThatDoesNotExist) {
  Interleavings([] {
    SessionTable table(kRoom);
    table.Open(kBob);
    bool closed = true;
    std::size_t seen = 0;
    RunTogether([&] { closed = table.Close(kAnn); }, [&] { seen = table.Size(); });
    EXPECT_FALSE(closed);
    EXPECT_EQ(seen, 1);
  });
}

TEST(SessionTable, ClosesASessionForOneOfTwoWhoAskAtOnce) {
  Interleavings([] {
    SessionTable table(kRoom);
    table.Open(kAnn);
    bool first = false;
    bool second = false;
    RunTogether([&] { first = table.Close(kAnn); }, [&] { second = table.Close(kAnn); });
    EXPECT_NE(first, second);
    EXPECT_EQ(table.TicketOf(kAnn), std::nullopt);
  });
}

TEST(SessionTable, CountsWhatItHasFoundWhileASessionOpens) {
  Interleavings([] {
    SessionTable table(kRoom);
    std::optional<Ticket> found;
    std::size_t seen = 0;
    RunTogether([&] { table.Open(kAnn); },
                [&] {
                  found = table.TicketOf(kAnn);
                  seen = table.Size();
                });
    EXPECT_GE(seen, found.has_value() ? 1 : 0);
    EXPECT_LE(seen, 1);
  });
}

TEST(SessionTable, FindsASessionOrNoneWhileItIsClosed) {
  Interleavings([] {
    SessionTable table(kRoom);
    const Ticket ann = table.Open(kAnn);
    std::optional<Ticket> found;
    bool closed = false;
    RunTogether([&] { closed = table.Close(kAnn); }, [&] { found = table.TicketOf(kAnn); });
    EXPECT_TRUE(closed);
    EXPECT_EQ(found.value_or(ann), ann);
    EXPECT_EQ(table.Size(), 0);
  });
}

TEST(SessionTable, OpensASessionWhileItIsClosed) {
  Interleavings([] {
    SessionTable table(kRoom);
    const Ticket ann = table.Open(kAnn);
    Ticket again = 0;
    bool closed = false;
    RunTogether([&] { closed = table.Close(kAnn); }, [&] { again = table.Open(kAnn); });
    EXPECT_TRUE(closed);
    const std::optional<Ticket> left = table.TicketOf(kAnn);
    EXPECT_EQ(again, left.value_or(ann));
    EXPECT_NE(left, ann);
    EXPECT_EQ(table.Size(), left.has_value() ? 1 : 0);
  });
}

TEST(SessionTable, ClosesTheSessionsOfTwoUsersAtOnce) {
  Interleavings([] {
    SessionTable table(kRoom);
    table.Open(kAnn);
    table.Open(kBob);
    bool ann = false;
    bool bob = false;
    RunTogether([&] { ann = table.Close(kAnn); }, [&] { bob = table.Close(kBob); });
    EXPECT_TRUE(ann);
    EXPECT_TRUE(bob);
    EXPECT_EQ(table.Size(), 0);
  });
}

TEST(SessionTable, HasNothingInCommonWithAnother) {
  Interleavings([] {
    SessionTable table(kRoom);
    SessionTable other(kRoom);
    Ticket ann = 0;
    Ticket bob = 0;
    RunTogether([&] { ann = table.Open(kAnn); }, [&] { bob = other.Open(kBob); });
    EXPECT_EQ(table.TicketOf(kAnn), ann);
    EXPECT_EQ(other.TicketOf(kBob), bob);
    EXPECT_EQ(table.Size() + other.Size(), 2);
  });
}

// Opens Bob's session with memory for only so many allocations. Returns whether that was too little.
bool MemoryRunsOutForBob(SessionTable& table, int allocations) {
  return MemoryRunsOut(allocations, [&] { table.Open(kBob); });
}

TEST(SessionTable, IsAsBeforeIfThereIsNoMemoryForASession) {
  int enough = 0;
  for (bool ran_out = true; ran_out; enough += ran_out) {
    SessionTable table(kRoom);
    table.Open(kAnn);
    ran_out = MemoryRunsOutForBob(table, enough);
  }
  for (int allocations = 0; allocations < enough; ++allocations) {
    Interleavings([allocations] {
      SessionTable table(kRoom);
      const Ticket ann = table.Open(kAnn);
      MemoryRunsOutForBob(table, allocations);
      std::size_t seen = 0;
      std::optional<Ticket> found_ann;
      std::optional<Ticket> found_bob;
      Ticket bob = 0;
      RunTogether([&] {  // To another thread, every lock must be free.
        seen = table.Size();
        found_ann = table.TicketOf(kAnn);
        found_bob = table.TicketOf(kBob);
        bob = table.Open(kBob);
      });
      EXPECT_EQ(seen, 1) << "if there is no memory for a session, Open() leaves the table as it was";
      EXPECT_EQ(found_ann, ann);
      EXPECT_EQ(found_bob, std::nullopt);
      EXPECT_NE(bob, ann);
    });
  }
}

TEST(SessionTable, FindsTheSessionThatIsOpenAfterOneWasClosed) {
  Interleavings([] {
    SessionTable table(kRoom);
    table.Open(kAnn);
    HandShake closed;
    Ticket again = 0;
    RunSimultaneously(
        [&] {
          table.Close(kAnn);
          closed.Signal();
        },
        [&] {
          table.Open(kAnn);
          closed.Await();
          again = table.Open(kAnn);
        });
    EXPECT_EQ(table.TicketOf(kAnn), again);
    EXPECT_EQ(table.Size(), 1);
  });
}

TEST(SessionTable, KnowsUsersByAnyNumber) {
  constexpr int kUsers[] = {0,      1,      -1,     255,       256,       10'000,
                            65'535, 65'536, 70'000, 1'000'000, 1'048'576, std::numeric_limits<int>::max()};
  SessionTable table(kRoom);
  std::set<Ticket> tickets;
  for (const int user : kUsers) {
    EXPECT_EQ(table.TicketOf(user), std::nullopt) << user;
    const Ticket ticket = table.Open(user);
    EXPECT_TRUE(tickets.insert(ticket).second) << user;
    EXPECT_EQ(table.TicketOf(user), ticket) << user;
  }
  EXPECT_EQ(table.Size(), std::size(kUsers));
}

TEST(SessionTable, OpensMoreSessionsThanWereExpected) {
  for (const int expected : {0, 1, 10}) {
    SessionTable table(expected);
    for (int user = 0; user < expected + 100; ++user) table.Open(user);
    EXPECT_EQ(table.Size(), static_cast<std::size_t>(expected + 100));
  }
}

TEST(SessionTable, GivesItsMemoryBack) {
  EXPECT_EQ(BlocksLeftBy([] {
              SessionTable table(kRoom);
              for (const int user : {1, 2, 1}) table.Open(user);
              table.Close(2);
              table.Open(3);
            }),
            0);
}

}  // namespace
}  // namespace racelab
