// The names of memory, known races and schedules in text for other processes.

#include <dlfcn.h>

#include <cstring>
#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/known_races.h"
#include "sanitizers/interleave/memory_name.h"
#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/model/library_call.h"
#include "sanitizers/interleave/options.h"

namespace racelab::interleave {
namespace {

char of_this_module[4096];

std::string NamesOf(const std::vector<std::uintptr_t>& memory) {
  Vector<char> text;
  AppendMemoryNames(Vector<std::uintptr_t>(memory.begin(), memory.end()), text);
  return std::string(text.begin(), text.end());
}

bool Parse(const std::string& text, std::vector<std::uintptr_t>& memory) {
  Vector<std::uintptr_t> parsed;
  const bool ok = ParseMemoryNames(text.data(), text.data() + text.size(), parsed);
  memory.assign(parsed.begin(), parsed.end());
  return ok;
}

class MemoryNameTest : public testing::Test {
 protected:
  static constexpr std::size_t kStack = 1 << 16;
  static constexpr std::uintptr_t kFirstStack = 0x500000000000;

  MemoryNameTest() {
    if (arena.begin == 0) arena.Allocate(1);
    for (const int slot : {0, 1, 11}) {
      execution.threads[slot].fibre.stack = reinterpret_cast<char*>(StackOf(slot));
      execution.threads[slot].fibre.stack_size = kStack;
    }
  }

  static std::uintptr_t StackOf(int slot) { return kFirstStack + 2 * kStack * static_cast<std::uintptr_t>(slot); }

  static rc::Gen<std::uintptr_t> Addresses() {
    const auto from = [](std::uintptr_t begin, std::uintptr_t size) {
      return rc::gen::resize(1000, rc::gen::inRange(begin, begin + size));
    };
    const auto module = reinterpret_cast<std::uintptr_t>(of_this_module);
    const auto library = reinterpret_cast<std::uintptr_t>(&strtok);
    return rc::gen::oneOf(from(arena.begin, Arena::kReserved), from(module, sizeof of_this_module), from(library, 64),
                          from(StackOf(0), kStack), from(StackOf(11), kStack), from(0x600000000000, 1 << 30),
                          rc::gen::map(rc::gen::inRange(0, Arena::kClasses), BlocksOfClass),
                          rc::gen::just(kLibraryCalls));
  }
};

RC_GTEST_FIXTURE_PROP(MemoryNameTest, WhatIsWrittenIsRead, ()) {
  const auto memory = *rc::gen::container<std::vector<std::uintptr_t>>(Addresses());
  std::vector<std::uintptr_t> read;
  RC_ASSERT(Parse(NamesOf(memory), read));
  RC_ASSERT(read == memory);
}

TEST_F(MemoryNameTest, SaysWhereTheMemoryIs) {
  EXPECT_EQ(NamesOf({arena.begin + 0x40}), "h40");
  EXPECT_EQ(NamesOf({StackOf(1) + kStack - 0x20, BlocksOfClass(2)}), "s1.20,b18");
  EXPECT_EQ(NamesOf({reinterpret_cast<std::uintptr_t>(of_this_module)}).substr(0, 3), "m0.");
}

TEST_F(MemoryNameTest, RefusesWhatIsNoName) {
  std::vector<std::uintptr_t> memory;
  for (const char* text : {"h", "m1", "m.10", "s-1.10", "s64.10", "m99999.10", "q10", "h10;h20", "hxyz"})
    EXPECT_FALSE(Parse(text, memory)) << text;
  EXPECT_TRUE(Parse("", memory));
}

TEST(ScheduleTest, IsADigitAStepBehindTheNamesOfMemory) {
  SearchOptions search;
  ASSERT_TRUE(ParseSchedule("019azAZ+@", search));
  EXPECT_EQ(std::vector<int>(search.schedule.begin(), search.schedule.end()),
            (std::vector<int>{0, 1, 9, 10, 35, 36, 61, 62, 63}));
  ASSERT_TRUE(ParseSchedule("m0.4010,h40:01", search));
  EXPECT_STREQ(search.promoted, "m0.4010,h40");
  EXPECT_EQ(search.schedule.size(), 2);
  EXPECT_FALSE(ParseSchedule("01-2", search));
}

int one = 0, other = 0, third = 0;

std::string PlaceOf(const void* pc) {
  Dl_info names;
  EXPECT_NE(dladdr(pc, &names), 0);
  std::ostringstream place;
  place << names.dli_fname << "+0x" << std::hex
        << static_cast<const char*>(pc) - static_cast<const char*>(names.dli_fbase);
  return place.str();
}

bool IsKnown(const void* earlier, const void* later) {
  Access a = {}, b = {};
  a.pc = earlier;
  b.pc = later;
  return IsKnownRace(a, b);
}

TEST(KnownRacesTest, AreOfTwoPlacesInEitherOrder) {
  const std::string race = PlaceOf(&one) + "*" + PlaceOf(&other);
  const std::string nowhere = "/no/such/module+0x10*" + PlaceOf(&third);
  options.known_races = {race.c_str(), nowhere.c_str(), "no star"};
  FindKnownRaces();
  EXPECT_TRUE(IsKnown(&one, &other));
  EXPECT_TRUE(IsKnown(&other, &one));
  EXPECT_FALSE(IsKnown(&one, &one));
  EXPECT_FALSE(IsKnown(&one, &third));
  options.known_races = {};
  FindKnownRaces();
  EXPECT_FALSE(IsKnown(&one, &other));
}

}  // namespace
}  // namespace racelab::interleave
