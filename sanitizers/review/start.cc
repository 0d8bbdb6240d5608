// racelab review start [DECK]: a round of changes, one after the other.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/review/commands.h"
#include "sanitizers/review/deck.h"
#include "sanitizers/review/player.h"
#include "sanitizers/review/round.h"
#include "sanitizers/review/score.h"

namespace racelab {
namespace {

struct ReviewStartOptions {
  std::string deck;
  int count = 8;
  std::uint64_t seed = 0;
  bool anew = false;  // an option asks for a new round
};

Round NewRound(const Deck& deck, const ReviewStartOptions& options) {
  Round round;
  round.begun = Now();
  round.deck = deck.name;
  round.seed = options.seed;
  for (const Card& card : Draw(deck, options.count, options.seed)) round.changes.push_back(card.Id());
  return round;
}

void StartReview(const ReviewStartOptions& options) {
  if (!RawTerminal::IsPossible()) {
    std::fputs("racelab: a round is played in a terminal; `racelab review export DIR` writes the changes to files\n",
               stderr);
    Exit(kMisuse);
  }
  const Everything all;
  const std::vector<Round> rounds = RoundsIn(LoadRecord(all.project).value_or(Record()));
  const bool goes_on = !options.anew && !rounds.empty() && rounds.back().NextChange().has_value();
  const std::string name = goes_on ? rounds.back().deck : options.deck.empty() ? std::string(kWholeDeck) : options.deck;
  const Deck deck = Require(FindDeck(all.labs, name));
  Round round = goes_on ? rounds.back() : NewRound(deck, options);
  {
    Progress progress;
    BuildInterleaveRuntime(all.project, progress);
  }
  std::string problem;
  {
    Player player(all.project, deck, round);
    player.Play();
    problem = player.problem();
  }
  if (!problem.empty()) std::fprintf(stderr, "racelab: the round is not noted: %s\n", problem.c_str());
  ExitIfInterrupted();
  if (round.NextChange()) {
    const size_t count = round.answers.size();
    std::printf("%zu answer%s noted. `racelab review start` goes on.\n", count, count == 1 ? " is" : "s are");
    return;
  }
  std::vector<Card> cards;
  for (const std::string& change : round.changes) {
    if (const Card* card = deck.Find(change)) cards.push_back(*card);
  }
  std::printf("%s\n%s\nnext: %s\n",
              Paint(Colour::kBold, absl::StrCat("Your round of ", cards.size(), " changes")).c_str(),
              ScoreText(round.answers, cards, SizeOfScreen().columns).c_str(),
              Paint(Colour::kBold, "racelab review start").c_str());
}

}  // namespace

void AddReviewStart(CLI::App& review) {
  auto options = std::make_shared<ReviewStartOptions>();
  options->seed = std::random_device()() % 10'000;
  CLI::App* command = review.add_subcommand("start", "Play a round: changes one after the other, sound and faulty");
  CLI::Option* deck = command->add_option("DECK", options->deck, "all, a track or a lab; default: all");
  CLI::Option* count = command->add_option("-n,--changes", options->count, "So many changes; default: 8")
                           ->type_name("N")
                           ->check(CLI::Range(1, 1000));
  CLI::Option* seed = command->add_option("--seed", options->seed, "The same changes again")->type_name("N");
  command->footer("A round that was left goes on, unless one of these options asks for another.");
  command->callback([=] {
    options->anew = deck->count() + count->count() + seed->count() > 0;
    StartReview(*options);
  });
}

}  // namespace racelab
