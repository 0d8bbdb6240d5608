#ifndef RACELAB_SANITIZERS_RACELAB_TRACK_H_
#define RACELAB_SANITIZERS_RACELAB_TRACK_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// A sequence of labs, as described by the track.toml in its folder.
struct Track {
  std::string name;      // of the folder: labs/<track>
  std::string title;     // "Data races"
  int order = 0;         // its place among the tracks, from 1
  std::string sentence;  // what its labs have in common
};

// All tracks that have a lab, in teaching order. InvalidArgument, or NotFound if there is no track.toml, gives the
// file, the line and the error.
absl::StatusOr<std::vector<Track>> LoadTracks(const Project& project);

// The names of a track's folders that contain a lab.toml, sorted.
std::vector<std::string> LabsOf(const Project& project, std::string_view track);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_TRACK_H_
