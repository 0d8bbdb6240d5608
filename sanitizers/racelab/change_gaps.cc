#include "sanitizers/racelab/change_gaps.h"

#include <algorithm>
#include <functional>
#include <regex>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "sanitizers/racelab/completeness.h"
#include "sanitizers/racelab/line_diff.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

constexpr int kFewestLines = 3, kMostLines = 30;
constexpr int kTitleColumns = 64;
constexpr size_t kMostOfDescription = 420;

// The words in a header's comments, separated by single blanks.
std::string CommentWords(const std::vector<DiffLine>& lines) {
  std::vector<std::string_view> words;
  for (const DiffLine& line : lines) {
    const size_t comment = line.text.find("//");
    if (line.kind == '-' || comment == std::string::npos) continue;
    for (std::string_view word :
         absl::StrSplit(std::string_view(line.text).substr(comment + 2), absl::ByAnyChar(" \t"), absl::SkipEmpty()))
      words.push_back(word);
  }
  return absl::StrJoin(words, " ");
}

class ChangeInspection {
 public:
  ChangeInspection(const Project& project, const Lab& lab, const std::string& name, const Change& change)
      : lab_(lab),
        name_(name),
        change_(change),
        folder_(fs::relative(lab.folder, project.root) / "reviews" / name),
        header_(lab.HeaderOf(name)) {}

  std::vector<std::string> Run() {
    InspectWords();
    if (!HasBase()) {
      Gap("change.toml", absl::StrCat("`base` is '", change_.base, "', which is no variant of the lab"));
    } else if (!fs::exists(header_)) {
      Gap(lab_.subject.string(), "is missing; write the class as it would be after the change");
    } else {
      InspectHeader();
    }
    return std::move(gaps_);
  }

 private:
  void Gap(std::string_view file, std::string_view what) {
    gaps_.push_back(absl::StrCat((folder_ / file).string(), ": ", what));
  }

  bool HasBase() const {
    const bool known = std::find(lab_.variants.begin(), lab_.variants.end(), change_.base) != lab_.variants.end();
    return known && change_.base != kMineVariant && change_.base != name_;
  }

  void InspectWords() {
    if (lab_.fixes.contains(name_) || lab_.rejected.contains(name_) || name_ == kLabVariant || name_ == kMineVariant)
      Gap("change.toml", absl::StrCat("another variant is called ", name_, "; give the change another name"));
    if (change_.title.empty() || Columns(change_.title) > kTitleColumns)
      Gap("change.toml", absl::StrCat("`title` must have 1 to ", kTitleColumns, " columns, as a commit's has"));
    if (change_.description.empty() || change_.description.size() > kMostOfDescription)
      Gap("change.toml", absl::StrCat("`description` must have 1 to ", kMostOfDescription,
                                      " bytes; it is shown on one screen with the change"));
    if (change_.why.size() < 40)
      Gap("change.toml", change_.is_faulty ? "`why` must say in a sentence how it fails"
                                           : "`why` must say in a sentence why it holds");
    if (!change_.is_faulty) return;
    if (change_.functions.empty() || change_.lines.empty())
      Gap("change.toml", "`functions` and `lines` must name where a reviewer may point");
    if (change_.misconception.empty()) Gap("change.toml", "`misconception` must say what the author believes");
    if (change_.repair.empty()) Gap("change.toml", "`repair` must name the smallest change that suffices");
  }

  void InspectHeader() {
    const absl::StatusOr<std::vector<DiffLine>> diff = DiffLines(lab_.HeaderOf(change_.base), header_);
    if (!diff.ok()) return Gap(lab_.subject.string(), diff.status().message());
    const std::string guard = IncludeGuard(lab_.HeaderOf(change_.base)), own_guard = IncludeGuard(header_);
    if (guard != own_guard)
      Gap(lab_.subject.string(), absl::StrCat("has the include guard ", own_guard, ", its base has ", guard));
    const int changed = ChangedLines(*diff);
    if (changed < kFewestLines || changed > kMostLines) {
      Gap(lab_.subject.string(), absl::StrCat("changes ", changed, " lines of ", change_.base, "; a change has ",
                                              kFewestLines, " to ", kMostLines, " (added and removed ones)"));
    }
    if (!change_.is_faulty) return;
    if (!absl::StrContains(CommentWords(*diff), change_.promise))
      Gap("change.toml", "`promise` is not in the header's comments; quote the words that are broken");
    for (const std::string& function : change_.functions) {
      const std::string last = function.substr(function.rfind(':') + 1);
      const std::regex named(absl::StrCat("(^|[^A-Za-z0-9_])", last, "\\s*\\("));
      if (!Any(*diff, [&named](const std::string& text) { return std::regex_search(text, named); }))
        Gap("change.toml", absl::StrCat("the header has no function ", function));
    }
    bool near = false;
    for (const std::string& line : change_.lines) {
      const auto is_it = [&](const DiffLine& other) {
        return other.kind != '-' && absl::StripAsciiWhitespace(other.text) == line;
      };
      const auto count = std::count_if(diff->begin(), diff->end(), is_it);
      if (count != 1)
        Gap("change.toml", absl::StrCat("the header has the line '", line, "' ", count, " times, not once"));
      const auto found = std::find_if(diff->begin(), diff->end(), is_it);
      near |= found != diff->end() && IsNearChange(*diff, found - diff->begin());
    }
    if (!near) Gap("change.toml", "none of `lines` is shown in the diff; point to the fault where a reviewer sees it");
  }

  // Whether `is_so` holds for any line of the changed file.
  static bool Any(const std::vector<DiffLine>& diff, const std::function<bool(const std::string&)>& is_so) {
    return std::any_of(diff.begin(), diff.end(),
                       [&is_so](const DiffLine& line) { return line.kind != '-' && is_so(line.text); });
  }

  // A diff shows three lines around each change.
  static bool IsNearChange(const std::vector<DiffLine>& diff, std::ptrdiff_t line) {
    constexpr std::ptrdiff_t kContext = 3;
    for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(0, line - kContext); i <= line + kContext && i < std::ssize(diff);
         ++i) {
      if (diff[static_cast<size_t>(i)].kind != ' ') return true;
    }
    return false;
  }

  const Lab& lab_;
  const std::string& name_;
  const Change& change_;
  const fs::path folder_, header_;
  std::vector<std::string> gaps_;
};

}  // namespace

std::vector<std::string> GapsOfChanges(const Project& project, const Lab& lab) {
  std::vector<std::string> gaps;
  int sound = 0, faulty = 0;
  for (const auto& [name, change] : lab.changes) {
    ++(change.is_faulty ? faulty : sound);
    std::vector<std::string> of_change = ChangeInspection(project, lab, name, change).Run();
    gaps.insert(gaps.end(), of_change.begin(), of_change.end());
  }
  if (sound == 0 || faulty == 0) {
    gaps.push_back(absl::StrCat((fs::relative(lab.folder, project.root) / "reviews").string(), ": has ", faulty,
                                " faulty and ", sound, " sound changes; a lab needs at least one of each"));
  }
  return gaps;
}

}  // namespace racelab
