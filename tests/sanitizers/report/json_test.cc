#include "sanitizers/report/json.h"

#include <string>

#include "gtest/gtest.h"
#include "sanitizers/report/report.h"
#include "sanitizers/verdict/tsan_run.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

class ReportJson : public VictimTest {};

TEST_P(ReportJson, HoldsWhatTheReportHolds) {
  const ParsedReports parsed = ParseThreadSanitizer(RunUnderThreadSanitizer(Victim(GetParam(), "use_after_free")).err);
  ASSERT_EQ(parsed.reports.size(), 1u);
  const nlohmann::json json = ToJson(parsed.reports[0]);
  EXPECT_EQ(json["kind"], "heap-use-after-free");
  EXPECT_EQ(json["sites"][0]["name"], "Connection::Send");
  EXPECT_EQ(json["sites"][1]["name"], "Pool::Close");
  EXPECT_EQ(json["stacks"].size(), parsed.reports[0].stacks.size());
  EXPECT_EQ(json["stacks"][0]["role"], "access");
  EXPECT_EQ(json["stacks"][0]["frames"][0]["line"], 10);
  EXPECT_EQ(json["text"], parsed.reports[0].text);
}

RACELAB_FOR_EACH_TREE(ReportJson);

TEST(ReportJson, CanBeWrittenThoughTheReportIsNotUtf8) {
  Report report;
  report.text = "caf\xe9 and \xff";
  report.stacks.push_back({StackRole::kAccess, "\xc3", {{"f\xf0", "\x80", 1, "\xfe"}}});
  EXPECT_EQ(ToJson(report)["text"], "caf\uFFFD and \uFFFD");
  EXPECT_FALSE(ToJson(report).dump().empty());
}

TEST(ReportJson, HasNullForAnUnknownSite) {
  Report report;
  report.stacks.push_back({StackRole::kAccess, "", {}});
  EXPECT_TRUE(ToJson(report)["sites"][0].is_null());
}

}  // namespace
}  // namespace racelab
