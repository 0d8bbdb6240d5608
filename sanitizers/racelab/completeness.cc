#include "sanitizers/racelab/completeness.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <regex>
#include <set>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sanitizers/racelab/change_gaps.h"
#include "sanitizers/racelab/identifiers.h"
#include "sanitizers/racelab/tasks.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

// Collects the gaps of one lab.
class Inspection {
 public:
  Inspection(const Project& project, const Lab& lab) : project_(project), lab_(lab) {}

  std::vector<std::string> Run() {
    InspectLabToml();
    InspectFiles();
    InspectFixes();
    InspectRejected();
    InspectEquivalent();
    InspectNames();
    InspectReadme();
    return std::move(gaps_);
  }

 private:
  void Gap(const fs::path& file, std::string_view what) {
    gaps_.push_back(absl::StrCat(fs::relative(file, project_.root).string(), ": ", what));
  }

  void InspectLabToml() {
    const fs::path toml = lab_.folder / "lab.toml";
    if (lab_.title.empty()) Gap(toml, "`title` is empty; give the lab the name that a participant sees");
    if (lab_.alias.empty())
      Gap(toml, "`alias` is missing; name a symptom, as its users would: the lab is called so until it is solved");
    if (lab_.level < 1 || lab_.level > 5) Gap(toml, "`level` must be from 1 (first steps) to 5 (expert)");
    if (lab_.minutes < 1) Gap(toml, "`minutes` must say how long a participant needs");
    if (lab_.order < 1) Gap(toml, "`order` must say which lab of its track it is, from 1");
    if (lab_.ids.empty())
      Gap(toml, "`ids` is empty; name the bug in at least one public catalogue (CWE, CERT, Core Guidelines)");
    if (lab_.hints.size() != 3) Gap(toml, "`hints` must be three: a question, a pointer, almost the answer");
    for (const std::string& hint : lab_.hints) {
      if (absl::StripAsciiWhitespace(hint).empty()) Gap(toml, "a hint is empty; write it");
    }
    for (const ExpectedReport& report : lab_.expect.tsan.must) {
      if (report.in.empty()) Gap(toml, "`in` of [expect.tsan] is empty; name the class or function of each access");
    }
  }

  void InspectFiles() {
    if (lab_.subject.empty()) Gap(lab_.folder, "has no header; write the class with the bug");
    const auto must_exist = [&](const fs::path& file, std::string_view purpose) {
      if (!fs::exists(file)) Gap(file, absl::StrCat("is missing; write ", purpose));
    };
    must_exist(lab_.folder / "main.cc", "the small program that shows the bug");
    must_exist(lab_.folder / "README.md", "the story and the task");
    must_exist(lab_.folder / "why.md", "what the bug is called, how to see it in a review, where it has happened");
    constexpr auto kMostLinesOfWhy = 25;
    const std::string why = ReadFile(lab_.folder / "why.md").value_or("");
    if (std::count(why.begin(), why.end(), '\n') > kMostLinesOfWhy)
      Gap(lab_.folder / "why.md", absl::StrCat("has more than ", kMostLinesOfWhy, " lines; it is shown on one screen"));
    for (const std::string& id : lab_.ids) {
      if (NameOf(project_, id) == id) Gap(project_.Labs() / "identifiers.toml", absl::StrCat("has no title for ", id));
    }
    must_exist(lab_.solutions / "README.md", "why each fix suffices, what it costs, and when to choose which");
    const std::string stem = lab_.subject.stem().string();
    must_exist(lab_.tests / (stem + "_test.cc"), "the test that exposes the lab and that every fix passes");
    must_exist(lab_.tests / (stem + "_bench.cc"), "the benchmark that measures what the fixes cost");
  }

  void InspectFixes() {
    const fs::path toml = lab_.folder / "lab.toml";
    for (std::string_view idiom : kIdioms) {
      const std::string name(idiom);
      const bool fixed = lab_.fixes.contains(name), omitted = lab_.omitted.contains(name);
      if (!fixed && !omitted) {
        Gap(toml, absl::StrCat("no fix by ", name, "; write one, or say under [omitted] why the idiom does not fit"));
      } else if (fixed && omitted) {
        Gap(toml, absl::StrCat(name, " is under both [fixes] and [omitted]; remove one"));
      }
    }
    if (lab_.fixes.empty()) Gap(toml, "[fixes] is empty; a lab needs at least one");
    for (const auto& [idiom, reason] : lab_.omitted) {
      if (reason.size() < 20) Gap(toml, absl::StrCat("[omitted] ", idiom, " must give the reason in a sentence"));
    }
    const std::string guard = IncludeGuard(lab_.folder / lab_.subject);
    for (const auto& [fix, summary] : lab_.fixes) {
      const fs::path header = lab_.solutions / fix / lab_.subject;
      if (summary.empty()) Gap(toml, absl::StrCat("[fixes] ", fix, " must say in half a sentence what the fix does"));
      if (!fs::exists(header)) {
        Gap(header, absl::StrCat("is missing, but lab.toml lists the fix ", fix));
      } else if (IncludeGuard(header) != guard) {
        Gap(header, absl::StrCat("has a different include guard from the lab's (", guard,
                                 "); each must be able to replace the other"));
      }
    }
    for (const std::string& variant : lab_.variants) {
      const bool is_fix = lab_.ExpectationOf(variant) == nullptr && variant != kMineVariant;
      if (is_fix && !lab_.fixes.contains(variant) && !lab_.changes.contains(variant)) {
        Gap(lab_.solutions / variant, "is not listed under [fixes] in lab.toml; say there what it does");
      }
    }
  }

