#include "sanitizers/racelab/scoreboard.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/report/exploration_json.h"
#include "sanitizers/report/json.h"

namespace racelab {
namespace {

constexpr int kWidth = 80;
constexpr int kCell = 9;
constexpr int kTime = 6;
constexpr int kRowIndent = 4;
constexpr int kTool = 12;
constexpr std::string_view kOther = "other";  // the column for fixes that are not named after an idiom

std::string_view Column(std::string_view variant) {
  if (absl::StartsWith(variant, kEditPrefix)) return kMineVariant;
  if (variant == kLabVariant || variant == kMineVariant) return variant;
  for (std::string_view idiom : kIdioms) {
    if (variant == idiom) return idiom;
  }
  return kOther;
}

std::string Count(size_t count, std::string_view noun) { return absl::StrCat(count, " ", noun, count == 1 ? "" : "s"); }

int LabCount(const std::vector<Verification>& verifications) {
  std::set<const Lab*> labs;
  for (const Verification& verification : verifications) labs.insert(verification.lab);
  return static_cast<int>(labs.size());
}

// The number of variants, counted once each even if both detectors ran; with or without changes for review.
int VariantCount(const std::vector<Verification>& verifications, bool failed_only, bool with_changes = true) {
  std::set<std::pair<const Lab*, std::string_view>> variants;
  for (const Verification& verification : verifications) {
    if (!with_changes && verification.lab->changes.contains(verification.variant)) continue;
    if (!failed_only || !verification.IsRight()) variants.emplace(verification.lab, verification.variant);
  }
  return static_cast<int>(variants.size());
}

// One verdict as a cell; if a column has several fixes, a wrong verdict takes precedence.
std::string Cell(const std::vector<const Verification*>& fixes) {
  if (fixes.empty()) return Pad(Dash(), kCell);
  for (const Verification* fix : fixes) {
    if (!fix->IsRight()) return Paint(Colour::kRed, Pad(absl::StrCat(CrossMark(), " failed"), kCell));
  }
  // A lab may declare one detector silent; the other detector's verdict is then shown.
  const auto exposed = std::find_if(
      fixes.begin(), fixes.end(), [](const Verification* fix) { return fix->judgement.verdict == Verdict::kExposed; });
  const Verification* shown = exposed == fixes.end() ? fixes.front() : *exposed;
  return Paint(Colour::kGreen, Pad(Name(shown->judgement.verdict), kCell));
}

// "✗ mutex: not clean: …", with the number of wrong runs.
std::string FailureLine(const Verification& verification) {
  const Judgement& judgement = verification.judgement;
  const bool ran = judgement.verdict != Verdict::kDoesNotCompile && judgement.verdict != Verdict::kEvades;
  std::string text = absl::StrCat(CrossMark(), " ", verification.variant,
                                  ran ? absl::StrCat(", ", Name(verification.tool)) : "", ": ");
  absl::StrAppend(&text, judgement.reason.empty() ? Name(judgement.verdict) : judgement.reason);
  if (verification.runs > 1) absl::StrAppend(&text, " (in ", verification.wrong, " of ", verification.runs, " runs)");
  return absl::StrCat("      ", Wrap(text, kWidth - 6, 8), "\n");
}

bool HasCell(const Verification& verification) {
  const Lab& lab = *verification.lab;
  return !lab.rejected.contains(verification.variant) && !lab.changes.contains(verification.variant);
}

// Consecutive verifications of one lab.
class Row {
 public:
  void Add(const Verification& verification) {
    lab_ = verification.lab;
    // A rejected repair has a line instead of a cell, because its right verdict differs from that of its neighbours. So
    // does a change that is verified alone; with all variants of a lab, there would be too many such lines.
    const bool is_change = lab_->changes.contains(verification.variant);
    const bool has_cell = HasCell(verification);
    if (has_cell) cells_[Column(verification.variant)].push_back(&verification);
    time_ += verification.total;
    if (!verification.IsRight()) {
      const std::string line = Paint(Colour::kRed, FailureLine(verification));
      if (!absl::StrContains(failures_, line)) failures_ += line;  // both detectors give the same compiler error
    }
    const std::string evidence = is_change && verification.judgement.evidence.empty()
                                     ? std::string(Name(verification.judgement.verdict))
                                     : verification.judgement.evidence;
    if (!verification.IsRight() || evidence.empty()) return;
    const std::string line =
        absl::StrCat(Pad(absl::StrCat(Name(verification.tool), ":"), kTool),
                     verification.IsFix() || !has_cell ? absl::StrCat(verification.variant, ", ") : "", evidence);
    absl::StrAppend(is_change ? &evidence_of_changes_ : &evidence_, "      ",
                    Paint(Colour::kDim, Wrap(line, kWidth - 6, 8)), "\n");
  }

