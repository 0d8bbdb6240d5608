#ifndef RACELAB_SANITIZERS_RACELAB_MUTANTS_H_
#define RACELAB_SANITIZERS_RACELAB_MUTANTS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sanitizers/report/exploration.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {

// A program that does one thing a little worse than it is written.
struct Mutant {
  std::string mutator;   // "skip-lock", as for the second runtime's option `mutate`, or as in source_mutants.h
  std::string function;  // where: "HitCounter::Record"
  std::string file;
  int line = 0;
  int occurrence = 1;  // from 1, if the mutator has several sites in this line
  std::string source;  // CodeOfLine()

  std::set<std::uint64_t> sites;       // for the second runtime: CallSite::ids
  std::set<std::string> tests;         // the tests that reach them
  std::optional<std::string> changed;  // or the whole changed text of the file
  int alternative = 0;                 // and its number in SourceMutants::together; 0: it is not among them

  // "skip-lock:1f3a+22b7"
  std::string Mutation() const;

  // "skip-lock Record: absl::MutexLock lock(&mutex_);". Stays the same until the line is edited.
  std::string Name() const;
};

// The line without surrounding blanks, and without the comment at its end.
std::string CodeOfLine(std::string_view line);

// Half a sentence about the mutator: "the lock is not taken".
std::string_view Describe(std::string_view mutator);

// Whether the mutant can differ only by a data race: the interleavings are the same, whatever the memory orders are.
bool DiffersOnlyByDataRaces(std::string_view mutator);

// The mutants that the second runtime can make at these call sites of a program. A site belongs to the line of the
// innermost frame in the subject (the repair, or the user's program) or its tests; only sites in the subject are
// mutated.
enum class Owner { kLibrary, kTests, kSubject };
std::vector<Mutant> MutantsOf(const std::vector<CallSite>& sites, const FramesOfPlaces& frames,
                              const std::function<Owner(const std::string& file)>& owner_of);

// The tests of the call sites that have one of these ids.
std::set<std::string> TestsThatReach(const std::set<std::uint64_t>& ids, const std::vector<CallSite>& sites);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_MUTANTS_H_
