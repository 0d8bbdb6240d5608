#ifndef RACELAB_SANITIZERS_RACELAB_TRACK_H_
#define RACELAB_SANITIZERS_RACELAB_TRACK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// A row of labs, as the track.toml in its folder describes it.
struct Track {
  std::string name;      // Of the folder: labs/<track>.
  std::string title;     // "Data races"
  int order = 0;         // Place among the tracks, from 1.
  std::string sentence;  // What its labs have in common.
};

// All tracks that have a lab, in teaching order. InvalidArgument, or NotFound where there is no track.toml, names file,
// line and what is wrong.
absl::StatusOr<std::vector<Track>> LoadTracks(const Project& project);

// The names of the folders of a track that have a lab.toml, sorted.
std::vector<std::string> LabsOf(const Project& project, std::string_view track);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_TRACK_H_
