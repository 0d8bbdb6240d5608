// racelab verify: runs the labs' tests under both detectors, and judges every variant.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/evasion.h"
#include "sanitizers/racelab/finding_files.h"
#include "sanitizers/racelab/findings_of.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/scoreboard.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/verification.h"
#include "sanitizers/verdict/tsan_run.h"

namespace racelab {
namespace {

struct VerifyOptions {
  std::vector<std::string> words;     // labs, each perhaps followed by variants
  std::vector<std::string> variants;  // only these
  std::string compiler;
  std::string tool = "both";
  int repeat = 1;
  int jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  double limit_seconds = 20;
  double explore_seconds = 10;
  bool without_rejected = false;
  bool json = false;
  FindingFiles files;
};

std::vector<Tool> Tools(const std::string& name) {
  if (name == Name(Tool::kThreadSanitizer)) return {Tool::kThreadSanitizer};
  if (name == Name(Tool::kInterleave)) return {Tool::kInterleave};
  return {Tool::kThreadSanitizer, Tool::kInterleave};
}

// A requested lab, and the requested variants; none means all of them.
struct Request {
  Lab* lab;
  std::vector<std::string> variants;
};

// "LAB [VARIANT...]", any number of times.
std::vector<Request> Requested(std::vector<Lab>& labs, const std::vector<std::string>& words) {
  std::vector<Request> requests;
  for (const std::string& word : words) {
    const auto is_variant = [&word](const Lab& lab) {
      return word == kMineVariant || FindVariant(lab, word).value_or("") == word;
    };
    if (!requests.empty() && is_variant(*requests.back().lab)) {
      requests.back().variants.push_back(Require(FindVariant(*requests.back().lab, word)));
      continue;
    }
    absl::StatusOr<Lab> named = FindLab(labs, word);
    if (!named.ok() && !requests.empty()) {
      named = absl::NotFoundError(
          absl::StrCat(named.status().message(), "\n", FindVariant(*requests.back().lab, word).status().message()));
    }
    const Lab found = Require(named);
    Lab& lab = *std::find_if(labs.begin(), labs.end(), [&](const Lab& lab) { return lab.name == found.name; });
    lab.called = found.called;
    requests.push_back({&lab, {}});
  }
  return requests;
}

// The requested variants; by default, all except the participant's own, which `racelab check` judges.
std::vector<Verification> Chosen(std::vector<Lab>& labs, const VerifyOptions& options) {
  std::vector<Request> requests = Requested(labs, options.words);
  if (requests.empty()) {
    for (Lab& lab : labs) requests.push_back({&lab, {}});
  }
  const auto is_wanted = [&options](const std::string& variant) {
    return options.variants.empty() ||
           std::find(options.variants.begin(), options.variants.end(), variant) != options.variants.end();
  };
  std::vector<Verification> chosen;
  for (const auto& [lab, variants] : requests) {
    const bool all_variants = variants.empty();
    for (const std::string& variant : all_variants ? lab->variants : variants) {
      if (!is_wanted(variant)) continue;
      if (all_variants && variant == kMineVariant && options.variants.empty()) continue;
      const bool for_one_compiler = lab->rejected.contains(variant) || lab->changes.contains(variant);
      if (all_variants && options.without_rejected && for_one_compiler) continue;
      for (Tool tool : Tools(options.tool)) chosen.emplace_back(lab, variant, tool);
    }
  }
  return chosen;
}

// The labs that the participant has just solved: both detectors found nothing in their variant.
std::vector<const Lab*> NewlySolved(const std::vector<Verification>& verifications) {
  std::map<const Lab*, int> clean;
  for (const Verification& verification : verifications) {
    if (verification.variant == kMineVariant && !verification.lab->solved && verification.IsRight())
      ++clean[verification.lab];
  }
  std::vector<const Lab*> solved;
  for (const auto& [lab, detectors] : clean) {
    if (detectors == 2) solved.push_back(lab);
  }
  return solved;
}

// The bug's name, and where the solutions are.
std::string Farewell(const Project& project, const Lab& lab) {
  return absl::StrCat(lab.called, lab.called == lab.name ? "" : absl::StrCat(", known as ", lab.name), "; see ",
                      (std::filesystem::relative(lab.solutions, project.root) / "README.md").string());
}

// Judges the participant's variants that hide something from a detector, without running them.
void JudgeEvasions(const Project& project, const std::string& preset, const BuildFailures& failures,
                   std::vector<Verification>& verifications) {
  std::map<const Lab*, std::optional<std::string>> evasions;  // both detectors have the same source
  for (Verification& verification : verifications) {
    const Lab* lab = verification.lab;
    if (verification.variant != kMineVariant || failures.contains(TestTarget(*lab, verification.variant))) continue;
    const auto [known, is_new] = evasions.try_emplace(lab);
    std::optional<std::string>& evasion = known->second;
    if (is_new) evasion = EvasionOf(project, preset, *lab).value_or(std::nullopt);
    if (!evasion) continue;
    verification.judgement.verdict = Verdict::kEvades;
    verification.judgement.reason = *evasion;
    verification.wrong = verification.runs = 1;
    verification.done = true;
  }
}

void VerifyCommand(const VerifyOptions& options) {
  Everything all;
  std::vector<Verification> verifications = Chosen(all.labs, options);
  if (verifications.empty()) {
    std::fputs("racelab: no lab has such a variant; `racelab list --json` names those of each lab\n", stderr);
    Exit(kMisuse);
  }

  Progress progress;
  const VerificationPlan plan{.preset = ThreadSanitizerPreset(options.compiler),
                              .repeat = options.repeat,
                              .jobs = options.jobs,
                              .limit = absl::Seconds(options.limit_seconds),
                              .seconds = options.explore_seconds};
  std::vector<std::string> targets;
  for (const Verification& verification : verifications)
    targets.push_back(TestTarget(*verification.lab, verification.variant));
  const BuildFailures failures = Require(Build(all.project, plan.preset, targets, progress));
  if (options.tool != Name(Tool::kThreadSanitizer)) BuildInterleaveRuntime(all.project, progress);

  JudgeEvasions(all.project, plan.preset, failures, verifications);
  if (const char* users = std::getenv("TSAN_OPTIONS"); users != nullptr && *users != '\0')
    std::fputs("racelab: TSAN_OPTIONS is set; no verdict depends on it, so it is not used\n", stderr);

  Scoreboard scoreboard(verifications);
  const auto show_rows = [&] {
    const std::string rows = options.json ? "" : scoreboard.NextRows();
    if (rows.empty()) return;
    progress.Clear();
    std::fputs(rows.c_str(), stdout);
    std::fflush(stdout);
  };
  show_rows();
  Verify(all.project, plan, failures, verifications, [&](const Verification& last, int finished, int runs) {
    show_rows();
    progress.Show(absl::StrCat("verifying [", finished, "/", runs, "] ", last.lab->called, " ", last.variant));
  });
  progress.Clear();
  show_rows();
  if (const std::optional<std::string> note = TakeFixedAddressesNote())
    std::fprintf(stderr, "racelab: %s\n", note->c_str());
  ExitIfInterrupted();

  const std::vector<const Lab*> solved = NewlySolved(verifications);
  for (const Lab* lab : solved) NoteSolved(all.project, *lab);
  if (options.json) {
    std::puts(ScoreboardJson(verifications).dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    std::printf("\n%s\n", ClosingLine(verifications).c_str());
    for (const Lab* lab : solved) std::printf("solved: %s\n", Farewell(all.project, *lab).c_str());
  }
  Findings findings = FindingsOf(verifications, CompilerOf(plan.preset), all.project);
  findings.command =
      absl::StrCat("racelab verify", options.words.empty() ? "" : " ", absl::StrJoin(options.words, " "));
  WriteFindingFiles(options.files, findings);
  if (options.files.github) std::fputs(GitHubAnnotations(findings).c_str(), stdout);
  if (!std::all_of(verifications.begin(), verifications.end(), [](const Verification& v) { return v.IsRight(); }))
    Exit(kWrong);
}

}  // namespace

void AddVerify(CLI::App& racelab) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command =
      racelab.add_subcommand("verify", "Run the tests under both detectors: are labs exposed, and fixes clean?");
  command->add_option("LAB [VARIANT]", options->words,
                      "Only these labs, and of a lab only these variants: mutex, atomic, message, ...; lab; mine");
  command->add_option("--variant", options->variants, "Only the variants with this name, of all labs")
      ->allow_extra_args(false);
  command->add_option("--tool", options->tool, "tsan: ThreadSanitizer; interleave: every interleaving; default: both")
      ->check(CLI::IsMember({"tsan", "interleave", "both"}));
  command->add_option("--repeat", options->repeat, "Runs of each variant under ThreadSanitizer")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("-j,--jobs", options->jobs, "Runs at once; default: one for each processor")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  command
      ->add_option("--limit", options->limit_seconds, "The longest time for one run under ThreadSanitizer; default: 20")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 86400.0));
  command
      ->add_option("--time", options->explore_seconds,
                   "The longest time for the interleavings of one scenario; default: 10")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 86400.0));
  command->add_option("--compiler", options->compiler, "Default: clang, if it is installed")
      ->check(CLI::IsMember({"clang", "gcc"}));
  command->add_flag("--without-rejected", options->without_rejected,
                    "Neither the repairs that only look right nor the changes for review");
  command->add_flag("--json", options->json, "Print JSON, with every report in full");
  AddFindingFiles(*command, options->files, "--json-findings");
  command->get_option("--github")->excludes("--json");
  command->footer("Exits with 0 if every verdict is right, 1 if one is wrong, 2 for misuse.");
  command->callback([options] { VerifyCommand(*options); });
}

}  // namespace racelab
