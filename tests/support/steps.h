#ifndef RACELAB_TESTS_SUPPORT_STEPS_H_
#define RACELAB_TESTS_SUPPORT_STEPS_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace racelab {

// From `from` to `to - 1`. If empty, there is no such value.
struct Values {
  int from = 0, to = 0;
};

// A kind of step: its name, which counterexamples show, and the values that it can have.
struct Kind {
  const char* name;
  Values value = {}, second = {}, third = {};
};

// One call for a test: the number of its kind, and its values.
struct Step {
  int what = 0;
  int value = 0, second = 0, third = 0;
};

// "Transfer(0, 1, 7)"
std::string InWords(const Kind& kind, const Step& step);

class Steps;

// Tests a class against a sequential model with a hundred random sequences of steps, each of at most `most` steps. For
// a sequence that fails, the test also shows the smallest part that fails: "Record, Record, Total → 1, should be 2".
//
//   TEST(HitCounter, CountsLikeANumberOnOneThread) {
//     enum { kRecord, kTotal };
//     ForRandomSteps({{"Record"}, {"Total"}}, 50, [](Steps& steps) {
//       HitCounter counter;
//       int hits = 0;
//       for (const Step& step : steps) {
//         if (step.what == kTotal) {
//           steps.Answers(counter.Total(), hits);
//         } else {
//           counter.Record();
//           ++hits;
//         }
//       }
//     });
//   }
//
// `test` creates new objects each time, and depends only on the steps. The environment variable RC_PARAMS=seed=<number>
// repeats the sequences of another run.
void ForRandomSteps(absl::Span<const Kind> kinds, int most, absl::FunctionRef<void(Steps&)> test);

// A sequence of steps and their results. A loop over the sequence ends early after a wrong answer; later errors do not
// count.
class Steps {
 public:
  // The last step returned `answer`; the model's answer is `model`.
  template <typename Answer, typename Model>
  void Answers(const Answer& answer, const Model& model, std::source_location place = std::source_location::current()) {
    Compare("", answer, model, place);
  }

  // After the steps so far, the class answers `question` with `answer`, and the model with `model`.
  template <typename Answer, typename Model>
  void Shows(const char* question, const Answer& answer, const Model& model,
             std::source_location place = std::source_location::current()) {
    Compare(question, answer, model, place);
  }

  // After the steps so far, the class must satisfy `holds`; `fault` describes the error otherwise.
  void Check(bool holds, const std::string& fault, std::source_location place = std::source_location::current()) {
    if (!holds) Fail(": " + fault, place);
  }

  // An additional random number; counterexamples show it as "room = 3".
  int Pick(const char* name, Values range);

  int size() const { return static_cast<int>(steps_.size()); }

  // For the loop over the steps.
  struct End {};
  class Iterator {
   public:
    explicit Iterator(Steps& steps) : steps_(steps) {}
    const Step& operator*() const { return steps_.Take(next_); }
    Iterator& operator++() {
      ++next_;
      return *this;
    }
    bool operator!=(End) const { return next_ < steps_.steps_.size() && !steps_.failed(); }

   private:
    Steps& steps_;
    std::size_t next_ = 0;
  };
  Iterator begin() { return Iterator(*this); }
  End end() const { return {}; }

 private:
  friend class RandomSteps;

  Steps(absl::Span<const Kind> kinds, std::vector<Step> steps) : kinds_(kinds), steps_(std::move(steps)) {}

  bool failed() const { return !fault_.empty(); }
  const Step& Take(std::size_t number);
  void Note(const std::string& text);
  void Fail(const std::string& fault, std::source_location place);
  void CompareNumbers(const char* question, std::int64_t answer, std::int64_t model, std::source_location place);
  void FailToEqual(const char* question, const std::string& answer, const std::string& model,
                   std::source_location place);

  template <typename Answer, typename Model>
  void Compare(const char* question, const Answer& answer, const Model& model, std::source_location place) {
    if constexpr (std::integral<Answer> && std::integral<Model> && !std::same_as<Answer, bool>) {
      CompareNumbers(question, answer, model, place);  // Compiled once.
    } else if (!(answer == model)) {
      FailToEqual(question, testing::PrintToString(answer), testing::PrintToString(model), place);
    }
  }

  const absl::Span<const Kind> kinds_;
  const std::vector<Step> steps_;
  std::string so_far_;  // The steps so far, in words.
  std::string fault_;   // Including the steps before it.
  std::source_location place_;
};

}  // namespace racelab

#endif  // RACELAB_TESTS_SUPPORT_STEPS_H_