  std::string Text(int name_width, const std::vector<std::string_view>& columns) const {
    std::string text = absl::StrCat(std::string(kRowIndent, ' '), Pad(lab_->called, name_width));
    for (std::string_view column : columns) {
      const auto cell = cells_.find(column);
      absl::StrAppend(&text, Cell(cell == cells_.end() ? std::vector<const Verification*>() : cell->second));
    }
    absl::StrAppendFormat(&text, "%*s\n", kTime, absl::StrFormat("%.1f s", absl::ToDoubleSeconds(time_)));
    return absl::StrCat(text, evidence_, cells_.empty() ? evidence_of_changes_ : "", failures_);
  }

 private:
  const Lab* lab_ = nullptr;
  std::map<std::string_view, std::vector<const Verification*>> cells_;
  absl::Duration time_ = absl::ZeroDuration();
  std::string evidence_, evidence_of_changes_, failures_;
};

}  // namespace

Scoreboard::Scoreboard(const std::vector<Verification>& verifications) : verifications_(verifications) {
  std::set<std::string_view> used;
  for (const Verification& verification : verifications) {
    name_width_ = std::max(name_width_, Columns(verification.lab->called) + 2);
    if (HasCell(verification)) used.insert(Column(verification.variant));
  }
  for (std::string_view column : {kLabVariant, kIdioms[0], kIdioms[1], kIdioms[2], kOther, kMineVariant}) {
    if (used.contains(column)) columns_.push_back(column);
  }
}

std::string Scoreboard::NextRows() {
  std::string text;
  while (next_ < verifications_.size()) {
    const Lab* lab = verifications_[next_].lab;
    if (lab->track != track_) {
      const bool first = track_.empty();
      track_ = lab->track;
      std::string heading = absl::StrCat("  ", track_);
      if (first) {
        heading = Pad(heading, kRowIndent + name_width_);
        for (std::string_view column : columns_) absl::StrAppend(&heading, Pad(column, kCell));
        heading += "  time";
      }
      absl::StrAppend(&text, Paint(Colour::kBold, heading), "\n");
    }
    Row row;
    size_t end = next_;
    for (; end < verifications_.size() && verifications_[end].lab == lab; ++end) {
      if (!verifications_[end].done) return text;
      row.Add(verifications_[end]);
    }
    next_ = end;
    absl::StrAppend(&text, row.Text(name_width_, columns_));
  }
  return text;
}

std::string ClosingLine(const std::vector<Verification>& verifications) {
  const int failed = VariantCount(verifications, /*failed_only=*/true);
  const int variants = VariantCount(verifications, false, /*with_changes=*/false);
  const int changes = VariantCount(verifications, false) - variants;
  const std::string line =
      absl::StrCat("verified: ", Count(LabCount(verifications), "lab"), ", ",
                   variants == 0 && changes > 0 ? "" : absl::StrCat(Count(variants, "variant"), ", "),
                   changes == 0 ? "" : absl::StrCat(Count(changes, "change"), ", "),
                   failed == 0 ? "all as they should be" : absl::StrCat(failed, " not as it should be"));
  return Paint(failed == 0 ? Colour::kGreen : Colour::kRed, line);
}

nlohmann::ordered_json ScoreboardJson(const std::vector<Verification>& verifications) {
  nlohmann::ordered_json variants = nlohmann::ordered_json::array();
  for (const Verification& verification : verifications) {
    nlohmann::ordered_json reports = nlohmann::ordered_json::array();
    for (const Report& report : verification.judgement.reports)
      reports.push_back(nlohmann::ordered_json(ToJson(report)));
    nlohmann::ordered_json explorations = nlohmann::ordered_json::array();
    for (const Exploration& exploration : verification.explorations) explorations.push_back(ToJson(exploration));
    variants.push_back(nlohmann::ordered_json{{"track", verification.lab->track},
                                              {"lab", verification.lab->name},
                                              {"variant", verification.variant},
                                              {"tool", Name(verification.tool)},
                                              {"verdict", Name(verification.judgement.verdict)},
                                              {"right", verification.IsRight()},
                                              {"runs", verification.runs},
                                              {"wrong", verification.wrong},
                                              {"seconds", absl::ToDoubleSeconds(verification.total)},
                                              {"slowest_seconds", absl::ToDoubleSeconds(verification.slowest)},
                                              {"peak_memory_bytes", verification.peak_memory_bytes},
                                              {"evidence", verification.judgement.evidence},
                                              {"reason", verification.judgement.reason},
                                              {"reports", reports},
                                              {"explorations", explorations}});
  }
  return {{"labs", LabCount(verifications)},
          {"variants", VariantCount(verifications, false)},
          {"failed", VariantCount(verifications, true)},
          {"verifications", variants}};
}

}  // namespace racelab