  // "skip-lock Record: absl::MutexLock lock(&mutex_);" gives the mutant's line. `racelab mutate` checks whether the
  // mutant survives.
  void InspectEquivalent() {
    for (const auto& [variant, reasons] : lab_.equivalent) {
      const bool is_change = lab_.changes.contains(variant);
      const fs::path toml = is_change ? lab_.HeaderOf(variant).parent_path() / "change.toml" : lab_.folder / "lab.toml";
      const std::string table = is_change ? "[equivalent]" : absl::StrCat("[equivalent.", variant, "]");
      const absl::StatusOr<std::string> text = ReadFile(lab_.HeaderOf(variant));
      if (!text.ok()) {
        if (!is_change) Gap(toml, absl::StrCat(table, " is about a fix that does not exist; remove it"));
        continue;
      }
      for (const auto& [name, reason] : reasons) {
        const size_t colon = name.find(": ");
        if (colon == std::string::npos || !absl::StrContains(*text, name.substr(colon + 2)))
          Gap(toml, absl::StrCat(table, " \"", name, "\" is about a line that the ", is_change ? "header" : "fix",
                                 " does not have; remove it"));
        if (reason.size() < 20)
          Gap(toml, absl::StrCat(table, " \"", name, "\" must say in a sentence why nobody could tell"));
      }
    }
  }

  void InspectRejected() {
    const fs::path folder = lab_.tests / "rejected";
    for (const auto& [name, rejected] : lab_.rejected) {
      const fs::path header = folder / name / lab_.subject;
      if (!fs::exists(header)) Gap(header, absl::StrCat("is missing, but lab.toml lists [rejected.", name, "]"));
    }
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
      if (!lab_.rejected.contains(entry.path().filename().string()))
        Gap(entry.path(),
            "is not listed under [rejected] in lab.toml; say there what it does, and what each detector reports");
    }
  }

  // Variants are identified and built by name.
  void InspectNames() {
    const fs::path toml = lab_.folder / "lab.toml";
    for (const auto& [name, rejected] : lab_.rejected) {
      if (lab_.fixes.contains(name) || fs::exists(lab_.solutions / name / lab_.subject))
        Gap(toml, absl::StrCat("both a fix and a rejected repair are called ", name, "; give one another name"));
    }
    for (std::string_view reserved : {kLabVariant, kMineVariant}) {
      const std::string name(reserved);
      if (lab_.fixes.contains(name) || lab_.rejected.contains(name))
        Gap(toml, absl::StrCat("`", name, "` cannot be the name of a fix or a rejected repair; it stands for the ",
                               name == kLabVariant ? "lab itself" : "participant's own"));
    }
  }

  void InspectReadme() {
    const fs::path readme = lab_.folder / "README.md";
    const Opening opening = ReadOpening(ReadFile(readme).value_or(""));
    if (opening.title != lab_.title)
      Gap(readme, absl::StrCat("must open with `# ", lab_.title, "`, the title in lab.toml"));
    if (opening.command != absl::StrCat("racelab run ", lab_.alias)) {
      Gap(readme, absl::StrCat("must open, below its title, with a ```console block: `$ racelab run ", lab_.alias,
                               "` and what that prints"));
    }
    InspectEdits(readme);
  }

  // Checks that each edit from a task can be made.
  void InspectEdits(const fs::path& readme) {
    for (const TaskEdit& edit : EditsIn(ReadFile(readme).value_or(""))) {
      const absl::StatusOr<std::string> text = ReadFile(lab_.folder / edit.file);
      if (edit.file.empty() || !text.ok()) {
        Gap(readme, absl::StrCat("edits '", edit.file, "'; begin the ```diff block with `--- ` and a file of the lab"));
      } else if (const absl::StatusOr<std::string> edited = Apply(edit, *text); !edited.ok()) {
        Gap(readme, absl::StrCat("edits ", edit.file, ", but ", edited.status().message()));
      }
    }
  }

  const Project& project_;
  const Lab& lab_;
  std::vector<std::string> gaps_;
};

