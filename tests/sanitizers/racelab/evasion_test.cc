// What a participant's variant may not do: a detector's silence would prove nothing.

#include "sanitizers/racelab/evasion.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Optional;

const Project& Here() {
  static const auto& project = *new Project{"/race"};
  return project;
}

// Of a header of the participant's with this text in line 7.
std::optional<std::string> InMine(const std::string& text) {
  return FindEvasion(
      absl::StrCat("# 1 \"/race/tests/t.cc\"\nint before;\n# 7 \"/race/workspace/lost_update/counter.h\" 1\n", text,
                   "\n# 2 \"/race/tests/t.cc\" 2\nint after;\n"),
      "/race/workspace/lost_update", Here());
}

TEST(Evasion, AnOrdinaryRepairIsNone) {
  EXPECT_EQ(InMine("std::mutex mutex_; int total_ __attribute__((guarded_by(mutex_)));"), std::nullopt);
  EXPECT_EQ(InMine("__attribute__((no_thread_safety_analysis)) void Assemble();"), std::nullopt);
}

TEST(Evasion, TheSanitizerIsKeptOut) {
  EXPECT_THAT(InMine("__attribute__((no_sanitize(\"thread\"))) void Record();"),
              Optional(AllOf(HasSubstr("counter.h:7: `no_sanitize`"), HasSubstr("take it out"))));
  EXPECT_THAT(InMine("\n__attribute__((no_sanitize_thread)) void Record();"), Optional(HasSubstr("counter.h:8")));
  EXPECT_THAT(InMine("[[clang::disable_sanitizer_instrumentation]] void Record();"),
              Optional(HasSubstr("ThreadSanitizer")));
}

TEST(Evasion, InlineAssembly) {
  EXPECT_THAT(InMine("void Record() { asm volatile(\"incl %0\" : \"+m\"(total_)); }"), Optional(HasSubstr("assembly")));
}

TEST(Evasion, WordsWithTheDetectors) {
  EXPECT_THAT(InMine("extern \"C\" void __tsan_acquire(void*);"), Optional(HasSubstr("__tsan_")));
  EXPECT_THAT(InMine("AnnotateBenignRaceSized(\"\", 0, &total_, 4, \"\");"), Optional(HasSubstr("Annotate")));
  EXPECT_THAT(InMine("extern \"C\" const char* __tsan_default_suppressions() { return \"race:*\"; }"),
              Optional(HasSubstr("silence")));
}

TEST(Evasion, ASolutionIsNoRepairOfOnesOwn) {
  EXPECT_THAT(InMine("# 1 \"/race/solutions/data_races/lost_update/mutex/counter.h\" 1\nclass A;"),
              Optional(HasSubstr("includes solutions/data_races/lost_update/mutex/counter.h")));
  EXPECT_EQ(InMine("# 1 \"/race/solutions/support/channel.h\" 1\nclass Channel;"), std::nullopt);
}

TEST(Evasion, OthersMayDoWhatTheyNeed) {
  EXPECT_EQ(FindEvasion("# 1 \"/usr/include/a.h\"\nasm(\"nop\"); void __tsan_acquire(void*);\n",
                        "/race/workspace/lost_update", Here()),
            std::nullopt);
}

}  // namespace
}  // namespace racelab
