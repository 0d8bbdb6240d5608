#include "sanitizers/participant/markdown.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Markdown, WrapsParagraphs) {
  EXPECT_EQ(RenderMarkdown("one two three\nfour five", 14), "one two three\nfour five\n");
}

TEST(Markdown, SeparatesBlocksAndDropsMarks) {
  EXPECT_EQ(RenderMarkdown("# Title\n\nSome **bold** `code`.\n\nMore.", 40), "Title\n\nSome bold `code`.\n\nMore.\n");
}

TEST(Markdown, IndentsLists) {
  EXPECT_EQ(RenderMarkdown("1. one two three\n2. four\n   - five", 12), "1. one two\n   three\n2. four\n   - five\n");
}

TEST(Markdown, BreaksNoCode) {
  EXPECT_EQ(RenderMarkdown("a\n\n```cpp\nint a_long_line = 1;\n\nint b;\n```\n", 10),
            "a\n\n  int a_long_line = 1;\n\n  int b;\n");
}

TEST(Markdown, WritesOutLinksThatLeadOut) {
  const std::string text = RenderMarkdown("[one](https://a.example/1) and [two](../two.md)", 80);
  EXPECT_EQ(text, "one (https://a.example/1) and two\n");
}

TEST(Markdown, BreaksTheCellsOfATable) {
  EXPECT_EQ(RenderMarkdown("| a | what |\n|---|---|\n| mutex | one lock around all of it |\n", 24),
            "a      what\nmutex  one lock around\n       all of it\n");
}

TEST(Markdown, ShowsTheCellsOfAVeryWideTableBelowEachOther) {
  EXPECT_EQ(RenderMarkdown("| a | b |\n|---|---|\n| aaaaaaaaaaaa | bbbbbbbbbbbb |\n", 20),
            "aaaaaaaaaaaa\n    b: bbbbbbbbbbbb\n");
}

// Every text of the project that is shown this way fits the terminal, except for code and addresses.
TEST(Markdown, FitsTheTerminal) {
  int shown = 0;
  for (const char* folder : {"/labs", "/solutions"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(std::string(RACELAB_SOURCE_DIR) + folder)) {
      if (file.path().extension() != ".md") continue;
      std::ifstream in(file.path());
      const std::string text(std::istreambuf_iterator<char>(in), {});
      for (std::string_view line : absl::StrSplit(RenderMarkdown(text, 80), '\n')) {
        if (line.starts_with("  ") || line.find("://") != std::string_view::npos) continue;
        EXPECT_LE(Columns(line), 80) << file.path() << ": " << line;
      }
      ++shown;
    }
  }
  EXPECT_GE(shown, 70);
}

RC_GTEST_PROP(MarkdownProperty, TakesAnything, ()) {
  const std::string text = *rc::gen::string<std::string>();
  RenderMarkdown(text, *rc::gen::inRange(1, 120));
}

}  // namespace
}  // namespace racelab
