// A verdict that cannot fail is worthless: in a copy of the project, the bug of some labs is put into their fix by
// mutex, and the fix into the lab. `racelab verify` must reject both, and variants that do not compile, and say why.

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sanitizers/racelab/lab.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

// At least one lab for each kind of evidence, from either detector and from both. (Each costs two builds.)
const std::set<std::string>& Sample() {
  static const auto& sample = *new std::set<std::string>{
      "two_at_once",      "lost_update", "shared_container", "plain_stop_flag", "use_after_free",     "lock_order",
      "unlock_elsewhere", "masked_race", "check_then_act",   "lost_wakeup",     "await_in_the_middle"};
  return sample;
}

TEST(Honesty, AFixInTheLabTheBugInAFixAndWhatDoesNotCompileAreRejected) {
  const ScratchProject scratch(ScratchProject::Checkout::kUsed);
  const absl::StatusOr<std::vector<Lab>> labs = LoadLabs(scratch.project());
  ASSERT_TRUE(labs.ok()) << labs.status();
  std::vector<std::string> command = {"verify", "--json", "--time", "2", "--variant", "lab", "--variant", "mutex"};
  for (const char* format : {"sarif", "junit", "json-findings"})
    command.insert(command.end(), {absl::StrCat("--", format), scratch / format});
  for (const Lab& lab : *labs) {
    if (!Sample().contains(lab.name)) continue;
    command.push_back(lab.name);
    const std::string with_bug = (lab.folder / lab.subject).string();
    const std::string fixed = (lab.solutions / "mutex" / lab.subject).string();
    const std::string text = scratch.Read(with_bug);
    scratch.Write(with_bug, scratch.Read(fixed));
    scratch.Write(fixed, text);
  }

  const ChildResult result = scratch.Racelab(command);
  ASSERT_EQ(result.end, ChildEnd::kExited) << result.err;
  EXPECT_EQ(result.exit_code, 1) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << result.out;
  EXPECT_EQ(json["failed"], 2 * Sample().size());
  std::set<std::string> rejected;  // By either detector.
  for (const auto& verification : json["verifications"]) {
    const std::string lab = verification["lab"], variant = verification["variant"], reason = verification["reason"];
    SCOPED_TRACE(absl::StrCat(lab, " ", variant, ", ", std::string(verification["tool"]), ": ", reason));
    if (!verification["right"]) {
      rejected.insert(absl::StrCat(lab, " ", variant));
      EXPECT_NE(reason, "");
      EXPECT_THAT(reason, Not(HasSubstr("\n")));
    }
    if (variant == "lab" && !verification["right"]) {
      EXPECT_EQ(verification["verdict"], "not exposed");
      EXPECT_THAT(reason, HasSubstr("declared"));
    }
  }
  EXPECT_EQ(rejected.size(), 2 * Sample().size());

  // Others read the same verdicts: each wrong one, at the header to which it belongs, and nothing else.
  size_t wrong = 0;
  for (const auto& verification : json["verifications"]) wrong += verification["right"] ? 0 : 1;
  const nlohmann::json findings = nlohmann::json::parse(scratch.Read("json-findings"));
  EXPECT_EQ(findings["findings"].size(), wrong);
  EXPECT_EQ(findings["checks"].size(), json["verifications"].size());
  for (size_t i = 0; i < findings["checks"].size(); ++i) {
    const auto& check = findings["checks"][i];
    const auto& verification = json["verifications"][i];
    EXPECT_EQ(check["group"],
              absl::StrCat(std::string(verification["lab"]), ".", std::string(verification["variant"])));
    EXPECT_EQ(check["findings"].empty(), verification["right"].get<bool>()) << check;
  }
  const nlohmann::json results = nlohmann::json::parse(scratch.Read("sarif"))["runs"][0]["results"];
  ASSERT_EQ(results.size(), wrong);
  std::set<std::string> fingerprints, files;
  for (const auto& result : results) {
    fingerprints.insert(result["partialFingerprints"]["primaryLocationLineHash"]);
    files.insert(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]);
  }
  EXPECT_EQ(fingerprints.size(), wrong);
  EXPECT_EQ(files.size(), 2 * Sample().size());
  EXPECT_THAT(files, IsSupersetOf({"labs/data_races/lost_update/hit_counter.h",
                                   "solutions/data_races/lost_update/mutex/hit_counter.h"}));
  EXPECT_THAT(scratch.Read("junit"), HasSubstr(absl::StrCat("tests=\"", json["verifications"].size(), "\" failures=\"",
                                                            wrong, "\" errors=\"0\"")));
  EXPECT_THAT(scratch.Read("junit"),
              HasSubstr("<failure type=\"missed-bug\" message=\"lost_update, variant lab, tsan with "));
  EXPECT_THAT(scratch.Read("junit"),
              HasSubstr("<failure type=\"data-race\" message=\"lost_update, variant mutex, tsan with "));

  // In the same copy: another one would have to be built from scratch.
  scratch.Replace("solutions/data_races/lost_update/atomic/hit_counter.h", "fetch_add", "fetch_had");
  const ChildResult broken = scratch.Racelab({"verify", "lost_update", "atomic", "message", "--github"});
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.out, HasSubstr("atomic: does not compile:"));
  EXPECT_THAT(broken.out, HasSubstr("fetch_had"));
  EXPECT_THAT(broken.out, HasSubstr("verified: 1 lab, 2 variants, 1 not as it should be"));
  EXPECT_THAT(broken.out,
              ContainsRegex("::error file=solutions/data_races/lost_update/atomic/hit_counter.h,line=[0-9]+,"
                            "title=Variant that does not compile::"));

  // A participant's folder has the name under which the lab was started.
  EXPECT_EQ(scratch.Racelab({"start", "forgetful_counter"}).exit_code, 0);
  scratch.Replace("workspace/forgetful_counter/hit_counter.h", "void Record()",
                  "__attribute__((no_sanitize(\"thread\"))) void Record()");
  const ChildResult evading = scratch.Racelab({"verify", "lost_update", "mine"});
  EXPECT_EQ(evading.exit_code, 1);
  EXPECT_THAT(evading.out, HasSubstr("`no_sanitize` keeps ThreadSanitizer out"));
}

}  // namespace
}  // namespace racelab
