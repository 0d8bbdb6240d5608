// racelab review: lists the decks of changes, and the participant's results so far.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/track.h"
#include "sanitizers/review/commands.h"
#include "sanitizers/review/deck.h"
#include "sanitizers/review/round.h"
#include "sanitizers/review/score.h"

namespace racelab {
namespace {

std::string RoundRow(const Round& round) {
  std::vector<GradedAnswer> unprompted;
  for (const GradedAnswer& graded : round.answers) {
    if (!graded.answer.is_prompted) unprompted.push_back(graded);
  }
  const Score score = ScoreOf(unprompted);
  const std::string last = round.ended.empty() ? absl::StrCat(unprompted.size(), " of ", round.changes.size(), " given")
                           : score.brier       ? absl::StrFormat("%.2f", *score.brier)
                                               : "";
  return absl::StrCat("  ", Pad(round.begun.substr(0, 10), 12), Pad(round.deck, 23), Pad(Text(score.found), 10),
                      Pad(Text(score.named), 10), Pad(Text(score.alarms), 14), last, "\n");
}

void ShowOverview() {
  const Everything all;
  std::printf("%s\n", Paint(Colour::kBold, "Changes to review: sound ones and faulty ones").c_str());
  const std::vector<Track> tracks = Require(LoadTracks(all.project));
  for (const std::string& name : DeckNames(all.labs)) {
    const absl::StatusOr<Deck> deck = FindDeck(all.labs, name);
    if (!deck.ok()) continue;
    std::string title = "every track";
    for (const Track& track : tracks) {
      if (track.name == name) title = track.title;
    }
    std::printf("  %s%s  %s\n", Pad(name, 16).c_str(), absl::StrFormat("%3d", deck->cards.size()).c_str(),
                title.c_str());
  }
  std::printf("  Each lab is a deck, too. A change is one to a repaired class: it shows a\n  solution.\n\n");

  const std::vector<Round> rounds = RoundsIn(LoadRecord(all.project).value_or(Record()));
  if (rounds.empty()) {
    std::puts("You have not played a round yet.");
  } else {
    std::printf(
        "%s\n",
        Paint(Colour::kBold, "  round       deck                   found     named     false alarms  Brier").c_str());
    constexpr size_t kMostRounds = 8;  // the first one and the newest ones
    for (size_t i = 0; i < rounds.size(); ++i) {
      if (i > 0 && rounds.size() - i >= kMostRounds) continue;
      std::fputs(RoundRow(rounds[i]).c_str(), stdout);
    }
  }
  const bool unfinished = !rounds.empty() && rounds.back().NextChange().has_value();
  std::printf("\nnext: %s%s\n", Paint(Colour::kBold, "racelab review start").c_str(),
              unfinished ? ": your round goes on" : "");
}

}  // namespace

void AddReview(CLI::App& racelab) {
  CLI::App* command = racelab.add_subcommand("review", "Train code review: is the change sound, or faulty?");
  command->require_subcommand(0, 1);
  AddReviewStart(*command);
  AddReviewGrade(*command);
  AddReviewExport(*command);
  command->callback([command] {
    if (command->get_subcommands().empty()) ShowOverview();
  });
}

}  // namespace racelab
