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

// An exploration in which a thread does this, called from the first of the functions, which the next one has called ...
std::optional<std::string> Polling(const std::string& does, const std::vector<std::string>& functions,
                                   const std::string& file = "/race/workspace/job/job_ready.h") {
  CallSite site;
  site.does = does;
  FramesOfPlaces frames;
  for (const std::string& function : functions) {
    site.places.push_back(absl::StrCat("m+", site.places.size()));
    const bool mine = function == "JobReady::Wait()";
    frames[site.places.back()] = {{function, mine ? file : "/usr/include/c++/12/thread", 26, "m"}};
  }
  return PollingIn({site}, frames, "/race/workspace/job");
}

TEST(Polling, SleepingAndLookingAgain) {
  EXPECT_THAT(Polling("sleep", {"void std::this_thread::sleep_for<long, std::ratio<1, 1000>>()", "JobReady::Wait()"}),
              Optional(HasSubstr("job_ready.h:26: JobReady::Wait sleeps")));
  EXPECT_THAT(Polling("spin", {"std::atomic<bool>::load(std::memory_order) const", "JobReady::Wait()"}),
              Optional(HasSubstr("spins")));
  EXPECT_THAT(Polling("sleep", {"__gthread_yield()", "std::this_thread::yield()", "JobReady::Wait()"}),
              Optional(HasSubstr("sleeps, yields")));
  EXPECT_THAT(Polling("sleep", {"__gthread_cond_timedwait(pthread_cond_t*, pthread_mutex_t*, timespec const*)",
                                "std::cv_status std::condition_variable::wait_for<long, std::ratio<1l, 1000l> >()",
                                "JobReady::Wait()"}),
              Optional(HasSubstr("times out, and looks again")));
}

TEST(Polling, WhatTheLibraryDoesBeforeItSleepsIsNone) {
  EXPECT_EQ(
      Polling("sleep", {"std::__detail::__thread_yield()", "std::atomic<bool>::wait(bool) const", "JobReady::Wait()"}),
      std::nullopt);
  EXPECT_EQ(Polling("lock", {"std::mutex::lock()", "JobReady::Wait()"}), std::nullopt);
}

}  // namespace
}  // namespace racelab
