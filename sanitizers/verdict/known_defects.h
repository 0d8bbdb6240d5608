#ifndef RACELAB_SANITIZERS_VERDICT_KNOWN_DEFECTS_H_
#define RACELAB_SANITIZERS_VERDICT_KNOWN_DEFECTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// A fault of a library that programs have through no fault of their own.
struct KnownDefect {
  std::string_view id;
  std::string_view what;      // it does wrong
  std::string_view versions;  // of the library that have it
  std::string_view mended;    // where it is; empty if that is not known here
  std::string_view upstream;  // the issue; empty if that is not known here
  bool is_formal;             // by the rules of C++ only: no program has been seen to go wrong by it
};

const std::vector<KnownDefect>& KnownDefects();

// The defect that the failure is; null if it is none. The failure's places have been replaced by frames.
const KnownDefect* FindKnownDefect(const InterleavingFailure& failure);

// "a known defect of libstdc++ 12, GCC bug 104928, not of this program: ..."; the version is that of the headers in the
// failure's frames.
std::string Describe(const KnownDefect& defect, const InterleavingFailure& failure);

// Says of each failure which known defect it is, and whether that makes it a note; its places are looked up in
// `frames`. Returns the races that are notes, each as the option `known_race` of the runtime names it: without these
// the search would have gone on.
std::vector<std::string> NoteKnownDefects(std::vector<Exploration>& explorations, const FramesOfPlaces& frames);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_VERDICT_KNOWN_DEFECTS_H_
