#ifndef RACELAB_SANITIZERS_RACELAB_LAB_H_
#define RACELAB_SANITIZERS_RACELAB_LAB_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/verdict/judge.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {

// The variants of a lab that are no fix of ours: the buggy original, and the participant's own header.
inline constexpr std::string_view kLabVariant = "lab";
inline constexpr std::string_view kMineVariant = "mine";

// The idioms that every lab has a fix in, or says why not; in the order in which they are shown.
inline constexpr std::string_view kIdioms[] = {"mutex", "atomic", "message"};

// What each detector must find of a variant that is wrong.
struct Expectation {
  Evidence tsan;
  ExpectedFailure interleave;
};

// A repair that looks right and is not: it has a header in tests/<track>/<lab>/rejected/<name>, and must be found out.
struct Rejected {
  std::string what;  // Half a sentence: what it does, and why that is not it.
  Expectation expect;
};

// A lab, as its folders and its lab.toml describe it.
struct Lab {
  std::string track;
  std::string name;

  std::string title;
  int order = 0;                             // Place in its track, from 1.
  int level = 0;                             // 1 first steps ... 5 expert.
  int minutes = 0;                           // What a participant needs.
  std::vector<std::string> ids;              // Identifiers of the bug in public catalogues.
  std::vector<std::string> hints;            // From a question to almost the answer.
  std::vector<std::string> varies;           // Regular expressions: what of the program's output differs between runs.
  Expectation expect;                        // What must be found of the lab itself.
  std::map<std::string, std::string> fixes;  // Name of the fix -> half a sentence.
  std::map<std::string, std::string> omitted;  // Idiom -> why no fix is written in it.
  std::map<std::string, Rejected> rejected;    // Repairs that look right and are not, by name.

  std::filesystem::path folder;       // labs/<track>/<lab>
  std::filesystem::path solutions;    // solutions/<track>/<lab>
  std::filesystem::path tests;        // tests/<track>/<lab>
  std::filesystem::path subject;      // The file name of the header that the variants replace.
  std::vector<std::string> variants;  // Those that exist as a header: "lab", the idioms, other fixes, the rejected
                                      // repairs, "mine".

  // What must be found of a variant; null of a fix, of which nothing may be.
  const Expectation* ExpectationOf(const std::string& variant) const;
};

// Reads labs/<track>/<lab>/lab.toml, and looks which variants exist. InvalidArgument names file, line and what is
// wrong.
absl::StatusOr<Lab> LoadLab(const Project& project, std::string_view track, std::string_view name);

// All labs, track by track in teaching order.
absl::StatusOr<std::vector<Lab>> LoadLabs(const Project& project);

// The lab whose name is `name` or, if that is unambiguous, begins with it. NotFound suggests what may have been meant.
absl::StatusOr<Lab> FindLab(const std::vector<Lab>& labs, std::string_view name);

// As FindLab(), among the names of a lab's variants.
absl::StatusOr<std::string> FindVariant(const Lab& lab, std::string_view name);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_LAB_H_
