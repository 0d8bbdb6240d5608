#include "sanitizers/racelab/findings_of.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sanitizers/findings/from_report.h"
#include "sanitizers/report/certainty.h"

namespace racelab {
namespace {

// The rule for a wrong verdict that no report or interleaving shows.
const Rule& RuleOf(const Verification& verification) {
  switch (verification.judgement.verdict) {
    case Verdict::kDoesNotCompile:
      return RuleWithId("does-not-compile");
    case Verdict::kEvades:
      return RuleWithId("evades-detector");
    case Verdict::kFunctionalFailure:
      return RuleWithId("failed-expectation");
    case Verdict::kCrash:
      return RuleWithId("crash");
    case Verdict::kHang:
      return RuleWithId("hang");
    case Verdict::kUnreadableReport:
      return RuleWithId("incomplete-report");
    case Verdict::kExposed:
    case Verdict::kExposedOtherwise:
    case Verdict::kSilent:
    case Verdict::kNotExposed:
    case Verdict::kClean:
      return RuleWithId(verification.IsFix() ? "failed-expectation" : "missed-bug");
    case Verdict::kOverLimit:
    case Verdict::kCouldNotStart:
    case Verdict::kInterrupted:
      break;
  }
  return RuleWithId("program-failed");
}

// What was found in a fix. For a lab, a finding without places, because what was found there may be expected.
Finding Found(const Verification& verification, const std::string& root) {
  if (verification.IsFix()) {
    if (!verification.judgement.reports.empty()) return FindingOf(verification.judgement.reports.front(), root);
    for (const Exploration& exploration : verification.explorations) {
      for (const InterleavingFailure& failure : exploration.failures) {
        if (CertaintyOf(failure) == Certainty::kFails)
          return FindingOf(failure, exploration.scenario, /*replay=*/"", root);
      }
    }
  }
  Finding finding;
  finding.rule = &RuleOf(verification);
  return finding;
}

// Where the header's class begins; otherwise its first line.
Place BeginOf(const std::filesystem::path& header, const std::string& root) {
  Place place;
  place.file = RelativeTo(root, header.string());
  place.line = 1;
  std::ifstream file(header);
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (!absl::StartsWith(line, "class ") || absl::EndsWith(line, ";")) continue;
    place.line = number;
    break;
  }
  return place;
}

// Parses "solutions/…/hit_counter.h:12:8: error: …", the compiler's format; otherwise returns a place without a line.
Place PlaceOfError(std::string_view text, const std::string& root) {
  const std::vector<std::string_view> parts = absl::StrSplit(text, absl::MaxSplits(':', 3));
  Place place;
  if (parts.size() < 3 || !absl::SimpleAtoi(parts[1], &place.line)) return {};
  place.file = RelativeTo(root, std::string(parts[0]));
  if (!absl::SimpleAtoi(parts[2], &place.column)) place.column = 0;
  return place;
}

// A place in the variant's header comes first, because the header is what differs.
void PutHeaderFirst(const Verification& verification, const std::string& root, Finding& finding) {
  const std::filesystem::path path = verification.lab->HeaderOf(verification.variant);
  const std::string header = RelativeTo(root, path.string());
  constexpr std::string_view kCompilers = "does not compile: ";
  const std::string& reason = verification.judgement.reason;
  if (absl::StartsWith(reason, kCompilers)) {
    Place place = PlaceOfError(std::string_view(reason).substr(kCompilers.size()), root);
    if (place.line > 0) finding.places.push_back(std::move(place));
  }
  const auto first = std::find_if(finding.places.begin(), finding.places.end(),
                                  [&](const Place& place) { return place.file == header; });
  if (first == finding.places.end()) {
    finding.places.insert(finding.places.begin(), BeginOf(path, root));
  } else {
    std::rotate(finding.places.begin(), first, first + 1);
  }
}

Finding WrongVerdict(const Verification& verification, const std::string& how, const std::string& root) {
  const Judgement& judgement = verification.judgement;
  Finding finding = Found(verification, root);
  PutHeaderFirst(verification, root, finding);
  const std::string reason = judgement.reason.empty() ? std::string(Name(judgement.verdict)) : judgement.reason;
  const std::string runs =
      verification.runs > 1 ? absl::StrCat(" (in ", verification.wrong, " of ", verification.runs, " runs)") : "";
  finding.message = absl::StrCat(verification.lab->name, ", variant ", verification.variant, ", ", how, ": ",
                                 absl::StrReplaceAll(reason, {{absl::StrCat(root, "/"), ""}}), runs);
  finding.count = std::max(verification.wrong, 1);
  if (finding.details.empty()) finding.details = finding.message;
  // The same race in two variants, or under two detectors, counts as two findings.
  finding.fingerprint = Fingerprint(
      finding, root, absl::StrJoin({verification.lab->name, verification.variant, how, finding.object}, "\n"));
  return finding;
}

}  // namespace

Findings FindingsOf(const std::vector<Verification>& verifications, std::string_view compiler, const Project& project) {
  Findings findings;
  findings.root = project.root.string();
  for (const Verification& verification : verifications) {
    const std::string how = absl::StrCat(Name(verification.tool), " with ", compiler);
    CheckOutcome check(absl::StrCat(verification.lab->name, ".", verification.variant), how);
    check.seconds = absl::ToDoubleSeconds(verification.total);
    if (!verification.IsRight()) {
      Finding finding = WrongVerdict(verification, how, findings.root);
      check.findings = {finding.fingerprint};
      findings.all.push_back(std::move(finding));
    }
    findings.checks.push_back(std::move(check));
  }
  return findings;
}

Findings FindingsOf(
    const ExplorationOutcome& outcome,
    const std::function<std::string(const Exploration& exploration, const InterleavingFailure& failure)>& replay,
    const std::string& root) {
  Findings findings;
  findings.root = root;
  const auto add = [&](Finding finding) {
    const auto known = std::find_if(findings.all.begin(), findings.all.end(),
                                    [&](const Finding& other) { return other.fingerprint == finding.fingerprint; });
    if (known != findings.all.end()) {
      known->count += finding.count;
    } else {
      findings.all.push_back(std::move(finding));
    }
  };
  for (const Exploration& exploration : outcome.explorations) {
    // A random search explores a scenario once for each seed.
    const auto known = std::find_if(findings.checks.begin(), findings.checks.end(),
                                    [&](const CheckOutcome& check) { return check.name == exploration.scenario; });
    CheckOutcome& check = known != findings.checks.end()
                              ? *known
                              : findings.checks.emplace_back(std::string(kGroupOfScenarios), exploration.scenario);
    for (const InterleavingFailure& failure : exploration.failures) {
      if (CertaintyOf(failure) != Certainty::kFails) continue;
      Finding finding = FindingOf(failure, exploration.scenario, replay(exploration, failure), root);
      check.findings.push_back(finding.fingerprint);
      add(std::move(finding));
    }
    if (CertaintyOf(exploration) == Certainty::kCannotTell) {
      check.untold = absl::StrCat("cannot tell whether ", exploration.scenario, " holds");
      findings.notes.push_back(check.untold);
    }
  }
  for (const ExplorationProblem& problem : outcome.problems) {
    if (problem.kind == ExplorationProblem::Kind::kFails) {
      Finding finding;
      finding.rule = &RuleWithId("program-failed");
      finding.message = problem.text;
      finding.fingerprint = Fingerprint(finding, root);
      add(std::move(finding));
    } else {
      findings.notes.push_back(problem.text);
      findings.checks.emplace_back(std::string(kGroupOfScenarios), "exploration").untold = problem.text;
    }
  }
  return findings;
}

}  // namespace racelab
