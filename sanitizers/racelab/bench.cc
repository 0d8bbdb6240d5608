// racelab bench LAB: measures what each fix costs.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

struct BenchOptions {
  std::string lab;
  std::vector<std::string> fixes;
  double min_seconds = 0.2;
  bool anyway = false;
  bool json = false;
};

// The time of one call of an operation, with `threads` threads calling it, in nanoseconds of wall-clock time.
struct Measurement {
  std::string operation;
  std::string fix;
  int threads = 0;
  double nanoseconds = 0;
};

// "Store/size:8" for "Store/size:8/real_time/threads:2": the function and its arguments.
std::string Operation(std::string_view name) {
  std::vector<std::string_view> parts = absl::StrSplit(name, '/');
  parts.erase(
      std::remove_if(parts.begin() + 1, parts.end(),
                     [](std::string_view part) { return part == "real_time" || absl::StartsWith(part, "threads:"); }),
      parts.end());
  return absl::StrJoin(parts, "/");
}

// Reads Google Benchmark's JSON.
absl::StatusOr<std::vector<Measurement>> Parse(const std::string& fix, const std::string& output) {
  const nlohmann::json json = nlohmann::json::parse(output, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.contains("benchmarks")) {
    return absl::InternalError(absl::StrCat("the benchmark of ", fix, " printed a result that cannot be read"));
  }
  std::vector<Measurement> measurements;
  for (const auto& run : json["benchmarks"]) {
    const std::string name = run.value("name", "");
    measurements.push_back({.operation = Operation(name),
                            .fix = fix,
                            .threads = run.value("threads", 1),
                            .nanoseconds = run.value("real_time", 0.0)});
  }
  return measurements;
}

absl::StatusOr<std::vector<Measurement>> RunBenchmark(const Project& project, const Lab& lab, const std::string& fix,
                                                      double min_seconds) {
  ChildSpec spec;
  spec.argv = {(project.Tree(kNativePreset) / "bin" / lab.name / (fix + "_bench")).string(), "--benchmark_format=json",
               absl::StrFormat("--benchmark_min_time=%g", min_seconds)};
  spec.limits.time = absl::Minutes(5);
  const ChildResult result = RunChild(spec);
  if (result.end == ChildEnd::kInterrupted) return absl::CancelledError("interrupted");
  if (result.end != ChildEnd::kExited || result.exit_code != 0) {
    return absl::InternalError(absl::StrCat("the benchmark of ", fix, " failed: ", result.note, result.err));
  }
  return Parse(fix, result.out);
}

// A bar whose length is logarithmic, from one column for `least` to `columns` columns for `most`.
std::string Bar(double value, double least, double most, int columns) {
  const double share = most > least ? std::log(value / least) / std::log(most / least) : 1;
  std::string bar;
  for (int i = 0, n = 1 + static_cast<int>(std::lround(share * (columns - 1))); i < n; ++i)
    bar += CrossMark() == "x" ? "#" : "▇";
  return bar;
}

// Three digits and a unit: "12.3 ns", "4.56 us", "115 ms".
std::string Time(double nanoseconds) {
  constexpr const char* kUnits[] = {"ns", "us", "ms", "s"};
  size_t unit = 0;
  for (; nanoseconds >= 999.5 && unit + 1 < std::size(kUnits); ++unit) nanoseconds /= 1000;
  const int digits = nanoseconds < 9.995 ? 2 : nanoseconds < 99.95 ? 1 : 0;
  return absl::StrFormat("%.*f %s", digits, nanoseconds, kUnits[unit]);
}

void PrintChart(const Lab& lab, const std::vector<Measurement>& measurements) {
  std::vector<std::string> operations;
  double least = INFINITY, most = 0;
  for (const Measurement& m : measurements) {
    if (std::find(operations.begin(), operations.end(), m.operation) == operations.end())
      operations.push_back(m.operation);
    least = std::min(least, m.nanoseconds);
    most = std::max(most, m.nanoseconds);
  }
  for (const std::string& operation : operations) {
    std::printf("%s\n", Paint(Colour::kBold, absl::StrCat(lab.called, ": ", operation)).c_str());
    std::string fix;
    for (const Measurement& m : measurements) {
      if (m.operation != operation) continue;
      const std::string name = m.fix == fix ? "" : fix = m.fix;
      std::printf("  %s%d thread%s %9s  %s\n", Pad(name, 14).c_str(), m.threads, m.threads == 1 ? " " : "s",
                  Time(m.nanoseconds).c_str(), Bar(m.nanoseconds, least, most, 36).c_str());
    }
  }
  std::printf("%s\n", Paint(Colour::kDim, "time for each call, less is better; the bars are logarithmic").c_str());
}

