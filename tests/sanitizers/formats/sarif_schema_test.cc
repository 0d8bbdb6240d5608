// SARIF of every kind of finding against the schema of SARIF 2.1.0, and against the additional requirements of GitHub's
// code scanning, which rejects a whole file because of one result.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/formats/formats.h"
#include "sanitizers/gate/collector.h"
#include "sanitizers/racelab/findings_of.h"
#include "sanitizers/racelab/temporary_folder.h"
#include "tests/sanitizers/racelab/scratch_project.h"
#include "tests/sanitizers/victims/victims.h"
#include "valijson/adapters/nlohmann_json_adapter.hpp"
#include "valijson/schema.hpp"
#include "valijson/schema_parser.hpp"
#include "valijson/validation_results.hpp"
#include "valijson/validator.hpp"

namespace racelab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::IsEmpty;

json ReadJson(const fs::path& path) {
  std::ifstream file(path);
  return json::parse(file, nullptr, /*allow_exceptions=*/false);
}

std::vector<std::string> AgainstTheSchema(const json& log) {
  static const auto& schema = *[] {
    auto* parsed = new valijson::Schema;
    const json text = ReadJson(fs::path(RACELAB_SOURCE_DIR) / "tests/sanitizers/formats/sarif-2.1.0.json");
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(text), *parsed);
    return parsed;
  }();
  valijson::ValidationResults results;
  valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(log), &results);
  std::vector<std::string> problems;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    std::string where;
    for (const std::string& step : error.context) where += step;
    problems.push_back(absl::StrCat(where, ": ", error.description));
  }
  return problems;
}

// The parts of a location that GitHub would reject or not show.
std::vector<std::string> AgainstGitHub(const json& location) {
  std::vector<std::string> problems;
  const json place = location.value("physicalLocation", json::object());
  const std::string uri = place.value("artifactLocation", json::object()).value("uri", "");
  if (uri.empty()) problems.emplace_back("no file");
  const bool absolute = absl::StartsWith(uri, "file:///");
  if (!absolute && (absl::StartsWith(uri, "/") || absl::StrContains(uri, ":"))) problems.push_back(uri);
  if (absl::StrContains(uri, "/../") || absl::StrContains(uri, "/./")) problems.push_back(uri);
  for (const char c : uri) {
    if (c <= ' ' || c > '~') problems.push_back(uri);
  }
  const json region = place.value("region", json::object());
  for (const char* member : {"startLine", "startColumn", "endLine", "endColumn"}) {
    if (region.value(member, 0) < 1) problems.push_back(absl::StrCat(uri, " without ", member));
  }
  if (region.value("endLine", 0) == region.value("startLine", 0) &&
      region.value("endColumn", 0) <= region.value("startColumn", 0))
    problems.push_back(absl::StrCat(uri, ": the region is empty"));
  return problems;
}

std::vector<std::string> Problems(const json& log) {
  if (log.is_discarded()) return {"no JSON"};
  std::vector<std::string> problems = AgainstTheSchema(log);
  if (!problems.empty()) return problems;
  const auto add = [&](const std::vector<std::string>& more) {
    problems.insert(problems.end(), more.begin(), more.end());
  };
  const json& run = log["runs"][0];
  const json& rules = run["tool"]["driver"]["rules"];
  for (const json& rule : rules) {
    if (rule.contains("name")) problems.emplace_back("a name, which must differ from the id");
    for (const char* member : {"shortDescription", "fullDescription", "help"}) {
      if (rule.value(member, json::object()).value("text", "").empty())
        problems.push_back(absl::StrCat(rule["id"].dump(), " has no ", member));
    }
  }
  if (run["results"].size() > 5000) problems.emplace_back("too many results");
  for (const json& result : run["results"]) {
    if (rules.at(result["ruleIndex"].get<size_t>())["id"] != result["ruleId"]) problems.emplace_back("another rule");
    if (result["message"]["text"].get<std::string>().empty()) problems.emplace_back("no message");
    if (result["partialFingerprints"].value("primaryLocationLineHash", "").size() != 18)
      problems.emplace_back("no fingerprint");
    if (result.value("locations", json::array()).size() != 1) problems.emplace_back("not one primary location");
    const json related = result.value("relatedLocations", json::array());
    if (related.size() > 99) problems.emplace_back("too many locations");
    for (const json& location : result.value("locations", json::array())) add(AgainstGitHub(location));
    for (const json& location : related) add(AgainstGitHub(location));
    for (const json& flow : result.value("codeFlows", json::array())) {
      const json& steps = flow["threadFlows"][0]["locations"];
      if (steps.size() > 1000) problems.emplace_back("too many steps");
      for (const json& step : steps) add(AgainstGitHub(step["location"]));
    }
  }
  return problems;
}

