#include "sanitizers/participant/screen_parts.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"

namespace racelab {
namespace {

TEST(FirstRows, MarksWhatTheyLeaveOut) {
  const std::string mark = absl::StrCat("  ", Ellipsis(), "\n");
  EXPECT_EQ(FirstRows("a\nb\nc\n", 3, 80), "a\nb\nc\n");
  EXPECT_EQ(FirstRows("a\nb\nc\n", 2, 80), absl::StrCat("a\n", mark));
  EXPECT_EQ(FirstRows("a\nb\nc\n", 1, 80), mark);
  EXPECT_EQ(FirstRows("a\nb\nc\n", 0, 80), "");
  EXPECT_EQ(FirstRows("a\nb\n\n\n", 2, 80), "a\nb\n");                            // Only empty lines are left out.
  EXPECT_EQ(FirstRows("a\nbbbbbbbbbbb\nc\n", 3, 10), absl::StrCat("a\n", mark));  // The second line takes two rows.
  EXPECT_EQ(FirstRows("a\nb", 2, 80), "a\nb");
}

TEST(FirstRows, TakeNoMoreRowsThanThereAre) {
  EXPECT_TRUE(rc::check("any text", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab\n")));
    const int rows = *rc::gen::inRange(0, 12), columns = *rc::gen::inRange(4, 20);
    RC_ASSERT(RowsOf(FirstRows(text, rows, columns), columns) <= rows);
  }));
}

}  // namespace
}  // namespace racelab
