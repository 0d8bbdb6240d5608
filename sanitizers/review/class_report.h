#ifndef RACELAB_SANITIZERS_REVIEW_CLASS_REPORT_H_
#define RACELAB_SANITIZERS_REVIEW_CLASS_REPORT_H_

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "sanitizers/review/answer.h"
#include "sanitizers/review/deck.h"
#include "sanitizers/review/score.h"

namespace racelab {

// The answers of a class about the changes of a deck: who found which faults, which faults most reviewers missed, which
// misconceptions were common, and what to discuss next.
class ClassReport {
 public:
  // `cards` are the changes that at least one reviewer was asked about. Keeps pointers into them.
  explicit ClassReport(std::vector<Card> cards) : cards_(std::move(cards)) {}

  void Add(const std::string& reviewer, GradedAnswer answer);

  // For a terminal of `columns` columns.
  std::string Text(int columns) const;
  std::string Markdown() const;
  std::string Html() const;
  // A row for each reviewer and change.
  std::string Csv() const;
  nlohmann::ordered_json Json() const;

 private:
  struct Reviewer {
    std::string name;
    std::vector<GradedAnswer> answers;
  };
  // The answers of the class about one change.
  struct OfChange {
    const Card* card;
    Tally right;
    std::map<std::string, int> classes;  // the fault classes that reviewers named
  };

  // The changes with the share of right answers, the hardest first.
  std::vector<OfChange> Hardest() const;

  std::vector<Card> cards_;
  std::vector<Reviewer> reviewers_;  // in order of appearance
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_CLASS_REPORT_H_
