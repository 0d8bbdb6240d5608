#include "sanitizers/review/deck.h"

#include <algorithm>
#include <random>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/racelab/suggest.h"
#include "sanitizers/report/stable_hash.h"

namespace racelab {
namespace {

bool IsIn(const Lab& lab, std::string_view deck) {
  return deck == kWholeDeck || deck == lab.track || deck == lab.name || deck == lab.alias;
}

}  // namespace

const Card* Deck::Find(std::string_view id) const {
  const auto found = std::find_if(cards.begin(), cards.end(), [id](const Card& card) { return card.Id() == id; });
  return found == cards.end() ? nullptr : &*found;
}

std::string Deck::Version() const {
  StableHash hash;
  for (const Card& card : cards) {
    hash.Add(card.Id());
    for (const std::filesystem::path& file : {card.Before(), card.After(), card.After().parent_path() / "change.toml"})
      hash.Add(ReadFile(file).value_or(""));
  }
  return absl::StrCat(absl::Hex(hash.value() >> 32, absl::kZeroPad8));
}

absl::StatusOr<Deck> FindDeck(const std::vector<Lab>& labs, std::string_view name) {
  std::vector<std::string> names = DeckNames(labs);
  for (const Lab& lab : labs) {
    names.push_back(lab.name);
    if (!lab.alias.empty()) names.push_back(lab.alias);
  }
  absl::StatusOr<std::string> complete = Complete("deck", name, names);
  if (!complete.ok()) {  // A list of all labs would be long.
    const bool suggests = absl::StrContains(complete.status().message(), "did you mean");
    return suggests ? complete.status() : Complete("deck", name, DeckNames(labs)).status();
  }
  Deck deck;
  deck.name = *std::move(complete);
  for (const Lab& lab : labs) {
    if (!IsIn(lab, deck.name)) continue;
    for (const auto& [change, what] : lab.changes) deck.cards.push_back({&lab, change, &what});
  }
  if (deck.cards.empty()) return absl::NotFoundError(absl::StrCat("there are no changes to review for ", deck.name));
  return deck;
}

std::vector<std::string> DeckNames(const std::vector<Lab>& labs) {
  std::vector<std::string> names = {std::string(kWholeDeck)};
  for (const Lab& lab : labs) {
    if (!lab.changes.empty() && names.back() != lab.track) names.push_back(lab.track);
  }
  return names;
}

std::vector<Card> Draw(const Deck& deck, int count, std::uint64_t seed) {
  std::vector<Card> cards = deck.cards;
  // std::shuffle's order depends on the standard library; this engine's numbers do not.
  std::mt19937_64 random(seed);
  for (size_t left = cards.size(); left > 1; --left) std::swap(cards[left - 1], cards[random() % left]);
  if (static_cast<size_t>(count) < cards.size()) cards.resize(static_cast<size_t>(count));
  return cards;
}

bool IsFoundBy(const Change& change, Tool tool) {
  if (!change.is_faulty) return false;
  const Expectation& expect = change.expect;
  return tool == Tool::kInterleave ? expect.interleave.kind != "none"
                                   : !expect.tsan.IsSilence() || !expect.tsan.test.empty();
}

}  // namespace racelab
