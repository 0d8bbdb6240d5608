// The program's heap.

#include "sanitizers/interleave/arena.h"

#include <cstring>
#include <map>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/interleave/model/freed_memory.h"

namespace racelab::interleave {
namespace {

// All tests share the arena: it reserves much of the address space, and is empty again once its state is restored.
class ArenaTest : public testing::Test {
 protected:
  ArenaTest() {
    if (arena.begin == 0) arena.Allocate(1);
    arena.state = {};
    arena.state.next = arena.begin;
  }
};

TEST_F(ArenaTest, AFreedBlockIsTheNextToBeHandedOut) {
  void* first = arena.Allocate(40);
  void* second = arena.Allocate(40);
  EXPECT_EQ(arena.Free(first), Arena::Freed::kDone);
  EXPECT_EQ(arena.Free(second), Arena::Freed::kDone);
  EXPECT_NE(arena.Allocate(400), second) << "of another class";
  EXPECT_EQ(arena.Allocate(33), second);
  void* fresh = arena.Allocate(40, 16, true);
  EXPECT_NE(fresh, first);
  EXPECT_EQ(arena.Allocate(48), first);
}

TEST_F(ArenaTest, TellsWhatCannotBeFreed) {
  char* block = static_cast<char*>(arena.Allocate(100));
  memset(block, 0, 100);
  EXPECT_EQ(arena.Free(block + 16), Arena::Freed::kNoBlock);
  int elsewhere = 0;
  EXPECT_EQ(arena.Free(&elsewhere), Arena::Freed::kNoBlock);
  EXPECT_EQ(arena.Free(block), Arena::Freed::kDone);
  EXPECT_EQ(arena.Size(block), 0);
  EXPECT_EQ(arena.Free(block), Arena::Freed::kTwice);
  void* aligned = arena.Allocate(10, 256);
  EXPECT_EQ(arena.Free(aligned), Arena::Freed::kDone);
  EXPECT_EQ(arena.Free(aligned), Arena::Freed::kTwice);
}

TEST_F(ArenaTest, SaysNoToWhatItHasNoRoomFor) {
  EXPECT_EQ(arena.Allocate(Arena::kReserved + 1), nullptr);
  EXPECT_EQ(arena.Allocate(SIZE_MAX), nullptr);
  EXPECT_EQ(arena.Allocate(1, 2 * Arena::kReserved), nullptr);
  EXPECT_NE(arena.Allocate(Arena::kReserved / 2), nullptr);
  EXPECT_EQ(arena.Allocate(Arena::kReserved / 2), nullptr);
  EXPECT_NE(arena.Allocate(1), nullptr);
}

struct Request {
  std::size_t bytes, alignment;
  int frees;  // If not negative: a request to free the block with this number (modulo the number of blocks).
};

std::vector<Request> Requests() {
  return *rc::gen::container<std::vector<Request>>(
      rc::gen::map(rc::gen::tuple(rc::gen::inRange<std::size_t>(0, 3000),
                                  rc::gen::element<std::size_t>(1, 8, 16, 32, 64, 4096), rc::gen::inRange(-20, 20)),
                   [](const auto& t) { return Request{std::get<0>(t), std::get<1>(t), std::get<2>(t)}; }));
}

// The allocated blocks, in order.
std::vector<std::uintptr_t> Serve(const std::vector<Request>& requests) {
  std::vector<std::uintptr_t> served;
  std::map<std::uintptr_t, Request> live;
  for (const Request& request : requests) {
    if (request.frees >= 0 && !live.empty()) {
      const auto freed = std::next(live.begin(), request.frees % static_cast<int>(live.size()));
      RC_ASSERT(arena.Free(reinterpret_cast<void*>(freed->first)) == Arena::Freed::kDone);
      live.erase(freed);
      continue;
    }
    void* block = arena.Allocate(request.bytes, request.alignment);
    const auto address = reinterpret_cast<std::uintptr_t>(block);
    RC_ASSERT(address % std::max<std::size_t>(request.alignment, 16) == 0);
    RC_ASSERT(arena.Contains(address));
    const auto next = live.upper_bound(address);
    RC_ASSERT((next == live.end() || address + request.bytes <= next->first));
    RC_ASSERT((next == live.begin() || std::prev(next)->first + std::prev(next)->second.bytes <= address));
    memset(block, 0xAB, request.bytes);
    live[address] = request;
    for (const auto& [place, asked] : live) RC_ASSERT(arena.Size(reinterpret_cast<void*>(place)) == asked.bytes);
    served.push_back(address);
  }
  return served;
}

RC_GTEST_FIXTURE_PROP(ArenaTest, BlocksDoNotOverlapAndEqualCallsGiveEqualAddresses, ()) {
  const std::vector<Request> requests = Requests();
  const Arena::State state = arena.state;
  const std::vector<std::uintptr_t> first = Serve(requests);
  arena.state = state;
  RC_ASSERT(Serve(requests) == first);
  arena.state = state;
}

TEST_F(ArenaTest, FreedMemoryIsKnownByteForByteInSixteens) {
  const auto block = reinterpret_cast<std::uintptr_t>(arena.Allocate(4000));
  FreedMemory freed;
  EXPECT_FALSE(freed.Contains(block));
  freed.Add(block, 4000, 7, {});
  EXPECT_TRUE(freed.Contains(block));
  EXPECT_TRUE(freed.Contains(block + 3999));
  EXPECT_FALSE(freed.Contains(block - 1));
  EXPECT_FALSE(freed.Contains(block + 4000));
  EXPECT_TRUE(freed.Contains(block - 20, 40)) << "a range that reaches into it";
  ASSERT_NE(freed.Find(block + 100, 1), nullptr);
  EXPECT_EQ(freed.Find(block + 100, 1)->size_class, 7);
  EXPECT_EQ(freed.Find(block + 4000, 8), nullptr);
  freed.Remove(block, 4000);
  EXPECT_FALSE(freed.Contains(block + 2000));
  freed.Add(block, 4000, 7, {});
  freed.BeginExecution();
  EXPECT_FALSE(freed.Contains(block));
}

}  // namespace
}  // namespace racelab::interleave
