#include "sanitizers/racelab/lab.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/lab_toml.h"
#include "sanitizers/racelab/suggest.h"
#include "sanitizers/racelab/track.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

// The header that the fixes replace. All variants share the other files in the lab's folder.
fs::path FindSubject(const Lab& lab) {
  fs::path subject;
  for (const fs::path& file : SortedEntries(lab.folder)) {
    if (file.extension() != ".h") continue;
    if (subject.empty()) subject = file.filename();
    for (const fs::path& fix : SortedEntries(lab.solutions)) {
      if (fs::exists(fix / file.filename())) return file.filename();
    }
  }
  return subject;
}

absl::Status ReadChanges(const Project& project, Lab& lab) {
  for (const fs::path& folder : SortedEntries(lab.folder / "reviews")) {
    absl::StatusOr<Change> change = ReadChange(project, folder);
    if (!change.ok()) return change.status();
    const std::string name = folder.filename().string();
    if (!change->equivalent.empty()) lab.equivalent[name] = change->equivalent;
    lab.changes[name] = *std::move(change);
  }
  return absl::OkStatus();
}

void FindVariants(const Project& project, Lab& lab) {
  lab.subject = FindSubject(lab);
  lab.variants = {std::string(kLabVariant)};
  std::set<std::string> others;
  for (const fs::path& fix : SortedEntries(lab.solutions)) {
    if (fs::exists(fix / lab.subject)) others.insert(fix.filename().string());
  }
  for (std::string_view idiom : kIdioms) {
    if (others.erase(std::string(idiom)) > 0) lab.variants.emplace_back(idiom);
  }
  lab.variants.insert(lab.variants.end(), others.begin(), others.end());
  for (const auto& [name, rejected] : lab.rejected) lab.variants.push_back(name);
  for (const auto& [name, change] : lab.changes) lab.variants.push_back(name);
  std::vector<std::string> names = lab.Names();
  if (!lab.alias.empty()) names.push_back(lab.alias);
  const auto exists = [&](const std::string& name) { return fs::exists(project.Workspace() / name / lab.subject); };
  const auto mine = std::find_if(names.begin(), names.end(), exists);
  lab.mine = project.Workspace() / (mine == names.end() ? names.back() : *mine);
  std::error_code ignored;
  if (fs::is_regular_file(lab.mine / lab.subject, ignored)) lab.variants.emplace_back(kMineVariant);
}

}  // namespace

const Expectation* Lab::ExpectationOf(const std::string& variant) const {
  if (variant == kLabVariant) return &expect;
  if (const auto change = changes.find(variant); change != changes.end())
    return change->second.is_faulty ? &change->second.expect : nullptr;
  const auto repair = rejected.find(variant);
  return repair == rejected.end() ? nullptr : &repair->second.expect;
}

fs::path Lab::HeaderOf(const std::string& variant) const {
  if (variant == kLabVariant) return folder / subject;
  if (variant == kMineVariant) return mine / subject;
  if (changes.contains(variant)) return folder / "reviews" / variant / subject;
  return (rejected.contains(variant) ? tests / "rejected" / variant : solutions / variant) / subject;
}

bool Lab::HasOwn() const { return std::find(variants.begin(), variants.end(), kMineVariant) != variants.end(); }

std::vector<std::string> Lab::ShownVariants() const {
  std::vector<std::string> shown;
  for (const std::string& variant : variants) {
    if (changes.contains(variant)) continue;
    if (ShowsFixes() || variant == kLabVariant || variant == kMineVariant) shown.push_back(variant);
  }
  return shown;
}

std::vector<std::string> Lab::Names() const {
  std::vector<std::string> names = {name};
  names.insert(names.end(), formerly.begin(), formerly.end());
  return names;
}

absl::StatusOr<Lab> LoadLab(const Project& project, std::string_view track, std::string_view name) {
  Lab lab;
  lab.track = track;
  lab.name = name;
  lab.called = name;
  lab.folder = project.Labs() / track / name;
  lab.solutions = project.Solutions() / track / name;
  lab.tests = project.Tests() / track / name;
  lab.edits = project.Workspace() / ".edits" / name;

  absl::Status status = ReadLabToml(project, lab);
  if (status.ok()) status = ReadChanges(project, lab);
  if (!status.ok()) return status;
  FindVariants(project, lab);
  return lab;
}

