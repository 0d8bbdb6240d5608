#ifndef RACELAB_SANITIZERS_REVIEW_SCORE_H_
#define RACELAB_SANITIZERS_REVIEW_SCORE_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/deck.h"

namespace racelab {

// So many of so many.
struct Tally {
  int part = 0, of = 0;

  void Count(bool is_part) {
    ++of;
    part += is_part ? 1 : 0;
  }
};

// A detector of faults in changes, human or not, by what it said of a deck.
struct Score {
  Tally found;       // of the faulty changes: those that were rejected at a right place
  Tally named;       // of those that were found: by the right class
  Tally shown;       // of those that were found and tried: a failing interleaving
  Tally removed;     // of those that were found and tried: by a clean repair
  Tally alarms;      // of the sound changes: those that were rejected
  int rejected = 0;  // changes, rightly or not

  // Of the changes that were rejected, the share in which a fault was found; nullopt if none was rejected.
  std::optional<double> Precision() const;
  // Of the faulty changes, the share that was found; nullopt if there was none.
  std::optional<double> Recall() const;
  // Their harmonic mean; nullopt if one of them is, 0 if both are 0.
  std::optional<double> F1() const;

  // The mean square of the distance between how sure the reviewer was and whether they were right: 0 is best; 0.25 is
  // what saying "50 %" every time gives (Brier 1950). nullopt without answers.
  std::optional<double> brier;
  std::map<int, Tally> right_when_sure;         // by 50, 60, ... 100 percent: how often they were right
  std::map<std::string, Tally> found_by_class;  // of the faulty changes of a class, those that were found
};

// The score of answers that were all given before, or all after the reviewer was told that there is a fault.
Score ScoreOf(const std::vector<GradedAnswer>& answers);

// What one run of ThreadSanitizer, or every interleaving, would score: from the evidence that `racelab verify` checks.
Score ScoreOfDetector(const std::vector<Card>& cards, Tool tool);

// For people, within `columns` columns: the reviewer's score, below it those of the detectors.
std::string ScoreText(const std::vector<GradedAnswer>& answers, const std::vector<Card>& cards, int columns);

// "3 of 4"; "–" if there was nothing to count.
std::string Text(const Tally& part);
// "75 %", "–".
std::string Percent(std::optional<double> share);

nlohmann::ordered_json ToJson(const Score& score);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_SCORE_H_
