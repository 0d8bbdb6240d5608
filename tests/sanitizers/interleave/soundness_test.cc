// What the reduction leaves out is nothing: on random small programs, the outcomes and the deadlocks of the reduced
// search are those of the full one.

#include <rapidcheck.h>

#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/sanitizers/interleave/explored.h"

namespace racelab {
namespace {

constexpr int kPrograms = 100;
constexpr std::uint64_t kMostInterleavings = 200'000;  // Of the full search; larger programs are passed over.

using Program = std::vector<std::string>;

// Two or three threads with a few operations each, of random_program.cc's.
rc::Gen<Program> Programs() {
  const auto operation = rc::gen::element<std::string>("r0", "r1", "w0", "w1", "u0", "u1", "c0", "l0", "l1", "o0", "o1",
                                                       "t0", "n0", "v0", "p0", "a0", "h0", "h1");
  const auto thread = [operation](int most) {
    return rc::gen::mapcat(rc::gen::inRange(1, most + 1), [operation](int length) {
      return rc::gen::map(rc::gen::container<std::vector<std::string>>(static_cast<size_t>(length), operation),
                          [](const std::vector<std::string>& operations) {
                            std::string text;
                            for (const std::string& one : operations) text += one;
                            return text;
                          });
    });
  };
  return rc::gen::oneOf(rc::gen::container<Program>(2, thread(4)), rc::gen::container<Program>(3, thread(3)));
}

struct Findings {
  std::set<int> outcomes;
  std::set<std::string> deadlocks;
  bool complete = false;

  bool operator==(const Findings& other) const { return outcomes == other.outcomes && deadlocks == other.deadlocks; }
};

class SoundnessTest : public ExploredTest {
 protected:
  // In so many parts, as if processes shared the search.
  static Findings Find(const std::string& search, const Program& program, int shards = 1) {
    InterleaveOptions options = Whole();
    options.resolve = false;
    options.search = search;
    options.all = true;
    options.outcomes = true;
    options.minimise = false;
    options.executions = kMostInterleavings;
    options.shards = shards;
    Findings findings;
    findings.complete = true;
    for (options.shard = 0; options.shard < shards; ++options.shard) {
      const Exploration exploration = Explore("random_program", program, options);
      findings.complete &= exploration.complete;
      for (const auto& [code, count] : exploration.outcomes) findings.outcomes.insert(code);
      for (const InterleavingFailure& failure : exploration.failures)
        findings.deadlocks.insert(failure.kind + ": " + failure.message);
    }
    return findings;
  }
};

TEST_P(SoundnessTest, TheReducedSearchFindsAllOutcomesAndDeadlocks) {
  int compared = 0;
  const bool held = rc::check("same outcomes, same deadlocks", [&] {
    if (compared >= kPrograms) return;
    const Program program = *Programs();
    const Findings full = Find("full", program);
    if (!full.complete) return;
    const Findings reduced = Find("exhaustive", program);
    ++compared;
    RC_LOG() << program.size() << " threads; outcomes " << reduced.outcomes.size() << " of " << full.outcomes.size()
             << ", deadlocks " << reduced.deadlocks.size() << " of " << full.deadlocks.size();
    RC_ASSERT(reduced.complete);
    RC_ASSERT(reduced.outcomes == full.outcomes);
    RC_ASSERT(reduced.deadlocks == full.deadlocks);
    RC_ASSERT(Find("exhaustive", program, 3) == full);
  });
  EXPECT_TRUE(held);
  EXPECT_GE(compared, kPrograms / 2);
}

RACELAB_FOR_EACH_TREE(SoundnessTest);

}  // namespace
}  // namespace racelab
