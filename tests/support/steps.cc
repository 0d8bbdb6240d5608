#include "tests/support/steps.h"

#include <exception>
#include <sstream>

#include "rapidcheck.h"

namespace racelab {
namespace {

std::uint64_t Width(const Values& range) {
  return range.to > range.from ? static_cast<std::uint64_t>(std::int64_t{range.to} - range.from) : 0;
}

// The simplest value.
int Origin(const Values& range) { return range.from <= 0 && 0 < range.to ? 0 : range.from; }

std::vector<std::pair<Values, int>> ValuesOf(const Kind& kind, const Step& step) {
  return {{kind.value, step.value}, {kind.second, step.second}, {kind.third, step.third}};
}

int RandomValue(const Values& range, rc::Random& random) {
  return Width(range) == 0 ? 0 : static_cast<int>(static_cast<std::int64_t>(random.next() % Width(range)) + range.from);
}

// Values of every size from the beginning; rapidcheck's own generators begin with small ones.
rc::Gen<int> RandomValue(const Values& range) {
  return [range](rc::Random random, int /*size*/) {
    return rc::shrinkable::shrinkRecur(RandomValue(range, random),
                                       [range](int value) { return rc::shrink::towards(value, Origin(range)); });
  };
}

// The steps that differ from `step` in one value, which is simpler.
rc::Seq<Step> Simpler(const Kind& kind, const Step& step) {
  std::vector<Step> simpler;
  const auto add = [&](const Values& range, int Step::* value) {
    if (Width(range) == 0) return;
    rc::seq::forEach(rc::shrink::towards(step.*value, Origin(range)), [&](int closer) {
      simpler.push_back(step);
      simpler.back().*value = closer;
    });
  };
  add(kind.value, &Step::value);
  add(kind.second, &Step::second);
  add(kind.third, &Step::third);
  return rc::seq::fromContainer(std::move(simpler));
}

rc::Gen<Step> RandomStep(absl::Span<const Kind> kinds) {
  return [kinds](rc::Random random, int /*size*/) {
    const int what = static_cast<int>(random.next() % kinds.size());
    const Kind& kind = kinds[what];
    Step step = {what};
    step.value = RandomValue(kind.value, random);
    step.second = RandomValue(kind.second, random);
    step.third = RandomValue(kind.third, random);
    return rc::shrinkable::shrinkRecur(step, [&kind](const Step& larger) { return Simpler(kind, larger); });
  };
}

}  // namespace

std::string InWords(const Kind& kind, const Step& step) {
  std::string values;
  for (const auto& [range, value] : ValuesOf(kind, step)) {
    if (Width(range) > 0) values += (values.empty() ? "" : ", ") + std::to_string(value);
  }
  return values.empty() ? kind.name : kind.name + ("(" + values + ")");
}

int Steps::Pick(const char* name, Values range) {
  const int picked = *RandomValue(range);
  Note(name + (" = " + std::to_string(picked)));
  return picked;
}

const Step& Steps::Take(std::size_t number) {
  const Step& step = steps_[number];
  Note(InWords(kinds_[step.what], step));
  return step;
}

void Steps::Note(const std::string& text) { so_far_ += (so_far_.empty() ? "" : ", ") + text; }

void Steps::Fail(const std::string& fault, std::source_location place) {
  if (failed()) return;
  fault_ = so_far_ + fault;
  place_ = place;
}

void Steps::CompareNumbers(const char* question, std::int64_t answer, std::int64_t model, std::source_location place) {
  if (answer != model) FailToEqual(question, std::to_string(answer), std::to_string(model), place);
}

void Steps::FailToEqual(const char* question, const std::string& answer, const std::string& model,
                        std::source_location place) {
  if (failed()) return;
  if (*question != '\0') Note(question);
  Fail(" → " + answer + ", should be " + model, place);
}

class RandomSteps {
 public:
  RandomSteps(absl::Span<const Kind> kinds, int most, absl::FunctionRef<void(Steps&)> test)
      : kinds_(kinds), most_(most), test_(test) {}

  void Check() {
    const auto sequence = rc::gen::resize(most_, rc::gen::container<std::vector<Step>>(RandomStep(kinds_)));
    const rc::detail::TestResult result = rc::detail::checkTestable([&] { return Holds(*sequence); });
    if (result.is<rc::detail::SuccessResult>()) return;
    if (!result.is<rc::detail::FailureResult>()) {
      std::ostringstream text;
      rc::detail::printResultMessage(result, text);
      ADD_FAILURE() << text.str();
      return;
    }
    // All simpler sequences were tried: the last sequence that failed is the smallest.
    ADD_FAILURE_AT(place_.file_name(), static_cast<int>(place_.line()))
        << fault_ << "\n(RC_PARAMS=seed=" << rc::detail::configuration().testParams.seed
        << " in the environment repeats this.)";
  }

 private:
  bool Holds(std::vector<Step> sequence) {
    Steps steps(kinds_, std::move(sequence));
    try {
      test_(steps);
    } catch (const rc::GenerationFailure&) {
      throw;
    } catch (const std::exception& exception) {
      steps.Fail(std::string(" throws: ") + exception.what(), std::source_location::current());
    }
    if (!steps.failed()) return true;
    fault_ = steps.fault_;
    place_ = steps.place_;
    return false;
  }

  const absl::Span<const Kind> kinds_;
  const int most_;
  const absl::FunctionRef<void(Steps&)> test_;
  std::string fault_;  // Of the last sequence that failed.
  std::source_location place_;
};

void ForRandomSteps(absl::Span<const Kind> kinds, int most, absl::FunctionRef<void(Steps&)> test) {
  RandomSteps(kinds, most, test).Check();
}

}  // namespace racelab