void PrintJson(const Lab& lab, const std::vector<Measurement>& measurements) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Measurement& m : measurements) {
    list.push_back(nlohmann::ordered_json{
        {"operation", m.operation}, {"fix", m.fix}, {"threads", m.threads}, {"nanoseconds", m.nanoseconds}});
  }
  std::puts(nlohmann::ordered_json{{"lab", lab.name}, {"measurements", list}}.dump(2).c_str());
}

std::vector<std::string> FixesToMeasure(const Lab& lab, const BenchOptions& options) {
  std::vector<std::string> fixes;
  for (const std::string& fix : options.fixes) fixes.push_back(Require(FindVariant(lab, fix)));
  if (!fixes.empty()) return fixes;
  for (const std::string& variant : lab.variants) {
    // The cost of a bug is meaningless, a participant's unfinished variant may have a bug, and changes have no
    // benchmark.
    if (lab.ExpectationOf(variant) == nullptr && variant != kMineVariant && !lab.changes.contains(variant))
      fixes.push_back(variant);
  }
  return fixes;
}

void Bench(const BenchOptions& options) {
  const Everything all;
  const Lab lab = Require(FindLab(all.labs, options.lab));
  if (options.fixes.empty() && !lab.ShowsFixes() && !options.anyway) {
    std::printf("%s is not solved yet. What its fixes cost, with their names:\n  racelab bench %s --anyway\n",
                lab.called.c_str(), lab.called.c_str());
    if (lab.HasOwn()) std::printf("What your own class costs:\n  racelab bench %s mine\n", lab.called.c_str());
    Exit(kWrong);
  }
  const std::vector<std::string> fixes = FixesToMeasure(lab, options);
  std::vector<std::string> targets;
  for (const std::string& fix : fixes) targets.push_back(absl::StrCat(lab.name, ".", fix, ".bench"));

  Progress progress;
  const BuildFailures failures = Require(Build(all.project, kNativePreset, targets, progress));
  if (!failures.empty()) {
    progress.Clear();
    std::fprintf(stderr, "racelab: %s does not compile:\n%s\n", failures.begin()->first.c_str(),
                 FirstErrors(failures.begin()->second, 30).c_str());
    Exit(kWrong);
  }
  std::vector<Measurement> measurements;
  for (const std::string& fix : fixes) {
    progress.Show(absl::StrCat("measuring ", lab.called, " ", fix));
    const absl::StatusOr<std::vector<Measurement>> measured = RunBenchmark(all.project, lab, fix, options.min_seconds);
    if (!measured.ok()) {
      progress.Clear();
      ReportError(measured.status());
      Exit(absl::IsCancelled(measured.status()) ? kInterrupted : kWrong);
    }
    measurements.insert(measurements.end(), measured->begin(), measured->end());
  }
  progress.Clear();
  options.json ? PrintJson(lab, measurements) : PrintChart(lab, measurements);
}

}  // namespace

void AddBench(CLI::App& racelab) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App* command = racelab.add_subcommand("bench", "Measure what each fix of a lab costs, with 1 to 4 threads");
  command->add_option("LAB", options->lab, "The lab")->required();
  command->add_option("VARIANT", options->fixes,
                      "Only these: mutex, atomic, message, ...; mine; default: all but mine");
  command->add_option("--min-time", options->min_seconds, "The shortest time for each measurement; default: 0.2")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 3600.0));
  command->add_flag("--anyway", options->anyway,
                    "Before you have solved the lab, too: the fixes' names tell something");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { Bench(*options); });
}

}  // namespace racelab
