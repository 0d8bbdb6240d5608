// The formats' treatment of findings that are many, long, empty or hostile.

#include "sanitizers/formats/formats.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "rapidcheck/gtest.h"
#include "sanitizers/formats/utf8.h"

namespace racelab {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

Findings Many(size_t count, const std::string& text = "a message") {
  Findings findings;
  findings.command = text;
  for (size_t i = 0; i < count; ++i) {
    Finding finding;
    finding.rule = &RuleWithId("data-race");
    finding.message = text;
    finding.details = text;
    finding.fingerprint = absl::StrCat(i);
    finding.places = {{"a b/x.h", static_cast<int>(i) + 1, 0, text, text}, {"/usr/y.h", 0, 0, text, text}};
    if (i == 0) finding.flow = {{"T1", finding.places[0]}, {"T2", finding.places[0]}};
    findings.all.push_back(finding);
  }
  return findings;
}

TEST(Sarif, KeepsWithinWhatIsShown) {
  const json log = json::parse(Sarif(Many(5003)));
  EXPECT_EQ(log["runs"][0]["results"].size(), 5000);
  EXPECT_EQ(log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "3 more are left out");
  Findings long_flow = Many(1);
  long_flow.all[0].flow.assign(3000, {"T1", {"x.h", 7, 0, "lock", ""}});
  const json flows = json::parse(Sarif(long_flow))["runs"][0]["results"][0]["codeFlows"];
  EXPECT_EQ(flows.size(), 1);
  EXPECT_EQ(flows[0]["threadFlows"].size(), 1);
  EXPECT_EQ(flows[0]["threadFlows"][0]["locations"].size(), 1000);
}

TEST(Sarif, SaysWhoseEachStepIs) {
  const json flow = json::parse(Sarif(Many(1)))["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
  EXPECT_THAT(std::string(flow[0]["location"]["message"]["text"]), testing::StartsWith("T1: "));
  EXPECT_THAT(std::string(flow[1]["location"]["message"]["text"]), testing::StartsWith("T2: "));
}

TEST(Sarif, WritesPathsAsUris) {
  const json found = json::parse(Sarif(Many(1)))["runs"][0]["results"][0];
  EXPECT_EQ(found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b/x.h");
  EXPECT_EQ(found["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "file:///usr/y.h");
  EXPECT_EQ(found["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 1) << "lines begin with 1";
}

TEST(GitHubAnnotations, AreAtMostTen) {
  const std::string text = GitHubAnnotations(Many(12));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_THAT(text, HasSubstr("3 more were found"));
  const std::string ten = GitHubAnnotations(Many(10));
  EXPECT_EQ(std::count(ten.begin(), ten.end(), '\n'), 10);
  EXPECT_THAT(ten, Not(HasSubstr("more were found")));
}

TEST(GitHubAnnotations, AreAtMostTenNotes) {
  Findings findings;
  findings.notes.assign(30, "a note");
  const std::string text = GitHubAnnotations(findings);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10);
  EXPECT_THAT(text, HasSubstr("21 more notes"));
}

TEST(Sarif, HasTheNameOfItsAnalysis) {
  EXPECT_EQ(json::parse(Sarif(Many(1), "gcc"))["runs"][0]["automationDetails"]["id"], "gcc/");
  EXPECT_FALSE(json::parse(Sarif(Many(1)))["runs"][0].contains("automationDetails"));
}

TEST(GitHubAnnotations, StayOnOneLine) {
  const std::string text = GitHubAnnotations(Many(1, "100%\nof, it: all"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text, HasSubstr("100%25%0Aof, it: all"));
}

TEST(JUnit, HasATestCaseThatPassedIfNothingWasFound) {
  EXPECT_THAT(JUnit({}), HasSubstr("tests=\"1\" failures=\"0\""));
}

TEST(JUnit, HasATestCaseForEachCheck) {
  Findings findings = Many(3);
  findings.checks = {
      {"lab.mutex", "passes"}, {"lab.mutex", "fails <twice>"}, {"lab.mutex", "is known"}, {"x", "unclear"}};
  findings.checks[0].seconds = 1.25;
  findings.checks[1].findings = {"0", "1"};
  findings.checks[2].findings = {"of the baseline"};
  findings.checks[3].untold = "cut off";
  const std::string text = JUnit(findings);
  EXPECT_THAT(text, HasSubstr("tests=\"5\" failures=\"2\" errors=\"1\" time=\"1.250\""));
  EXPECT_THAT(text, HasSubstr("<testcase classname=\"lab.mutex\" name=\"passes\" time=\"1.250\"/>"));
  EXPECT_THAT(text, HasSubstr("name=\"fails &lt;twice&gt;\" time=\"0.000\">"));
  EXPECT_THAT(text, HasSubstr("message=\"a message (and 1 more)\""));
  EXPECT_THAT(text, HasSubstr("name=\"is known\" time=\"0.000\"/>"));
  EXPECT_THAT(text, HasSubstr("<error type=\"cannot-tell\" message=\"cut off\"/>"));
  EXPECT_THAT(text, HasSubstr("name=\"a message [2]\"")) << "a finding of no check";
}

TEST(Markdown, KeepsEachFindingInOneRow) {
  const std::string text = Markdown(Many(1, "a|b\n<script>"));
  EXPECT_THAT(text, HasSubstr("a\\|b &lt;script>"));
  EXPECT_THAT(Markdown(Many(25)), HasSubstr("and 5 more"));
}

TEST(Markdown, FitsIntoAComment) {
  for (const size_t length : {100, 3000, 100'000}) {
    Findings findings = Many(30, std::string(length, 'x'));
    findings.notes.assign(100, std::string(length, 'n'));
    findings.fixed.assign(100, std::string(length, '`'));
    EXPECT_LT(Markdown(findings).size(), 65'536) << length;
  }
  Findings notes;
  notes.notes = {"the suppression \"race:Box<int>::*\" hid\n3 reports"};
  EXPECT_THAT(Markdown(notes), HasSubstr("> the suppression \"race:Box&lt;int>::\\*\" hid 3 reports\n"));
}

TEST(FindingsJson, IsReadAsItWasWritten) {
  Findings findings = Many(3, "a \"message\"\n");
  findings.notes = {"a note"};
  findings.cannot_tell = true;
  findings.checks.emplace_back("a group", "a name");
  const std::string text = FindingsJson(findings);
  const absl::StatusOr<Findings> read = FindingsFromJson(text);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(FindingsJson(*read), text);
  EXPECT_FALSE(FindingsFromJson(text.substr(0, text.size() / 2)).ok());
}

TEST(JUnit, ReplacesWhatXmlDoesNotAllow) {
  const std::string text = JUnit(Many(1, "latin \xfc, cut \xe2\x82, ü, \x1b[1m, \xef\xbf\xbf, \xed\xa0\x80"));
  EXPECT_THAT(text,
              HasSubstr("message=\"latin \ufffd, cut \ufffd\ufffd, ü, ?[1m, \ufffd\ufffd\ufffd, \ufffd\ufffd\ufffd\""));
}

// The members that formats.h names must always exist, because other tools read them.
TEST(FindingsJson, HasEveryMember) {
  Findings findings = Many(1, "said");
  findings.root = "/bank";
  findings.notes = {"note"};
  findings.fixed = {"fixed"};
  findings.known = 2;
  findings.checks = {{"group", "name"}};
  Finding& finding = findings.all[0];
  finding.object = "global 'a'";
  finding.count = 3;
  finding.doubts = {"doubt"};
  finding.background = {"origin"};
  finding.places = {{"a.h", 3, 4, "read", "F"}};
  finding.flow = {{"T1", {"b.h", 5, 6, "write", "G"}}};
  json expected = {
      {"schema", 1},
      {"command", "said"},
      {"root", "/bank"},
      {"cannot_tell", false},
      {"notes", {"note"}},
      {"known", 2},
      {"fixed", {"fixed"}},
      {"checks",
       {{{"group", "group"}, {"name", "name"}, {"seconds", 0.0}, {"findings", json::array()}, {"untold", ""}}}}};
  const Rule& rule = *finding.rule;
  const json place = {{"file", "a.h"}, {"line", 3}, {"column", 4}, {"function", "F"}, {"text", "read"}};
  const json step = {{"thread", "T1"}, {"file", "b.h"},   {"line", 5},
                     {"column", 6},    {"function", "G"}, {"text", "write"}};
  expected["findings"] = json::array({{{"rule", "data-race"},
                                       {"severity", "error"},
                                       {"title", rule.title},
                                       {"message", "said"},
                                       {"object", "global 'a'"},
                                       {"fingerprint", "0"},
                                       {"count", 3},
                                       {"details", "said"},
                                       {"doubts", {"doubt"}},
                                       {"background", {"origin"}},
                                       {"places", json::array({place})},
                                       {"flow", json::array({step})},
                                       {"meaning", rule.meaning},
                                       {"cause", rule.cause},
                                       {"repair", rule.repair},
                                       {"lab", rule.lab}}});
  EXPECT_EQ(json::parse(FindingsJson(findings)), expected);
}

// The output is well-formed, whatever a program prints.
RC_GTEST_PROP(FormatsProperty, AreWellFormed, (const std::string& text)) {
  const Findings findings = Many(2, text);
  RC_ASSERT(json::accept(Sarif(findings)));
  RC_ASSERT(json::accept(FindingsJson(findings)));
  const std::string xml = JUnit(findings);
  for (const std::string& written : {xml, Markdown(findings), GitHubAnnotations(findings)})
    RC_ASSERT(Utf8(written) == written);
  for (const unsigned char c : xml) RC_ASSERT(c >= 0x20 || c == '\n' || c == '\t');
  size_t opened = 0, closed = 0;
  for (size_t i = 0; i < xml.size(); ++i) {
    opened += xml[i] == '<';
    closed += xml[i] == '>';
  }
  RC_ASSERT(opened == closed);
  for (const absl::string_view line : absl::StrSplit(GitHubAnnotations(findings), '\n', absl::SkipEmpty()))
    RC_ASSERT(absl::StartsWith(line, "::"));
}

}  // namespace
}  // namespace racelab
