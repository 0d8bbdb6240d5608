#include "sanitizers/racelab/mutation_screen.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/interleaving_table.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/quantity.h"

namespace racelab {
namespace {

constexpr int kScreenWidth = 80;
constexpr size_t kLinesOfTable = 18;

struct Counts {
  size_t killed = 0, equivalent = 0, survived = 0, untold = 0;
};

Counts CountsOf(const MutatedVariant& variant) {
  Counts counts;
  for (const MutantResult& result : variant.results) {
    if (result.fate == Fate::kKilled) ++counts.killed;
    if (result.fate == Fate::kCannotTell) ++counts.untold;
    if (result.fate == Fate::kSurvived) ++(IsEquivalent(variant, result) ? counts.equivalent : counts.survived);
  }
  return counts;
}

std::string_view FateOf(const MutatedVariant& variant, const MutantResult& result) {
  if (result.fate == Fate::kKilled) return "killed";
  if (result.fate == Fate::kCannotTell) return "cannot tell";
  return IsEquivalent(variant, result) ? "equivalent" : "survived";
}

std::string Mark(const MutatedVariant& variant, const MutantResult& result) {
  const std::string_view fate = FateOf(variant, result);
  if (fate == "killed" || fate == "equivalent") return Paint(Colour::kGreen, CheckMark());
  return fate == "survived" ? Paint(Colour::kRed, CrossMark()) : Paint(Colour::kYellow, "?");
}

std::string PlaceOf(const Mutant& mutant) {
  return absl::StrCat(mutant.file.substr(mutant.file.rfind('/') + 1), ":", mutant.line);
}

std::string Cut(const std::string& text, int columns) {
  if (Columns(text) <= columns) return text;
  return absl::StrCat(text.substr(0, static_cast<size_t>(std::max(0, columns - 3))), "...");
}

// "killed by HitCounter.IsLinearizable, a data race, after 2"
std::string OutcomeOf(const MutatedVariant& variant, const MutantResult& result) {
  const std::string_view fate = FateOf(variant, result);
  if (fate != "killed") return std::string(fate);
  const std::string test = result.test.substr(result.test.rfind('.') + 1);
  return absl::StrCat(result.kind, " after ", Quantity(result.interleavings),
                      test.empty() ? "" : absl::StrCat(", ", test));
}

std::string RowOf(const MutatedVariant& variant, const MutantResult& result) {
  const std::string row = absl::StrCat(Pad(result.mutant.mutator, 14), " ", Pad(PlaceOf(result.mutant), 26), " ");
  return absl::StrCat("  ", Mark(variant, result), " ", row,
                      Cut(OutcomeOf(variant, result), kScreenWidth - 4 - Columns(row)), "\n");
}

std::string Quoted(const std::string& text) { return nlohmann::json(text).dump(); }

// What the tests observed of a surviving mutant.
std::string WhatWasSeen(const MutantResult& result) {
  const std::string all =
      absl::StrCat(result.complete ? "all " : "", Quantity(result.interleavings), " interleavings hold");
  if (result.mutated == 0 && !result.mutant.changed) return absl::StrCat(all, "; the site is reached in none of them.");
  if (result.tried_older_values)
    return absl::StrCat(all, "; only a data race or an older value could tell, and there is none.");
  if (DiffersOnlyByDataRaces(result.mutant.mutator))
    return absl::StrCat(all, "; only a data race could tell, and there is none.");
  if (!result.difference && !result.mutant.changed)
    return absl::StrCat(all, "; in none of them can a thread tell the difference.");
  if (!result.difference) return absl::StrCat(all, ".");
  return absl::StrCat(all, ". The shortest in which a thread can tell, in ", result.test, ":");
}

std::string WhatWasLeftOut(const MutatedVariant& variant) {
  const auto found = std::find_if(variant.results.begin(), variant.results.end(),
                                  [](const MutantResult& result) { return !result.why_no_older_values.empty(); });
  if (found == variant.results.end()) return "";
  return absl::StrCat("  ",
                      Wrap(absl::StrCat("left out: loads that return older values, as weaker orders permit, because "
                                        "the program fails with them as it is: ",
                                        found->why_no_older_values),
                           kScreenWidth - 2, 2),
                      "\n");
}

std::string Survivor(const MutatedVariant& variant, const MutantResult& result, const std::string& directory) {
  const Mutant& mutant = result.mutant;
  std::string text = absl::StrCat("\n", Paint(Colour::kBold, absl::StrCat(mutant.mutator, " survived")), " in ",
                                  mutant.function, ", ", PlaceOf(mutant), ": ", Describe(mutant.mutator), "\n      ",
                                  mutant.source, "\n  ", Wrap(WhatWasSeen(result), kScreenWidth - 2, 2), "\n");
  if (result.difference) absl::StrAppend(&text, InterleavingTable(*result.difference, directory, kLinesOfTable));
  if (variant.lab.empty()) {
    absl::StrAppend(&text, "  Add a test that fails then.\n");
  } else {
    absl::StrAppend(&text, "  Add a test that fails then; or, if nobody could tell, say why in lab.toml:\n",
                    "    [equivalent.", variant.variant, "]\n    ", Quoted(mutant.Name()), " = \"...\"\n");
  }
  return text;
}

}  // namespace

std::string NameOf(const MutatedVariant& variant) {
  return variant.lab.empty() ? variant.variant : absl::StrCat(variant.lab, " ", variant.variant);
}

void Classify(MutatedVariant& variant) {
  std::set<std::string> survivors;
  for (const MutantResult& result : variant.results) {
    if (result.fate == Fate::kSurvived) survivors.insert(result.mutant.Name());
  }
  for (const auto& [name, reason] : variant.equivalent) {
    if (!survivors.contains(name)) variant.unused.push_back(name);
  }
}

bool IsEquivalent(const MutatedVariant& variant, const MutantResult& result) {
  return result.fate == Fate::kSurvived && variant.equivalent.contains(result.mutant.Name());
}

std::string Text(const MutatedVariant& variant, const std::string& directory) {
  const std::string name = NameOf(variant);
  if (!variant.failure.empty())
    return absl::StrCat(Paint(Colour::kBold, name), "\n  ",
                        Wrap(absl::StrCat("cannot be mutated, because it does not hold as it is: ", variant.failure),
                             kScreenWidth - 2, 2),
                        "\n\n");
  std::string text = absl::StrCat(Paint(Colour::kBold, name),
                                  variant.results.empty() ? "  has no call site that can be mutated" : "", "\n");
  for (const MutantResult& result : variant.results) absl::StrAppend(&text, RowOf(variant, result));
  absl::StrAppend(&text, WhatWasLeftOut(variant));
  for (const MutantResult& result : variant.results) {
    if (FateOf(variant, result) == "survived") absl::StrAppend(&text, Survivor(variant, result, directory));
    if (result.fate == Fate::kCannotTell)
      absl::StrAppend(&text, "\n", result.mutant.mutator, ", ", PlaceOf(result.mutant), ": cannot tell\n  ",
                      Wrap(result.failure, kScreenWidth - 2, 2), "\n");
  }
  for (const std::string& unused : variant.unused)
    absl::StrAppend(&text, "\n  lab.toml has a reason for a mutant that does not survive:\n    ", Quoted(unused), "\n");
  return absl::StrCat(text, "\n");
}

std::string ClosingLine(const std::vector<MutatedVariant>& variants) {
  Counts all;
  size_t mutants = 0, failed = 0, unused = 0;
  for (const MutatedVariant& variant : variants) {
    const Counts counts = CountsOf(variant);
    all.killed += counts.killed;
    all.equivalent += counts.equivalent;
    all.survived += counts.survived;
    all.untold += counts.untold;
    mutants += variant.results.size();
    failed += variant.failure.empty() ? 0 : 1;
    unused += variant.unused.size();
  }
  return absl::StrCat("mutants: ", mutants, " of ", variants.size(),
                      variants.size() == 1 ? " variant, " : " variants, ", all.killed, " killed, ", all.equivalent,
                      " equivalent, ", all.survived, " survived",
                      all.untold == 0 ? "" : absl::StrCat(", ", all.untold, " cannot be told"),
                      unused == 0 ? "" : absl::StrCat(", ", unused, " reasons without a survivor"),
                      failed == 0 ? "" : absl::StrCat(", ", failed, " not mutated"));
}

nlohmann::ordered_json Json(const std::vector<MutatedVariant>& variants) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const MutatedVariant& variant : variants) {
    nlohmann::ordered_json one = {{"lab", variant.lab}, {"variant", variant.variant}};
    if (!variant.failure.empty()) one["failure"] = variant.failure;
    one["mutants"] = nlohmann::ordered_json::array();
    for (const MutantResult& result : variant.results) {
      const Mutant& mutant = result.mutant;
      nlohmann::ordered_json row = {{"name", mutant.Name()},
                                    {"mutator", mutant.mutator},
                                    {"file", mutant.file},
                                    {"line", mutant.line},
                                    {"function", mutant.function},
                                    {"source", mutant.source},
                                    {"fate", FateOf(variant, result)},
                                    {"interleavings", result.interleavings},
                                    {"complete", result.complete}};
      if (!result.tests.empty()) row["tests"] = result.tests;
      if (!result.why_no_older_values.empty()) row["without_older_values"] = result.why_no_older_values;
      if (!result.test.empty()) row["test"] = result.test;
      if (!result.failure.empty()) row["failure"] = result.failure;
      if (!result.kind.empty()) row["kind"] = result.kind;
      if (result.difference) row["difference"] = result.difference->schedule;
      if (IsEquivalent(variant, result)) row["reason"] = variant.equivalent.at(mutant.Name());
      one["mutants"].push_back(std::move(row));
    }
    one["reasons_without_survivor"] = variant.unused;
    json.push_back(std::move(one));
  }
  return json;
}

ExitCode CodeOf(const std::vector<MutatedVariant>& variants) {
  bool untold = false;
  for (const MutatedVariant& variant : variants) {
    const Counts counts = CountsOf(variant);
    if (counts.survived > 0 || !variant.unused.empty() || !variant.failure.empty()) return kWrong;
    untold |= counts.untold > 0;
  }
  return untold ? kCannotTell : kRight;
}

}  // namespace racelab
