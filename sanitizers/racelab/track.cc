#include "sanitizers/racelab/track.h"

#include <algorithm>
#include <filesystem>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/toml_reader.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<Track> LoadTrack(const Project& project, const std::string& name) {
  Track track;
  track.name = name;
  const fs::path file = project.Labs() / name / "track.toml";
  if (!fs::exists(file)) {
    return absl::NotFoundError(
        absl::StrCat(fs::relative(file, project.root).string(),
                     ": is missing; say there the track's `title`, its `order` among the tracks, and in one `sentence` "
                     "what its labs have in common"));
  }
  absl::Status status = ReadToml(project, file, [&](const toml::table& table, TomlReader& reader) {
    reader.AllowOnly(table, {"title", "order", "sentence"});
    track.title = reader.Get<std::string>(table, "title");
    track.order = reader.Get<int>(table, "order");
    track.sentence = reader.Get<std::string>(table, "sentence");
  });
  if (!status.ok()) return status;
  return track;
}

}  // namespace

absl::StatusOr<std::vector<Track>> LoadTracks(const Project& project) {
  std::vector<Track> tracks;
  for (const fs::path& folder : SortedEntries(project.Labs())) {
    const std::string name = folder.filename().string();
    if (LabsOf(project, name).empty()) continue;
    absl::StatusOr<Track> track = LoadTrack(project, name);
    if (!track.ok()) return track.status();
    tracks.push_back(*std::move(track));
  }
  std::sort(tracks.begin(), tracks.end(),
            [](const Track& a, const Track& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); });
  return tracks;
}

std::vector<std::string> LabsOf(const Project& project, std::string_view track) {
  std::vector<std::string> labs;
  for (const fs::path& folder : SortedEntries(project.Labs() / track)) {
    if (fs::exists(folder / "lab.toml")) labs.push_back(folder.filename().string());
  }
  return labs;
}

}  // namespace racelab
