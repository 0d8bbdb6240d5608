#include "sanitizers/gate/changed_lines.h"

#include "gtest/gtest.h"

namespace racelab {
namespace {

TEST(ChangedLines, AreThoseOfTheNewFile) {
  const ChangedLines changed = ChangedLines::Parse(
      "diff --git a/src/bank.h b/src/bank.h\n--- a/src/bank.h\n+++ b/src/bank.h\n"
      "@@ -3 +3,2 @@ class Bank {\n-old\n+new\n+newer\n@@ -20,2 +21,0 @@\n-gone\n-gone\n"
      "diff --git a/b.h b/b.h\n--- /dev/null\n+++ b/b.h\n@@ -0,0 +1 @@\n+only\n");
  EXPECT_FALSE(changed.Contains("src/bank.h", 2));
  EXPECT_TRUE(changed.Contains("src/bank.h", 3));
  EXPECT_TRUE(changed.Contains("src/bank.h", 4));
  EXPECT_FALSE(changed.Contains("src/bank.h", 5));
  EXPECT_FALSE(changed.Contains("src/bank.h", 21)) << "a removal leaves no line";
  EXPECT_TRUE(changed.Contains("b.h", 1));
  EXPECT_FALSE(changed.Contains("other.h", 1));
}

TEST(ChangedLines, AreNotMisledByContentOrNames) {
  const ChangedLines changed = ChangedLines::Parse(
      "diff --git a/my bank.h b/my bank.h\n--- a/my bank.h\t\n+++ b/my bank.h\t\n"
      "@@ -3 +3 @@\n--- total;\n+++ total;\n@@ -7 +7,2 @@\n-old\n+new\n+new\n\\ No newline at end of file\n");
  EXPECT_TRUE(changed.Contains("my bank.h", 3));
  EXPECT_TRUE(changed.Contains("my bank.h", 8));
}

TEST(ChangedLines, NeedARevisionThatExists) {
  EXPECT_FALSE(ChangedLines::Since("no-such-revision", RACELAB_SOURCE_DIR).ok());
}

}  // namespace
}  // namespace racelab
