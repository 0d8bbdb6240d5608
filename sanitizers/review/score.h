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

// A count out of a total.
struct Tally {
  int part = 0, of = 0;

  void Count(bool is_part) {
    ++of;
    part += is_part ? 1 : 0;
  }
};

// The score of a reviewer or a detector for its answers about a deck.
struct Score {
  Tally found;       // of the faulty changes: rejected at a right place
  Tally named;       // of the faults found: given the right class
  Tally shown;       // of the faults found, if tried: shown by a failing interleaving
  Tally removed;     // of the faults found, if tried: removed by a clean repair
  Tally alarms;      // of the sound changes: rejected
  int rejected = 0;  // the number of rejected changes, rightly or not

  // The share of the rejected changes in which a fault was found; nullopt if none was rejected.
  std::optional<double> Precision() const;
  // The share of the faulty changes that were found; nullopt if there were none.
  std::optional<double> Recall() const;
  // The harmonic mean of precision and recall; nullopt if one of them is, 0 if both are 0.
  std::optional<double> F1() const;

  // The mean squared difference between the reviewer's confidence and the correctness of the answers (Brier 1950): 0 is
  // best; always answering "50 %" gives 0.25. nullopt without answers.
  std::optional<double> brier;
  std::map<int, Tally> right_when_sure;         // by confidence (50, 60, ... 100 %): right answers
  std::map<std::string, Tally> found_by_class;  // of the faulty changes of a class: those found
};

// The score of answers that were all given either before or after the reviewer was told that there is a fault.
Score ScoreOf(const std::vector<GradedAnswer>& answers);

// The score that one run of ThreadSanitizer, or every interleaving, would get, from the evidence that `racelab verify`
// checks.
Score ScoreOfDetector(const std::vector<Card>& cards, Tool tool);

// For human readers, within `columns` columns: the reviewer's score, and below it those of the detectors.
std::string ScoreText(const std::vector<GradedAnswer>& answers, const std::vector<Card>& cards, int columns);

// "3 of 4"; "–" if there was nothing to count.
std::string Text(const Tally& part);
// "75 %", "–".
std::string Percent(std::optional<double> share);

nlohmann::ordered_json ToJson(const Score& score);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_SCORE_H_