json SarifOf(const Findings& findings) { return json::parse(Sarif(findings)); }

// A file of that name in `root`, and a finding in its line 2.
Finding FindingIn(const fs::path& root, const std::string& file, int column = 0) {
  const fs::path path = root / file;
  fs::create_directories(path.parent_path());
  std::ofstream(path) << "\n  müll();\n";
  Finding finding;
  finding.rule = &RuleWithId("data-race");
  finding.message = "a race";
  finding.places = {{file, 2, column, "", ""}};
  finding.fingerprint = Fingerprint(finding, root);
  return finding;
}

json FirstRegion(const json& log) { return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]; }

TEST(SarifSchema, RefusesWhatIsNoSarif) {
  EXPECT_THAT(AgainstTheSchema(SarifOf({})), IsEmpty());
  json log = SarifOf({});
  log["runs"][0]["surplus"] = 1;
  EXPECT_THAT(AgainstTheSchema(log), Not(IsEmpty()));
  log = SarifOf({});
  log["version"] = "2.2";
  EXPECT_THAT(AgainstTheSchema(log), Not(IsEmpty()));
}

TEST(SarifSchema, HoldsForEveryKindOfReport) {
  std::set<std::string> rules;
  int files = 0;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(fs::path(RACELAB_SOURCE_DIR) / "tests/sanitizers/corpus/texts")) {
    if (!entry.is_regular_file()) continue;
    SCOPED_TRACE(entry.path());
    ++files;
    for (const std::string root : {"/src", "/elsewhere"}) {
      Collector collector(root);
      ASSERT_TRUE(collector.ReadLog(entry.path()).ok());
      Findings findings;
      findings.root = root;
      findings.notes = collector.Notes();
      findings.all = collector.TakeFindings();
      const json log = SarifOf(findings);
      EXPECT_THAT(Problems(log), IsEmpty());
      for (const json& result : log["runs"][0]["results"]) rules.insert(result["ruleId"]);
    }
  }
  EXPECT_GE(files, 100);
  EXPECT_GE(rules.size(), 15u);
}

TEST(SarifSchema, HoldsWithoutAnyPlace) {
  const TemporaryFolder folder;
  Findings findings;
  findings.root = folder.path();
  for (const Rule& rule : AllRules()) {
    Finding finding;
    finding.rule = &rule;
    finding.message = rule.title;
    finding.fingerprint = Fingerprint(finding, "");
    findings.all.push_back(finding);
  }
  EXPECT_THAT(Problems(SarifOf(findings)), IsEmpty());
  std::ofstream(folder / "Makefile");
  EXPECT_EQ(SarifOf(findings)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "Makefile");
}

TEST(SarifSchema, HoldsForOddPaths) {
  const TemporaryFolder folder;
  Findings findings;
  findings.root = folder.path();
  for (const char* file :
       {"with blanks/a b.h", "100%/%20.h", "grün/日本.cc", "a:b/c?d#e.h", "quo\"te'[1].h", "latin\xfc.h"})
    findings.all.push_back(FindingIn(folder.path(), file));
  findings.all.push_back(findings.all[0]);
  findings.all.back().places.front().file = "/usr/include/c++/12/bits/stl_vector.h";
  EXPECT_THAT(Problems(SarifOf(findings)), IsEmpty());
}

// Columns are characters, as the file says; compilers count bytes.
TEST(SarifSchema, CountsCharacters) {
  const TemporaryFolder folder;
  Findings findings;
  findings.root = folder.path();
  const auto region = [&](int column) {
    findings.all = {FindingIn(folder.path(), "a.h", column)};
    EXPECT_THAT(Problems(SarifOf(findings)), IsEmpty());
    return FirstRegion(SarifOf(findings));
  };
  EXPECT_EQ(region(0)["startColumn"], 3);
  EXPECT_EQ(region(0)["endColumn"], 10);
  EXPECT_EQ(region(8)["startColumn"], 7);    // the (, after an ü of two bytes
  EXPECT_EQ(region(99)["startColumn"], 99);  // of another version of the file
}

TEST(SarifSchema, ShowsThePlaceInTheSourcesFirst) {
  Findings findings;
  Finding finding = FindingIn(TemporaryFolder().path(), "own.h");
  finding.places.insert(finding.places.begin(), {"/usr/include/vector", 7, 0, "", ""});
  findings.all = {finding};
  const json result = SarifOf(findings)["runs"][0]["results"][0];
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "own.h");
  EXPECT_EQ(result["relatedLocations"].size(), 1u);
  EXPECT_THAT(GitHubAnnotations(findings), testing::HasSubstr("::error file=own.h,line=2,"));
}

