#ifndef RACELAB_SANITIZERS_RACELAB_CHANGE_H_
#define RACELAB_SANITIZERS_RACELAB_CHANGE_H_

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/expectation.h"
#include "sanitizers/racelab/project.h"

namespace racelab {

// The classes of faults by which a reviewer names what is wrong.
struct FaultClass {
  std::string_view name;
  std::string_view what;  // in half a sentence
};
inline constexpr FaultClass kFaultClasses[] = {
    {"data race", "two accesses to the same data, one of them a write, and nothing orders them"},
    {"atomicity violation", "steps that must be one are several; another thread comes between them"},
    {"order violation", "something happens before what it needs: used before it is ready, or after the end"},
    {"deadlock", "threads wait for each other, or one for itself"},
    {"lost wake-up", "a thread sleeps on, although what it waits for has happened"},
    {"lifetime", "an object is used by one thread after another has destroyed it"},
    {"lost concurrency", "what is to overlap happens one after the other"},
    {"failure path", "right as long as nothing fails: an exception, a refused thread, an early return"},
};

// A change to one of a lab's variants, for training in code review. labs/<track>/<lab>/reviews/<name>/ holds the class
// as it would be after the change, which is a variant of the lab, and change.toml.
struct Change {
  // In the author's words: in good faith, at times mistaken.
  std::string title;
  std::string description;
  std::string base;  // the variant that it changes

  bool is_faulty = false;
  std::string why;     // of a sound change: why it holds; of a faulty one: how it fails. A few sentences
  std::string repair;  // of a faulty one: the smallest change that suffices, in a sentence

  // The following members are for faulty changes only.
  std::string fault_class;             // one of kFaultClasses
  std::string promise;                 // the words of the class's contract that the change breaks
  std::string misconception;           // what its author believes
  std::vector<std::string> functions;  // where a reviewer may point: functions of the class, and ...
  std::vector<std::string> lines;      // ... lines of the header, each by its text, without blanks around it
  Expectation expect;                  // what each detector must find

  // For a sound change: mutants (Mutant::Name()) that survive because no test can distinguish them, and why.
  std::map<std::string, std::string> equivalent;
};

// Reads change.toml in this folder. InvalidArgument gives the file, the line and the error.
absl::StatusOr<Change> ReadChange(const Project& project, const std::filesystem::path& folder);

// The fault class that `name` denotes: by its full name, its number in the list (from 1), or an unambiguous prefix;
// empty if there is none.
std::string_view FaultClassOf(std::string_view name);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_CHANGE_H_
