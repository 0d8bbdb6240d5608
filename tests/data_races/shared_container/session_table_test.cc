#include <session_table.h>

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/property.h"
#include "tests/support/run_together.h"

namespace racelab {
namespace {

constexpr std::size_t kRoom = 8;
constexpr int kAnn = 1;
constexpr int kBob = 2;

TEST(SessionTable, StartsEmpty) { EXPECT_EQ(SessionTable(kRoom).Size(), 0); }

RACELAB_PROPERTY(SessionTable, AnswersLikeAMapOnOneThread, ()) {
  SessionTable table(kRoom);
  std::map<int, Ticket> model;
  std::set<Ticket> used;
  // A positive number logs that user in; another one looks up the user that it is the negative of, and logs them out.
  for (const int step : *rc::gen::resize(8, rc::gen::arbitrary<std::vector<int>>())) {
    if (step > 0) {
      const Ticket ticket = table.Open(step);
      const bool opened = model.try_emplace(step, ticket).second;
      RC_ASSERT(model.at(step) == ticket);
      if (opened) RC_ASSERT(used.insert(ticket).second);
    } else {
      const auto known = model.find(-step);
      RC_ASSERT(table.TicketOf(-step) == (known == model.end() ? std::nullopt : std::make_optional(known->second)));
      RC_ASSERT(table.Close(-step) == (model.erase(-step) == 1));
    }
    RC_ASSERT(table.Size() == model.size());
  }
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

}  // namespace
}  // namespace racelab