// `text` with every match of `varies` replaced by the same mark, and every run of spaces by a single one.
std::string Blank(const std::vector<std::string>& varies, std::string text) {
  for (const std::string& pattern : varies) text = std::regex_replace(text, std::regex(pattern), "<varies>");
  return std::regex_replace(text, std::regex(" +"), " ");
}

}  // namespace

std::string IncludeGuard(const fs::path& header) {
  const std::string text = ReadFile(header).value_or("");
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::ConsumePrefix(&line, "#ifndef ")) return std::string(absl::StripAsciiWhitespace(line));
  }
  return "";
}

std::vector<std::string> Gaps(const Project& project, const Lab& lab) {
  std::vector<std::string> gaps = Inspection(project, lab).Run();
  for (std::string& gap : GapsOfChanges(project, lab)) gaps.push_back(std::move(gap));
  return gaps;
}

std::vector<std::string> GapsBetween(const Project& project, const std::vector<Lab>& labs,
                                     const std::vector<Track>& tracks) {
  std::vector<std::string> gaps;
  const auto gap = [&](const fs::path& file, std::string_view what) {
    gaps.push_back(absl::StrCat(fs::relative(file, project.root).string(), ": ", what));
  };
  for (size_t i = 0; i < labs.size(); ++i) {
    const auto namesake = std::find_if(labs.begin(), labs.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&](const Lab& other) { return other.name == labs[i].name; });
    if (namesake != labs.begin() + static_cast<std::ptrdiff_t>(i)) {
      gap(labs[i].folder, absl::StrCat("has the name of labs/", namesake->track, "/", namesake->name,
                                       "; a lab is known by its name alone, so give one another"));
    }
  }
  for (const Lab& lab : labs) {
    const auto clash = std::find_if(labs.begin(), labs.end(), [&](const Lab& other) {
      return other.name != lab.name && (other.name == lab.alias || (&other < &lab && other.alias == lab.alias));
    });
    if (clash != labs.end() && !lab.alias.empty()) {
      gap(lab.folder / "lab.toml", absl::StrCat("the alias ", lab.alias, " is a name of labs/", clash->track, "/",
                                                clash->name, ", too; each name must mean one lab"));
    }
  }
  for (size_t i = 0; i < tracks.size(); ++i) {
    const Track& track = tracks[i];
    const fs::path toml = project.Labs() / track.name / "track.toml";
    if (track.title.empty()) gap(toml, "`title` is empty; give the track the name that a participant sees");
    if (track.sentence.empty()) gap(toml, "`sentence` is empty; say what the track's labs have in common");
    if (track.order < 1) gap(toml, "`order` must say which of the tracks it is, from 1");
    if (i > 0 && track.order == tracks[i - 1].order)
      gap(toml, absl::StrCat("`order` is ", track.order, ", as in labs/", tracks[i - 1].name,
                             "/track.toml; which is first?"));
  }
  return gaps;
}

std::vector<std::string> Strays(const Project& project, const std::vector<Lab>& labs) {
  std::vector<std::string> strays;
  for (const fs::path& side : {project.Solutions(), project.Tests()}) {
    for (const Lab& lab : labs) {  // only tracks: solutions/support and tests/sanitizers contain no labs
      std::error_code ignored;
      for (const fs::directory_entry& entry : fs::directory_iterator(side / lab.track, ignored)) {
        const bool known = std::any_of(labs.begin(), labs.end(), [&](const Lab& other) {
          return other.track == lab.track && other.name == entry.path().filename();
        });
        if (!known) {
          strays.push_back(absl::StrCat(fs::relative(entry.path(), project.root).string(),
                                        ": belongs to no lab; is labs/", lab.track, "/",
                                        entry.path().filename().string(), "/lab.toml missing?"));
        }
      }
    }
  }
  std::sort(strays.begin(), strays.end());
  strays.erase(std::unique(strays.begin(), strays.end()), strays.end());
  return strays;
}

Opening ReadOpening(std::string_view readme) {
  Opening opening;
  bool inside = false;
  for (std::string_view line : absl::StrSplit(readme, '\n')) {
    if (inside) {
      if (line == "```") break;
      if (opening.command.empty()) {
        if (!absl::ConsumePrefix(&line, "$ ")) break;
        opening.command = line;
      } else {
        absl::StrAppend(&opening.output, line, "\n");
      }
    } else if (opening.title.empty() && absl::ConsumePrefix(&line, "# ")) {
      opening.title = line;
    } else if (line == "```console") {
      inside = true;
    } else if (!line.empty()) {
      break;
    }
  }
  return opening;
}

bool EqualButFor(const std::vector<std::string>& varies, const std::string& shown, const std::string& printed) {
  return Blank(varies, shown) == Blank(varies, printed);
}

}  // namespace racelab
