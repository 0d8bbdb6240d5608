#include "sanitizers/verdict/strong_compare_exchange.h"

#include "gtest/gtest.h"

namespace racelab {
namespace {

const FramesOfPlaces& Frames() {
  static const auto& frames = *new FramesOfPlaces{
      {"program+0x10",
       {{"std::__atomic_base<int>::compare_exchange_strong(int&, int, std::memory_order)", "atomic_base.h", 532, ""},
        {"Take()", "program.cc", 7, ""}}},
      {"program+0x20",
       {{"std::atomic<bool>::compare_exchange_weak(bool&, bool, std::memory_order)", "atomic", 120, ""},
        {"Take()", "program.cc", 8, ""}}},
      {"program+0x30", {{"Take()", "program.cc", 9, ""}}},
      {"program+0x40",
       {{"helper", "lib.h", 1, ""},
        {"compare_exchange_strong", "lib.h", 2, ""},
        {"compare_exchange_weak", "lib.h", 3, ""}}}};
  return frames;
}

// Whether failures of weak compare-exchanges are still said to be left out.
bool LeavesOut(std::vector<std::string> places, bool has_more = false) {
  std::vector<Exploration> explorations(1);
  explorations[0].compare_exchanges = std::move(places);
  explorations[0].has_more_compare_exchanges = has_more;
  explorations[0].no_weak_failures = true;
  NoteStrongCompareExchanges(explorations, Frames());
  return explorations[0].no_weak_failures;
}

TEST(StrongCompareExchange, LeavesNothingOut) {
  EXPECT_FALSE(LeavesOut({"program+0x10"}));
  EXPECT_FALSE(LeavesOut({"program+0x40"})) << "the weak one is implemented by a strong one";
}

TEST(StrongCompareExchange, MustBeEveryOne) {
  EXPECT_TRUE(LeavesOut({"program+0x20"}));
  EXPECT_TRUE(LeavesOut({"program+0x10", "program+0x20"}));
  EXPECT_TRUE(LeavesOut({"program+0x10", "program+0x30"})) << "no name says it";
  EXPECT_TRUE(LeavesOut({"program+0x10", "program+0x50"})) << "the place is unknown";
  EXPECT_TRUE(LeavesOut({"program+0x10"}, /*has_more=*/true));
  EXPECT_TRUE(LeavesOut({})) << "they were switched off";
}

}  // namespace
}  // namespace racelab
