#ifndef RACELAB_SANITIZERS_RACELAB_MUTATION_SCREEN_H_
#define RACELAB_SANITIZERS_RACELAB_MUTATION_SCREEN_H_

#include <map>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/mutation_run.h"

namespace racelab {

// The results for the mutants of a variant, or of a user's program.
struct MutatedVariant {
  std::string lab, variant;  // for a program: no lab, and its path
  std::string failure;       // why it was not mutated; empty if it was
  std::vector<MutantResult> results;
  std::map<std::string, std::string> equivalent;  // the lab's reasons why a mutant may survive, by Mutant::Name()
  std::vector<std::string> unused;                // the reasons whose mutant was killed or does not exist
};

// "lost_update mutex", or the program.
std::string NameOf(const MutatedVariant& variant);

// Finds the reasons that are not needed.
void Classify(MutatedVariant& variant);

// Whether the mutant survived, and the lab says why no test can distinguish it.
bool IsEquivalent(const MutatedVariant& variant, const MutantResult& result);

// The table of a variant's mutants for human readers, and details of each survivor. Paths are shown without
// `directory`.
std::string Text(const MutatedVariant& variant, const std::string& directory);
// "mutants: 12 of 2 variants, 11 killed, 1 equivalent, 0 survived"
std::string ClosingLine(const std::vector<MutatedVariant>& variants);
nlohmann::ordered_json Json(const std::vector<MutatedVariant>& variants);
ExitCode CodeOf(const std::vector<MutatedVariant>& variants);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_MUTATION_SCREEN_H_
