#ifndef RACELAB_SANITIZERS_REVIEW_ANSWER_H_
#define RACELAB_SANITIZERS_REVIEW_ANSWER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/review/deck.h"

namespace racelab {

// Where a reviewer would put a comment: lines of the header after the change, or a function.
struct CommentPlace {
  int first = 0, last = 0;  // from 1; 0 if it is a function
  std::string function;     // "Total", "HitCounter::Total"
};

// A comment on more lines than this refers to no line in particular.
inline constexpr int kMostLinesOfComment = 10;

// Reads "21", "21-24", "Total", "HitCounter::Total()", and lists of these, separated by commas, blanks or semicolons.
// InvalidArgument if there is no place, more than kMostLinesOfComment lines, or more than three functions.
absl::StatusOr<std::vector<CommentPlace>> ParsePlaces(std::string_view text);
std::string PlacesText(const std::vector<CommentPlace>& places);

// A reviewer's verdict on a change.
struct Answer {
  std::string change;        // Card::Id()
  bool is_prompted = false;  // whether the reviewer was told that there is a fault
  bool approves = false;
  std::vector<CommentPlace> places;  // if the reviewer does not approve
  std::string fault_class;           // if the reviewer does not approve: one of kFaultClasses, or empty
  int sure = 50;                     // confidence in the verdict, in percent: 50 to 100
  std::optional<bool> shown;         // whether the reviewer found a failing interleaving; nullopt: not tried
  std::optional<bool> removed;       // whether the reviewer's repair was clean; nullopt: not tried
};

// An answer compared with the truth.
struct GradedAnswer {
  Answer answer;
  bool is_faulty = false;
  std::string fault_class;  // the right one; empty if the change is sound
  bool found = false;       // the change is faulty, was not approved, and a place is right
  bool named = false;       // found, and the class is right, or it is "data race" and a detector reports one

  // Whether the reviewer approved a sound change or found the fault. Rejecting a faulty change for a wrong place does
  // not count as finding the fault.
  bool IsRight() const { return is_faulty ? found : answer.approves; }
};

// Grades an answer. A place is right if it is within two lines of a faulty line, or if it is a faulty function.
GradedAnswer GradeOf(const Answer& answer, const Card& card);

// The numbers of the faulty lines, in the header after the change.
std::vector<int> LinesAtFault(const Card& card);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_ANSWER_H_
