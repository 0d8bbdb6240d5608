#ifndef RACELAB_SANITIZERS_REVIEW_ANSWER_H_
#define RACELAB_SANITIZERS_REVIEW_ANSWER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sanitizers/review/deck.h"

namespace racelab {

// Where a reviewer would put a comment: lines of the header as it would be after the change, or a function.
struct CommentPlace {
  int first = 0, last = 0;  // from 1; 0 if it is a function
  std::string function;     // "Total", "HitCounter::Total"
};

// Comments on more lines than these are about no line in particular.
inline constexpr int kMostLinesOfComment = 10;

// Reads "21", "21-24", "Total", "HitCounter::Total()", and lists of these with commas, blanks or semicolons between.
// InvalidArgument if it is none, and if it is more than kMostLinesOfComment lines or three functions.
absl::StatusOr<std::vector<CommentPlace>> ParsePlaces(std::string_view text);
std::string PlacesText(const std::vector<CommentPlace>& places);

// What a reviewer says of a change.
struct Answer {
  std::string change;        // Card::Id()
  bool is_prompted = false;  // they had been told that there is a fault
  bool approves = false;
  std::vector<CommentPlace> places;  // if they do not approve
  std::string fault_class;           // the same: one of kFaultClasses, or empty
  int sure = 50;                     // that the verdict is right, in percent: 50 to 100
  std::optional<bool> shown;         // whether they found a failing interleaving; nullopt: not tried
  std::optional<bool> removed;       // whether their repair was clean; nullopt: not tried
};

// An answer beside the truth.
struct GradedAnswer {
  Answer answer;
  bool is_faulty = false;
  std::string fault_class;  // the right one; empty if the change is sound
  bool found = false;       // faulty, not approved, and a place is right
  bool named = false;       // found, and the class is right, or "data race" and a detector reports one

  // Approved a sound change, or found the fault. Who rejects a faulty change for a wrong place has not found it.
  bool IsRight() const { return is_faulty ? found : answer.approves; }
};

// A place is right if it is within two lines of a line at fault, or if it is a function at fault.
GradedAnswer GradeOf(const Answer& answer, const Card& card);

// The numbers of the lines at fault, in the header after the change.
std::vector<int> LinesAtFault(const Card& card);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REVIEW_ANSWER_H_
