#include "sanitizers/symbols/symbolizer.h"

#include <dlfcn.h>

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/racelab/temporary_folder.h"

namespace racelab {

// Known to the dynamic linker, which tells where it lies in this program.
extern "C" __attribute__((noinline)) int FunctionThatIsLookedUp() { return 7; }

// Has the name that g++ gives to std::swap<int*>(), which LLVM's demangler does not know.
__attribute__((noinline)) int Swap() asm(
    "_ZSt4swapIPiENSt9enable_ifIXsrSt6__and_IJSt6__not_ISt15__is_tuple_likeIT_EESt21is_move_constructibleIS5_"
    "ESt18is_move_assignableIS5_EEE5valueEvE4typeERS5_SF_");
__attribute__((noinline)) int Swap() { return 8; }

namespace {

namespace fs = std::filesystem;

// More modules than are remembered: each name of this program is one.
TEST(AskSymbolizer, AnswersForModulesThatItHasForgotten) {
  if (!HasSymbolizer()) GTEST_SKIP() << "no symbolizer";
  Dl_info place = {};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&FunctionThatIsLookedUp), &place), 0);
  const auto offset =
      reinterpret_cast<std::uintptr_t>(&FunctionThatIsLookedUp) - reinterpret_cast<std::uintptr_t>(place.dli_fbase);
  const TemporaryFolder folder;
  std::vector<std::set<Question>> groups(5);
  for (int i = 0; i < 25; ++i) {
    const std::string name = folder / std::to_string(i);
    fs::create_symlink(fs::canonical("/proc/self/exe"), name);
    groups[i / 5].insert({Question::Kind::kCode, name, offset});
  }
  groups.push_back(groups.front());
  for (const std::set<Question>& questions : groups) {
    const Answers answers = AskSymbolizer(questions, "");
    EXPECT_EQ(answers.size(), questions.size());
    for (const auto& [question, answer] : answers) {
      ASSERT_FALSE(answer.empty()) << question.module;
      EXPECT_EQ(answer.front().first, "FunctionThatIsLookedUp") << question.module;
    }
  }
}

TEST(AskSymbolizer, DemanglesNamesThatTheToolLeavesAsTheyAre) {
  if (!HasSymbolizer()) GTEST_SKIP() << "no symbolizer";
  Dl_info place = {};
  ASSERT_NE(dladdr(reinterpret_cast<void*>(&Swap), &place), 0);
  const Question question = {
      Question::Kind::kCode, fs::canonical("/proc/self/exe"),
      reinterpret_cast<std::uintptr_t>(&Swap) - reinterpret_cast<std::uintptr_t>(place.dli_fbase)};
  const Answers answers = AskSymbolizer({question}, "");
  ASSERT_TRUE(answers.contains(question));
  EXPECT_THAT(answers.at(question).front().first, ::testing::EndsWith("std::swap<int*>(int*&, int*&)"));
}

}  // namespace
}  // namespace racelab
