#ifndef RACELAB_SANITIZERS_VERDICT_KNOWN_DEFECTS_H_
#define RACELAB_SANITIZERS_VERDICT_KNOWN_DEFECTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/report/report.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// A defect of a library, for which the programs that use it are not to blame.
struct KnownDefect {
  std::string_view id;
  std::string_view what;      // what the library does wrong
  std::string_view versions;  // the versions of the library that have it
  std::string_view mended;    // the version in which it is fixed; empty if unknown
  std::string_view upstream;  // the issue in the library's tracker; empty if unknown
  bool is_formal;             // wrong only by the rules of C++: no program is known to fail because of it
};

const std::vector<KnownDefect>& KnownDefects();

// The defect that the failure shows; null if it shows none. The failure's places must have been replaced by frames.
const KnownDefect* FindKnownDefect(const InterleavingFailure& failure);

// Whether ThreadSanitizer's report shows a formal defect.
bool IsFormalDefect(const Report& report);

// "a known defect of libstdc++ 12, GCC bug 104928, not of this program: ..."; the version is that of the headers in the
// failure's frames.
std::string Describe(const KnownDefect& defect, const InterleavingFailure& failure);

// Records for each failure which known defect it shows, and whether that makes it a note; `frames` has the frames of
// its places. Returns the races that are notes in the form of the runtime's option `known_race`: without these races,
// the search would have continued.
std::vector<std::string> NoteKnownDefects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_KNOWN_DEFECTS_H_
