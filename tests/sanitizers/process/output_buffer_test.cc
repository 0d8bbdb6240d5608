#include "sanitizers/process/output_buffer.h"

#include <string>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"

namespace racelab {
namespace {

TEST(OutputBuffer, KeepsTheBeginningAndTheEnd) {
  OutputBuffer buffer(4);
  buffer.Append("abcdef");
  EXPECT_EQ(buffer.Text(), "abcdef");
  buffer.Append("ghijklmnop");
  EXPECT_EQ(buffer.Text(), "abcd\n[8 bytes left out]\nmnop");
  EXPECT_EQ(buffer.total(), 16);
}

TEST(OutputBuffer, LosesNothingThatFits) {
  EXPECT_TRUE(rc::check("pieces of any size", [] {
    const auto half = *rc::gen::inRange<size_t>(1, 20);
    OutputBuffer buffer(half);
    std::string all;
    for (const auto& piece : *rc::gen::arbitrary<std::vector<std::string>>()) {
      buffer.Append(piece);
      all += piece;
    }
    RC_ASSERT(buffer.total() == static_cast<int64_t>(all.size()));
    if (all.size() <= 2 * half) {
      RC_ASSERT(buffer.Text() == all);
    } else {
      RC_ASSERT(absl::StartsWith(buffer.Text(), all.substr(0, half)));
      RC_ASSERT(absl::EndsWith(buffer.Text(), all.substr(all.size() - half)));
    }
  }));
}

}  // namespace
}  // namespace racelab
