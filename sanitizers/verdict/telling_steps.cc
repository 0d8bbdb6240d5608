#include "sanitizers/verdict/telling_steps.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sanitizers/report/certainty.h"

namespace racelab {
namespace {

// How informative a step is, the most telling first.
enum Weight {
  kLast,      // the last step, unless the waiting threads already tell what follows; the place of a crash
  kNote,      // a line that the program itself wrote, presumably because it is informative
  kRaces,     // the accesses of a data race, which is named above the table
  kInvolved,  // a thread's last steps on the objects that the failure is about
  kEnd,       // the very last steps, and the last steps of each thread
  kSwitch,    // next to a change of thread
  kAlso,      // earlier steps on the objects that the failure is about
  kRest
};

constexpr size_t kLastOfAll = 3;
constexpr int kNotesThatTellAll = 3;
constexpr int kLastOfThread = 1, kLastOnObject = 2, kObjectsOfThread = 2, kWitnessesOfObject = 2;

// Whether both are at the same line of the program, or, if they have not been resolved yet, at the same address.
bool AreAtOnePlace(const Stack& one, const Stack& other) {
  const Frame *site = Site(one), *others = Site(other);
  if (site != nullptr && others != nullptr) return site->file == others->file && site->line == others->line;
  return !one.frames.empty() && !other.frames.empty() && one.frames[0].module == other.frames[0].module;
}

class Choice {
 public:
  Choice(InterleavingFailure& failure, const Exploration& exploration, const FramesOfPlaces& frames)
      : failure_(failure), frames_(frames) {
    std::erase_if(failure_.steps, [&](const InterleavingStep& step) { return !IsARow(step); });
    NoteInvolved(exploration);
  }

  void Keep(size_t most) {
    std::vector<InterleavingStep>& steps = failure_.steps;
    failure_.all_steps = steps.size();
    failure_.steps_are_chosen = true;
    const std::vector<Weight> weights = Weights();
    std::vector<size_t> by_weight(steps.size());
    for (size_t i = 0; i < steps.size(); ++i) by_weight[i] = i;
    // Of two steps that tell the same amount, the later one comes first.
    std::sort(by_weight.begin(), by_weight.end(),
              [&](size_t a, size_t b) { return std::tuple(weights[a], b) < std::tuple(weights[b], a); });
    by_weight.resize(std::min(most, by_weight.size()));
    for (size_t rank = 0; rank < by_weight.size(); ++rank) steps[by_weight[rank]].rank = rank;
    for (size_t i = 0; i < steps.size(); ++i) steps[i].number = i + 1;
    std::sort(by_weight.begin(), by_weight.end());
    std::vector<InterleavingStep> kept;
    for (const size_t i : by_weight) {
      kept.push_back(std::move(steps[i]));
      steps[i] = {};
    }
    NoteWitnesses(kept);
    steps = std::move(kept);
  }

 private:
  // A join is not a row: it follows from the other steps.
  bool IsARow(const InterleavingStep& step) {
    if (step.operation == "join") return false;
    std::string places;
    for (const Frame& frame : step.stack.frames)
      absl::StrAppend(&places, frame.module, " ", frame.function, ":", frame.line, "\n");
    const auto [known, is_new] = is_own_.try_emplace(std::move(places), false);
    if (is_new) {
      Stack resolved;
      for (const Frame& frame : step.stack.frames) {
        const auto found = frames_.find(frame.module);
        if (found == frames_.end()) {
          if (!frame.function.empty()) resolved.frames.push_back(frame);  // It has been resolved.
          continue;
        }
        resolved.frames.insert(resolved.frames.end(), found->second.begin(), found->second.end());
      }
      known->second = IsGoogleTestsOwn(resolved);
    }
    return !known->second;
  }

  // Keeps a few of the other steps as witnesses for each object in `kept`: the object's name may be known only there.
  void NoteWitnesses(const std::vector<InterleavingStep>& kept) {
    std::map<std::string, int> wanted;
    for (const InterleavingStep& step : kept) {
      wanted.try_emplace(step.object, kWitnessesOfObject);
      for (const std::string& held : step.held) wanted.try_emplace(held, kWitnessesOfObject);
    }
    for (const RacingAccess& access : failure_.accesses) {
      for (const std::string& held : access.held) wanted.try_emplace(held, kWitnessesOfObject);
    }
    for (InterleavingStep& step : failure_.steps) {
      if (step.surroundings.address == 0) continue;  // its object is unknown, or the step has been kept
      const auto object = wanted.find(step.object);
      if (object != wanted.end() && object->second-- > 0) failure_.witnesses.push_back(std::move(step));
    }
  }

  // The objects that the failure is about: where the accesses met, what threads wait for, and what the failing thread
  // used last.
  void NoteInvolved(const Exploration& exploration) {
    if (!failure_.memory.empty()) involved_.insert(failure_.memory);
    for (const WaitingThread& waiting : failure_.waiting) involved_.insert(waiting.object);
    for (const InterleavingFailure& other : exploration.failures) {
      if (other.kind == "data race") involved_.insert(other.memory);
    }
    race_ = failure_.kind == "data race" ? &failure_ : RaceBehind(failure_, exploration.failures);
    int objects = 0;
    for (auto step = failure_.steps.rbegin(); step != failure_.steps.rend() && objects < kObjectsOfThread; ++step) {
      if (step->thread == failure_.thread && involved_.insert(step->object).second) ++objects;
    }
    involved_.erase("");
    involved_.erase("0x0");
  }

