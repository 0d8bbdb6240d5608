// Printing and parsing schedules, and quoting command lines for the shell.

#include "sanitizers/racelab/schedule_text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/process/child.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Repeat(const std::string& text, int times) {
  std::string repeated;
  for (int i = 0; i < times; ++i) repeated += text;
  return repeated;
}

// The words into which a shell splits a command line, one per line.
std::string Words(const std::string& shell, const std::string& line) {
  ChildSpec spec;
  spec.argv = {shell, "-c", absl::StrCat("printf '%s\\n' ", line)};
  return RunChild(spec).out;
}

TEST(CompactSchedule, SaysOnceWhatRepeats) {
  EXPECT_EQ(CompactSchedule("1122"), "1122");
  EXPECT_EQ(CompactSchedule("2:" + Repeat("0", 8000) + Repeat("01", 4000)), "2:{8001x0}{3999x10}1");
  EXPECT_EQ(CompactSchedule(""), "");
}

RC_GTEST_PROP(CompactSchedule, IsReadAsWhatItWas, ()) {
  std::string schedule = *rc::gen::element<std::string>("", "3:", "m0.4068,m0.4070:", "aaaaaaaaaaaaaaaaaaaaaa:", ":");
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    const auto group = *rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::element('0', '1', '2', 'x', 'Z')));
    schedule += Repeat(group, *rc::gen::inRange(1, 40));
  }
  const std::string compact = CompactSchedule(schedule);
  RC_ASSERT(compact.size() <= schedule.size());
  RC_ASSERT(*ExpandSchedule(compact) == schedule);
}

TEST(ExpandSchedule, RefusesWhatIsNone) {
  for (const char* text :
       {"12{3", "{x1}", "{3x}", "{3x{2x1}}", "1 2", "12}", "{99999999999999x1}", "1;2", "@/no/file", "a;b:12"})
    EXPECT_FALSE(ExpandSchedule(text).ok()) << text;
}

TEST(ScheduleArgument, OfAScheduleThatFillsScreensIsAFile) {
  std::string schedule;
  unsigned state = 1;
  for (int i = 0; i < 5000; ++i) schedule += static_cast<char>('0' + ((state = state * 1103515245 + 12345) >> 16) % 4);
  const std::string argument = ScheduleArgument(schedule);
  EXPECT_THAT(argument, StartsWith("@"));
  EXPECT_EQ(*ExpandSchedule(argument), schedule);
  EXPECT_EQ(ScheduleArgument(schedule), argument) << "one file is enough";
  ChildSpec remove;
  remove.argv = {"rm", argument.substr(1)};
  RunChild(remove);
}

TEST(ShellLines, AreReadByAShellAsTheWordsThatTheyWere) {
  const std::vector<std::string> arguments = {"racelab",   "explore", "--replay", Repeat("{40x01}2", 40), "--",
                                              "./a b",     "it's",    "",         Repeat("long", 30),     "$HOME",
                                              "two\nlines"};
  std::vector<std::string> words;
  for (const std::string& argument : arguments)
    words.push_back(argument.find('{') == std::string::npos ? Quoted(argument) : argument);
  for (const size_t columns : {30, 79}) {
    const std::string lines = ShellLines(words, columns, 4);
    for (const std::string& shell : {"sh", "bash"}) {
      EXPECT_EQ(Words(shell, lines), absl::StrCat(absl::StrJoin(arguments, "\n"), "\n")) << shell << "\n" << lines;
    }
  }
}

TEST(ShellLines, FitWhereTheyCanBeBroken) {
  const std::vector<std::string> words = {"racelab", "explore", "--replay", Repeat("01", 300), "--", "./program"};
  for (std::string_view line : absl::StrSplit(ShellLines(words, 79, 4), '\n')) EXPECT_LE(line.size(), 79u) << line;
  EXPECT_EQ(ShellLines({"a", "b"}, 79, 4), "    a b");
}

}  // namespace
}  // namespace racelab
