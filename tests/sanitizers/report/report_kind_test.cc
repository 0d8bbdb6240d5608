#include "sanitizers/report/report_kind.h"

#include <set>
#include <string_view>

#include "gtest/gtest.h"

namespace racelab {
namespace {

TEST(ReportKind, HasANameThatLeadsBackToIt) {
  std::set<std::string_view> names;
  for (ReportKind kind : AllReportKinds()) {
    EXPECT_EQ(ReportKindFromName(Name(kind)), kind) << Name(kind);
    EXPECT_TRUE(names.insert(Name(kind)).second) << Name(kind);
  }
  EXPECT_EQ(names.size(), 16u);  // as many as ThreadSanitizer has
}

TEST(ReportKind, IsNotFoundUnderOtherWords) {
  EXPECT_EQ(ReportKindFromName("lock-order-inversion (potential deadlock)"), std::nullopt);
  EXPECT_EQ(ReportKindFromName("Data race"), std::nullopt);
  EXPECT_EQ(ReportKindFromName(""), std::nullopt);
  EXPECT_EQ(ReportKindFromName(Name(ReportKind::kOther)), std::nullopt);
}

TEST(ReportKind, IsReadFromTheHeadline) {
  EXPECT_EQ(ReportKindFromHeadline("data race"), ReportKind::kDataRace);
  EXPECT_EQ(ReportKindFromHeadline("heap-use-after-free (virtual call vs free)"), ReportKind::kVptrUseAfterFree);
  EXPECT_EQ(ReportKindFromHeadline("race on a file handle"), ReportKind::kExternalRace);
  EXPECT_EQ(ReportKindFromHeadline("something new"), ReportKind::kOther);
}

}  // namespace
}  // namespace racelab
