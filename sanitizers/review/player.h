#ifndef RACELAB_SANITIZERS_REVIEW_PLAYER_H_
#define RACELAB_SANITIZERS_REVIEW_PLAYER_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sanitizers/participant/raw_terminal.h"
#include "sanitizers/racelab/line_diff.h"
#include "sanitizers/racelab/project.h"
#include "sanitizers/review/background_verdict.h"
#include "sanitizers/review/deck.h"
#include "sanitizers/review/review_screen.h"
#include "sanitizers/review/round.h"

namespace racelab {

// Plays a round in a terminal. The round is saved after every answer, so the reviewer can leave at any moment.
class Player {
 public:
  Player(const Project& project, const Deck& deck, Round& round) : project_(project), deck_(deck), round_(round) {}

  // Returns when the round is over or the reviewer leaves.
  void Play();

  // Why the round could not be saved; empty if it was.
  const std::string& problem() const { return problem_; }

 private:
  // Shows the change until it is answered; nullopt if the reviewer leaves.
  std::optional<Answer> Ask(const Card& card, const Round::Next& next);
  // Asks for places, class and confidence. Returns whether all were given; otherwise the change is shown again.
  bool AskWhere(const Card& card, const Round::Next& next, Answer& answer);
  bool AskClass(Answer& answer);
  bool AskSure(Answer& answer);
  // Offers to show a failing interleaving, and to repair the change. Returns whether the round continues.
  bool AskForProof(const Card& card, BackgroundVerdict& verdict, Answer& answer);
  void Step(const Card& card, BackgroundVerdict& verdict, Answer& answer);
  void Repair(const Card& card, Answer& answer);

  const absl::StatusOr<Attempt>* Await(BackgroundVerdict& verdict, const std::string& why);
  void Save();
  // Opens the whole header after the change in the user's editor.
  void OpenFile(const Card& card);
  // Opens a file in the user's editor. If there is none, says so and returns false.
  bool Edit(const std::filesystem::path& file);
  // Shows a text until a key is pressed, and returns the key.
  int Show(const std::string& text, const std::string& keys);
  void Tell(const std::string& text);
  // Shows the result of an answer. Returns whether the round continues.
  bool ShowResult(const std::string& text);

  const Project& project_;
  const Deck& deck_;
  Round& round_;
  RawTerminal terminal_;
  View view_;
  std::vector<DiffLine> diff_;
  std::string problem_;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_PLAYER_H_
