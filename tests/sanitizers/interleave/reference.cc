#include "tests/sanitizers/interleave/reference.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "tests/sanitizers/interleave/reference_machine.h"

namespace racelab {
namespace reference {
namespace {

class Interpreter {
 public:
  Interpreter(const std::vector<std::string>& program, const ReferenceOptions& options)
      : machine_(program, options), most_states_(options.most_states) {}

  ReferenceFindings Run() {
    if (!machine_.understood()) return {};
    Reach(machine_.First());
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (states_.size() > most_states_) return std::move(findings_);
      Explore(i);
    }
    FindEndlessLoops();
    findings_.races = machine_.races();
    findings_.complete = true;
    findings_.states = states_.size();
    return std::move(findings_);
  }

 private:
  std::size_t Reach(const State& state) {
    const auto [place, is_new] = known_.try_emplace(state, states_.size());
    if (is_new) {
      states_.push_back(&place->first);
      ends_.push_back(false);
      before_.emplace_back();
    }
    return place->second;
  }

  void Explore(std::size_t index) {
    const State& state = *states_[index];
    Next next;
    for (int t = 0; t < kThreads; ++t) {
      if (state.threads[t].phase == Phase::kRunning) machine_.Step(state, t, next);
    }
    bool loops = false, goes_on = !next.failures.empty() || !next.exit_codes.empty();
    ends_[index] = goes_on;
    findings_.failures.merge(next.failures);
    for (const int code : next.exit_codes) {
      findings_.outcomes.insert(code);
      findings_.certain.insert(code);
    }
    for (const State& other : next.states) {
      if (other.ended && !state.ended) findings_.outcomes.insert(other.exit_code);
      const std::size_t to = Reach(other);
      loops |= to == index;
      goes_on |= to != index;
      if (to != index) before_[to].push_back(index);
    }
    if (!goes_on && !loops) {
      ends_[index] = true;
      End(state);
    }
    for (const State& other : next.without_cause) {  // A program cannot rely on a wake-up without cause.
      const std::size_t to = Reach(other);
      before_[to].push_back(index);
    }
  }

  // No thread can go on.
  void End(const State& state) {
    std::map<int, std::string> blocked;
    for (int t = 0; t < kThreads; ++t) {
      const ThreadState& thread = state.threads[t];
      if (thread.phase == Phase::kRunning) blocked[thread.number] = machine_.Waiting(state, t);
    }
    if (state.ended) {
      findings_.certain.insert(state.exit_code);
    } else if (blocked.empty()) {  // Main has ended by pthread_exit().
      findings_.outcomes.insert(0);
      findings_.certain.insert(0);
    } else {
      std::string text = "deadlock:";
      for (const auto& [number, doing] : blocked) {
        if (text.back() != ':') text += ',';
        text += " T" + std::to_string(number) + " " + doing;
      }
      findings_.failures.insert(text);
    }
  }

  // The states from which a state in `ends` can be reached.
  std::vector<bool> Before(std::vector<bool> ends) const {
    std::vector<std::size_t> to_visit;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i]) to_visit.push_back(i);
    }
    while (!to_visit.empty()) {
      const std::size_t state = to_visit.back();
      to_visit.pop_back();
      for (const std::size_t before : before_[state]) {
        if (!ends[before]) to_visit.push_back(before);
        ends[before] = true;
      }
    }
    return ends;
  }

  // A thread in a state from which no end can be reached runs forever, under any schedule. This is not a failure once
  // main has returned.
  void FindEndlessLoops() {
    const std::vector<bool> can_end = Before(ends_);
    std::vector<bool> ended = ends_;
    for (std::size_t i = 0; i < states_.size(); ++i) {
      if (!states_[i]->ended) continue;
      ended[i] = true;
      if (!can_end[i]) findings_.certain.insert(states_[i]->exit_code);
    }
    const std::vector<bool> can_go_on = Before(std::move(ended));
    if (std::find(can_go_on.begin(), can_go_on.end(), false) != can_go_on.end())
      findings_.failures.insert("no progress");
  }

  Machine machine_;
  const std::size_t most_states_;
  ReferenceFindings findings_;
  std::unordered_map<State, std::size_t, HashOfState> known_;
  std::vector<const State*> states_;
  std::vector<bool> ends_;  // Whether the execution can end in a state.
  std::vector<std::vector<std::size_t>> before_;
};

}  // namespace
}  // namespace reference

ReferenceFindings Interpret(const std::vector<std::string>& program, const ReferenceOptions& options) {
  return reference::Interpreter(program, options).Run();
}

}  // namespace racelab
