#ifndef RACELAB_SANITIZERS_REVIEW_DECK_H_
#define RACELAB_SANITIZERS_REVIEW_DECK_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {

// The deck of all changes.
inline constexpr std::string_view kWholeDeck = "all";

// A change, and the lab that it belongs to.
struct Card {
  const Lab* lab = nullptr;
  std::string name;
  const Change* change = nullptr;

  // "forgetful_counter/largest_value": the name that reviewers see, with the lab's symptom instead of its bug.
  std::string Id() const { return (lab->alias.empty() ? lab->name : lab->alias) + "/" + name; }
  std::filesystem::path Before() const { return lab->HeaderOf(change->base); }
  std::filesystem::path After() const { return lab->HeaderOf(name); }
};

// Changes to review. Refers to the labs that it was made from.
struct Deck {
  std::string name;
  std::vector<Card> cards;

  // Eight hexadecimal digits, which change if the truth, or anything that a reviewer sees, changes. Reads all files.
  std::string Version() const;
  // The change with this id; null if there is none.
  const Card* Find(std::string_view id) const;
};

// The deck called `name`: "all", a track, or a lab. NotFound lists the existing decks.
absl::StatusOr<Deck> FindDeck(const std::vector<Lab>& labs, std::string_view name);

// The names of all decks that have changes: "all", then the tracks.
std::vector<std::string> DeckNames(const std::vector<Lab>& labs);

// Draws `count` changes, or all if there are fewer, in a random order that depends only on the seed, on every machine.
std::vector<Card> Draw(const Deck& deck, int count, std::uint64_t seed);

// Whether a detector finds the fault of a faulty change, according to the evidence that `racelab verify` checks.
bool IsFoundBy(const Change& change, Tool tool);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_DECK_H_