TEST(SarifSchema, HoldsForWhatIsTooMuch) {
  Finding finding;
  finding.rule = &RuleWithId("hang");
  finding.message = "many threads";
  finding.fingerprint = Fingerprint(finding, "");
  finding.places.assign(300, {"a.h", 7, 0, "", ""});
  finding.flow.assign(1100, {"T1", {"a.h", 7, 0, "lock", ""}});
  finding.details = std::string(3999, 'x') + "ü";
  Findings findings;
  findings.all = {finding};
  EXPECT_THAT(Problems(SarifOf(findings)), IsEmpty());
  findings.all.assign(23, finding);
  const json log = SarifOf(findings);
  EXPECT_EQ(log["runs"][0]["results"][0]["properties"]["details"].get<std::string>().size(), 3999u);
  const json& results = log["runs"][0]["results"];
  EXPECT_EQ(
      std::count_if(results.begin(), results.end(), [](const json& result) { return result.contains("codeFlows"); }),
      20);
  EXPECT_EQ(log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"],
            "the steps of 3 results are left out");
}

TEST(SarifSchema, HoldsForWrongVerdicts) {
  Lab lab;
  lab.name = "lost_update";
  lab.folder = fs::path(RACELAB_SOURCE_DIR) / "labs/data_races/lost_update";
  lab.solutions = fs::path(RACELAB_SOURCE_DIR) / "solutions/data_races/lost_update";
  lab.subject = "hit_counter.h";
  Project project;
  project.root = RACELAB_SOURCE_DIR;
  std::vector<Verification> verifications;
  for (const auto& [variant, verdict] :
       std::vector<std::pair<std::string, Verdict>>{{"lab", Verdict::kNotExposed},
                                                    {"lab", Verdict::kExposedOtherwise},
                                                    {"mutex", Verdict::kDoesNotCompile},
                                                    {"mutex", Verdict::kFunctionalFailure},
                                                    {"mutex", Verdict::kCrash},
                                                    {"mutex", Verdict::kHang},
                                                    {"mutex", Verdict::kOverLimit},
                                                    {"mutex", Verdict::kCouldNotStart},
                                                    {"mutex", Verdict::kEvades},
                                                    {"mutex", Verdict::kUnreadableReport}}) {
    Verification& verification = verifications.emplace_back(&lab, variant, Tool::kThreadSanitizer);
    verification.judgement.verdict = verdict;
    verification.judgement.reason = absl::StrCat("does not compile: ", RACELAB_SOURCE_DIR, "/tests/a.cc:7:3: error: x");
    verification.runs = verification.wrong = 1;
  }
  const json log = SarifOf(FindingsOf(verifications, "clang", project));
  EXPECT_THAT(Problems(log), IsEmpty());
  ASSERT_EQ(log["runs"][0]["results"].size(), verifications.size());
  std::set<std::string> files, fingerprints;
  for (const json& result : log["runs"][0]["results"]) {
    EXPECT_GT(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
    files.insert(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
    fingerprints.insert(result["partialFingerprints"]["primaryLocationLineHash"]);
  }
  EXPECT_THAT(files, testing::UnorderedElementsAre("labs/data_races/lost_update/hit_counter.h",
                                                   "solutions/data_races/lost_update/mutex/hit_counter.h"));
  for (Verification& verification : verifications) verification.wrong = 0;
  EXPECT_THAT(SarifOf(FindingsOf(verifications, "clang", project))["runs"][0]["results"], IsEmpty());
}

class SarifOfRuns : public VictimTest {};

TEST_P(SarifOfRuns, HoldsForHangsRacesAndInterleavings) {
  const TemporaryFolder folder;
  const std::string endings = absl::StrCat(RACELAB_BUILD_DIR, "/", GetParam(), "/bin/explored/endings");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"exec", "--", Victim(GetParam(), "deadlock").argv[0]},
                                             {"exec", "--", Victim(GetParam(), "global_race").argv[0]},
                                             {"exec", "--", "false"},
                                             {"explore", "--time", "20", "--", endings, "assertions"}}) {
    SCOPED_TRACE(command.back());
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.begin() + 1, {"--sarif", folder / "sarif"});
    EXPECT_EQ(RunChild(RacelabCommand(arguments)).exit_code, 1);
    const json log = ReadJson(folder / "sarif");
    EXPECT_THAT(Problems(log), IsEmpty());
    ASSERT_FALSE(log["runs"][0]["results"].empty());
    if (command.back() == "assertions") EXPECT_TRUE(log["runs"][0]["results"][0].contains("codeFlows"));
  }
}

RACELAB_FOR_EACH_TREE(SarifOfRuns);

}  // namespace
}  // namespace racelab