  // If the step is one of the race's two accesses, returns its index; otherwise nullopt.
  std::optional<size_t> AccessOfRace(const InterleavingStep& step) const {
    if (race_ == nullptr || !Touches(step, *race_)) return std::nullopt;
    for (size_t i = 0; i < race_->accesses.size(); ++i) {
      if (AreAtOnePlace(step.stack, race_->accesses[i].stack)) return i;
    }
    return std::nullopt;
  }

  std::vector<Weight> Weights() const {
    const std::vector<InterleavingStep>& steps = failure_.steps;
    std::vector<Weight> weights(steps.size(), kRest);
    std::map<int, int> of_thread;
    std::map<std::pair<int, std::string>, int> on_object;
    std::set<size_t> accesses_of_race;
    for (size_t i = steps.size(); i-- > 0;) {
      const InterleavingStep& step = steps[i];
      Weight& weight = weights[i];
      const auto is = [&weight](Weight what, bool so) {
        if (so) weight = std::min(weight, what);
      };
      is(kLast, (failure_.waiting.empty() && i + 1 == steps.size()) || step.operation == "start");
      is(kEnd, of_thread[step.thread]++ < kLastOfThread || steps.size() - i <= kLastOfAll);
      is(kNote, step.operation == "note" || step.older);
      is(kSwitch, i > 0 && steps[i - 1].thread != step.thread);
      is(kSwitch, i + 1 < steps.size() && steps[i + 1].thread != step.thread);
      const std::optional<size_t> access = AccessOfRace(step);
      is(kRaces, access && accesses_of_race.insert(*access).second);
      if (!involved_.contains(step.object)) continue;
      is(kInvolved, on_object[{step.thread, step.object}]++ < kLastOnObject);
      is(kAlso, true);
    }
    return weights;
  }

  InterleavingFailure& failure_;
  const FramesOfPlaces& frames_;
  std::map<std::string, bool> is_own_;  // by the places of a stack
  std::set<std::string> involved_;
  const InterleavingFailure* race_ = nullptr;  // the race that is, or caused, the failure
};

// Whether the two steps look the same to a human reader: code that reads a container makes many such steps.
bool LooksTheSame(const InterleavingStep& a, const InterleavingStep& b) {
  const auto look = [](const InterleavingStep& step) {
    const Frame* site = Site(step.stack);
    const bool has_value = step.is_whole || !step.before_text.empty();
    return std::tuple(step.thread, step.operation, step.order, step.note, step.name,
                      step.name.empty() ? step.object : "", has_value ? step.before : std::nullopt,
                      has_value ? step.after : std::nullopt, step.failed, step.older, site == nullptr ? "" : site->file,
                      site == nullptr ? 0 : site->line);
  };
  return look(a) == look(b);
}

}  // namespace

bool IsGoogleTestsOwn(const Stack& stack) {
  const Frame* site = Site(stack);
  for (const Frame& frame : stack.frames) {
    if (&frame == site) return false;
    if (absl::StartsWith(frame.function, "testing::")) return true;
  }
  return false;
}

void KeepTellingSteps(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, size_t most) {
  for (Exploration& exploration : explorations) {
    SortByTelling(exploration.failures);
    bool first = true;
    for (InterleavingFailure& failure : exploration.failures) {
      if (!std::exchange(first, false)) failure.steps.clear();
      Choice(failure, exploration, frames).Keep(most);
    }
  }
}

void LimitSteps(std::vector<Exploration>& explorations, const FramesOfPlaces& frames, size_t most) {
  size_t failures = 0, steps = 0;
  for (const Exploration& exploration : explorations) {
    failures += exploration.failures.size();
    for (const InterleavingFailure& failure : exploration.failures) steps += failure.steps.size();
  }
  if (steps <= most) return;
  const size_t most_of_each = most / failures;
  for (Exploration& exploration : explorations) {
    for (InterleavingFailure& failure : exploration.failures) {
      if (failure.steps.size() > most_of_each) Choice(failure, exploration, frames).Keep(most_of_each);
    }
  }
}

InterleavingFailure Told(const InterleavingFailure& failure, const Exploration& exploration, size_t most) {
  InterleavingFailure told = failure;
  if (told.steps_are_chosen) return told;
  // If a program logs what it does, its notes explain more than its steps.
  const auto is_note = [](const InterleavingStep& step) { return step.operation == "note"; };
  if (std::count_if(told.steps.begin(), told.steps.end(), is_note) >= kNotesThatTellAll)
    std::erase_if(told.steps,
                  [&](const InterleavingStep& step) { return !is_note(step) && step.operation != "start"; });
  told.steps.erase(std::unique(told.steps.begin(), told.steps.end(), LooksTheSame), told.steps.end());
  Choice(told, exploration, {}).Keep(most);
  return told;
}

}  // namespace racelab
