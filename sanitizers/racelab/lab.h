#ifndef RACELAB_SANITIZERS_RACELAB_LAB_H_
#define RACELAB_SANITIZERS_RACELAB_LAB_H_

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/change.h"
#include "sanitizers/racelab/expectation.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/record.h"

namespace racelab {

// The variants of a lab that are not our fixes: the original with the bug, and the participant's own header.
inline constexpr std::string_view kLabVariant = "lab";
inline constexpr std::string_view kMineVariant = "mine";
// Prefix of a number: the lab with an edit from one of its tasks, while `racelab audit` runs.
inline constexpr std::string_view kEditPrefix = "edit";

// The idioms, in the order in which they are shown. Every lab has a fix in each idiom, or says why not.
inline constexpr std::string_view kIdioms[] = {"mutex", "atomic", "message"};

// A repair that only looks right: its header is in tests/<track>/<lab>/rejected/<name>, and the detectors must reject
// it.
struct Rejected {
  std::string what;  // half a sentence: what it does, and why this is not enough
  Expectation expect;
};

// A lab, as described by its folders and its lab.toml.
struct Lab {
  std::string track;
  std::string name;    // the bug's name
  std::string alias;   // a symptom: what the lab is called in its story and in lists until it is solved
  std::string called;  // the one of the two that the user typed, otherwise `name`

  std::vector<std::string> formerly;  // the lab's earlier names: a participant's record may have them
  std::string title;
  int order = 0;                               // its place in the track, from 1
  int level = 0;                               // from 1 (first steps) to 5 (expert)
  int minutes = 0;                             // the time that a participant needs
  std::vector<std::string> ids;                // of the bug, in public catalogues
  std::vector<std::string> hints;              // from a question to almost the answer
  std::vector<std::string> varies;             // regular expressions for output of the program that varies between runs
  Expectation expect;                          // what must be found in the lab itself
  std::map<std::string, std::string> fixes;    // name of the fix -> half a sentence
  std::map<std::string, std::string> omitted;  // idiom -> why there is no fix in it
  bool waits = false;                          // a repair that polls does not count
  std::map<std::string, Rejected> rejected;    // repairs that only look right, by name
  std::map<std::string, Change> changes;       // for training in code review, by name
  // For each fix and each sound change: mutants (Mutant::Name()) that survive because no test can distinguish them, and
  // why.
  std::map<std::string, std::map<std::string, std::string>> equivalent;

  std::filesystem::path folder;     // labs/<track>/<lab>
  std::filesystem::path solutions;  // solutions/<track>/<lab>
  std::filesystem::path tests;      // tests/<track>/<lab>
  std::filesystem::path mine;       // the participant's own copy: workspace/<lab>, under either of its names
  std::string own{kMineVariant};    // the name of the variant in `mine`
  std::filesystem::path edits;      // the edits that the tasks name, made by `racelab audit`
  LabRecord record;                 // what the participant has done with it
  bool solved = false;              // the participant's own variant has been clean under both detectors
  std::filesystem::path subject;    // the file name of the header that the variants replace
  std::vector<std::string>
      variants;  // the existing ones: "lab", the idioms, other fixes, rejected repairs, changes, "mine"

  // What must be found in a variant; null for a fix and a sound change, in which nothing may be found.
  const Expectation* ExpectationOf(const std::string& variant) const;

  // The variant's header.
  std::filesystem::path HeaderOf(const std::string& variant) const;

  // Whether there is a variant of the participant's own.
  bool HasOwn() const;

  // Whether the participant may see what our fixes are called: the lab is solved, or its solutions were asked for.
  bool ShowsFixes() const { return solved || record.gave_up; }

  // The variants for lists: without changes, which are for `racelab review`; unless ShowsFixes(), only the lab and the
  // participant's own, because the name of a fix, or that there is none by an idiom, would give something away.
  std::vector<std::string> ShownVariants() const;

  // Its current name, then its former names.
  std::vector<std::string> Names() const;

  // The lab's name in lists: one that does not give the bug away until the lab is solved.
  const std::string& ShownName() const { return solved || alias.empty() ? name : alias; }
};

// Reads labs/<track>/<lab>/lab.toml, and finds out which variants exist. InvalidArgument gives the file, the line and
// the error.
absl::StatusOr<Lab> LoadLab(const Project& project, std::string_view track, std::string_view name);

// All labs, track by track in teaching order.
absl::StatusOr<std::vector<Lab>> LoadLabs(const Project& project);

// The lab that has the name `name`, or had it formerly, or otherwise the only lab with a name that begins with it.
// NotFound suggests similar names, but no bug's beside its symptom's.
absl::StatusOr<Lab> FindLab(const std::vector<Lab>& labs, std::string_view name);

// Changes the lab's record, and makes it the current lab. If the record cannot be written, prints a warning once on
// standard error; nothing else depends on it.
void Note(const Project& project, const Lab& lab, const std::function<void(LabRecord&)>& change);
// Notes that the participant works on the lab.
void NoteStarted(const Project& project, const Lab& lab);
// Notes that the participant has solved the lab.
void NoteSolved(const Project& project, const Lab& lab);

// Like FindLab(), for the names of a lab's variants; suggests only those of Lab::ShownVariants().
absl::StatusOr<std::string> FindVariant(const Lab& lab, std::string_view name);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_LAB_H_