absl::StatusOr<std::vector<Lab>> LoadLabs(const Project& project) {
  const absl::StatusOr<std::vector<Track>> tracks = LoadTracks(project);
  if (!tracks.ok()) return tracks.status();
  const Record record = LoadRecord(project).value_or(Record());  // A damaged record is reported when it is replaced.
  std::vector<Lab> labs;
  for (const Track& track : *tracks) {
    const size_t first = labs.size();
    for (const std::string& name : LabsOf(project, track.name)) {
      absl::StatusOr<Lab> lab = LoadLab(project, track.name, name);
      if (!lab.ok()) return lab.status();
      lab->record = RecordOf(record, lab->Names());
      lab->solved = !lab->record.solved.empty();
      labs.push_back(*std::move(lab));
    }
    std::sort(labs.begin() + static_cast<std::ptrdiff_t>(first), labs.end(),
              [](const Lab& a, const Lab& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); });
  }
  return labs;
}

void Note(const Project& project, const Lab& lab, const std::function<void(LabRecord&)>& change) {
  const absl::Status noted = UpdateRecord(project, lab.Names(), change);
  static bool told = false;
  if (!noted.ok() && !std::exchange(told, true))
    std::fprintf(stderr, "racelab: your progress is not noted: %s\n", std::string(noted.message()).c_str());
}

void NoteStarted(const Project& project, const Lab& lab) {
  Note(project, lab, [](LabRecord& record) {
    if (record.started.empty()) record.started = Now();
  });
}

void NoteSolved(const Project& project, const Lab& lab) {
  Note(project, lab, [](LabRecord& record) {
    if (record.solved.empty()) record.solved = Now();
  });
}

absl::StatusOr<Lab> FindLab(const std::vector<Lab>& labs, std::string_view name) {
  const auto is_called = [name](const Lab& lab) { return lab.name == name || lab.alias == name; };
  const auto was_called = [name](const Lab& lab) {
    return std::find(lab.formerly.begin(), lab.formerly.end(), name) != lab.formerly.end();
  };
  const auto renamed = std::find_if(labs.begin(), labs.end(), was_called);
  if (renamed != labs.end() && std::none_of(labs.begin(), labs.end(), is_called)) {
    Lab found = *renamed;
    found.called = found.ShownName();
    return found;
  }
  std::vector<std::string> names;
  for (const Lab& lab : labs) {
    names.push_back(lab.name);
    if (!lab.alias.empty()) names.push_back(lab.alias);
  }
  absl::StatusOr<std::string> complete = Complete("lab", name, names, "`racelab list` names them");
  if (!complete.ok()) return complete.status();
  Lab found = *std::find_if(labs.begin(), labs.end(),
                            [&](const Lab& lab) { return lab.name == *complete || lab.alias == *complete; });
  found.called = *std::move(complete);
  return found;
}

absl::StatusOr<std::string> FindVariant(const Lab& lab, std::string_view name) {
  if (absl::StartsWith(name, kEditPrefix) && fs::exists(lab.edits / name)) return std::string(name);
  absl::StatusOr<std::string> variant = Complete("variant", name, lab.variants);
  if (!variant.ok()) variant = Complete(absl::StrCat("variant of ", lab.called), name, lab.ShownVariants());
  if (!variant.ok() && !lab.ShowsFixes()) {
    variant =
        absl::NotFoundError(absl::StrCat(variant.status().message(), "\nIts fixes are named here once it is solved."));
  }
  std::error_code ignored;
  if (!variant.ok() && name == kMineVariant && fs::exists(lab.mine / lab.subject, ignored)) {
    return absl::NotFoundError(absl::StrCat((lab.mine / lab.subject).string(),
                                            " is no file; move it away, and `racelab start ", lab.called,
                                            "` makes one"));
  }
  if (!variant.ok() && name == kMineVariant) {
    return absl::NotFoundError(absl::StrCat("no variant of your own yet; `racelab start ", lab.called, "` makes one"));
  }
  return variant;
}

}  // namespace racelab
