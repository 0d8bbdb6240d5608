#ifndef RACELAB_SANITIZERS_PARTICIPANT_OWN_COPY_H_
#define RACELAB_SANITIZERS_PARTICIPANT_OWN_COPY_H_

#include <filesystem>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/require.h"

namespace racelab {

// The lab and the variant that a participant's command is about.
struct Choice {
  std::string lab;      // empty: the lab that was worked on last
  std::string variant;  // "mine", unless the command names another variant
};

// Adds the arguments [LAB [VARIANT]] to a command.
void AddChoice(CLI::App* command, Choice& choice, bool with_variant = true);

// The chosen lab; ends the command if there is none.
Lab ChosenLab(const Everything& all, const Choice& choice);

// The chosen variant; ends the command if it does not exist, or if "mine" was chosen and there is no copy.
std::string ChosenVariant(const Lab& lab, const Choice& choice);

// Like ChosenVariant(), but defaults to the lab itself if there is no copy of the participant's own.
std::string ChosenVariantOrLab(const Lab& lab, const Choice& choice);

// The path of the participant's own class, whether or not it exists.
std::filesystem::path OwnCopy(const Project& project, const Lab& lab);

// Makes the participant's own copy of the lab's class, unless there is one. Returns whether it was made. The error
// names the file that could not be written.
absl::StatusOr<bool> MakeOwnCopy(const Project& project, const Lab& lab);

// The user's editor, $VISUAL or $EDITOR, perhaps with arguments, as in "code --wait"; empty if neither is set.
std::string UsersEditor();

// A path as participants see it: relative to the project.
std::string Shown(const Project& project, const std::filesystem::path& path);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PARTICIPANT_OWN_COPY_H_
