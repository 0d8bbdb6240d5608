#include "sanitizers/racelab/tasks.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace racelab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kReadme[] = R"(# Title

```console
$ racelab run x
1 of 2
```

1. Try `racelab verify
   x mine`, and `ls`.

   ```diff
   --- main.cc
   -int a = 1;
   +int a = 2;
    int b = 1;
   @@
   -int c = 1;
   ```
   ```console
   $ racelab run x \
     mine
   2 of 2
   ```
)";

TEST(Tasks, NamesEveryCommandInTheOrderOfTheText) {
  std::vector<std::vector<std::string>> all;
  for (const ShownCommand& command : CommandsIn(kReadme)) all.push_back(command.words);
  EXPECT_THAT(all, ElementsAre(ElementsAre("racelab", "run", "x"), ElementsAre("racelab", "verify", "x", "mine"),
                               ElementsAre("racelab", "run", "x", "mine")));
}

TEST(Tasks, KnowsWhatIsShownBeforeAndAfterAnEdit) {
  const std::vector<ShownCommand> shown = ShownIn(kReadme);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0].output, "1 of 2\n");
  const std::vector<TaskEdit> edits = EditsIn(kReadme);
  ASSERT_THAT(edits, SizeIs(1));
  ASSERT_THAT(edits[0].shown, SizeIs(1));
  EXPECT_EQ(edits[0].shown[0].output, "2 of 2\n");
}

TEST(Tasks, EditsAFileAsADiffSays) {
  const std::vector<TaskEdit> edits = EditsIn(kReadme);
  ASSERT_THAT(edits, SizeIs(1));
  EXPECT_EQ(edits[0].file, "main.cc");
  EXPECT_EQ(Apply(edits[0], "int a = 1;\nint b = 1;\nint c = 1;\nint d = 1;\n").value_or("none"),
            "int a = 2;\nint b = 1;\nint d = 1;\n");
}

TEST(Tasks, EditsNothingThatIsNotThereExactlyOnce) {
  const std::vector<TaskEdit> edits = EditsIn("```diff\n-int a;\n+int b;\n```\n");
  ASSERT_THAT(edits, SizeIs(1));
  EXPECT_THAT(Apply(edits[0], "int c;\n").status().message(), HasSubstr("there is no 'int a;'"));
  EXPECT_THAT(Apply(edits[0], "int a;\nint a;\n").status().message(), HasSubstr("more than one 'int a;'"));
}

}  // namespace
}  // namespace racelab
