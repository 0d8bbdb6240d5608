#include "sanitizers/report/exploration_json.h"

#include <string>
#include <type_traits>
#include <utility>

#include "sanitizers/report/certainty.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const Stack& stack) {
  Json frames = Json::array();
  for (const Frame& frame : stack.frames) {
    frames.push_back(
        Json{{"function", frame.function}, {"file", frame.file}, {"line", frame.line}, {"module", frame.module}});
  }
  return frames;
}

Json ToJson(const InterleavingStep& step) {
  Json json{{"thread", step.thread}, {"step", step.is_step}, {"operation", step.operation}, {"object", step.object}};
  if (!step.name.empty()) json["name"] = step.name;
  if (!step.order.empty()) json["order"] = step.order;
  if (!step.note.empty()) json["note"] = step.note;
  if (step.before.has_value()) json["before"] = *step.before;
  if (step.after.has_value()) json["after"] = *step.after;
  if (!step.before_text.empty()) json["before_text"] = step.before_text;
  if (!step.after_text.empty()) json["after_text"] = step.after_text;
  if (step.failed) json["failed"] = true;
  if (step.older) json["older"] = true;
  if (step.expected.has_value()) json["expected"] = *step.expected;
  if (!step.expected_text.empty()) json["expected_text"] = step.expected_text;
  if (step.joins >= 0) json["joins"] = step.joins;
  json["held"] = step.held;
  json["held_names"] = step.held_names;
  json["stack"] = ToJson(step.stack);
  return json;
}

Json ToJson(const InterleavingFailure& failure) {
  Json json{{"kind", failure.kind},
            {"message", failure.message},
            {"found_after", failure.found_after},
            {"occurrences", failure.occurrences},
            {"schedule", failure.schedule},
            {"threads", failure.threads},
            {"preemptions", failure.preemptions},
            {"certainty", Name(CertaintyOf(failure))}};
  if (!failure.defect.empty()) json["defect"] = failure.defect;
  if (failure.is_note) json["note"] = true;
  if (!failure.stack.frames.empty()) json["stack"] = ToJson(failure.stack);
  if (!failure.memory.empty()) json["memory"] = failure.memory;
  if (!failure.memory_name.empty()) json["name"] = failure.memory_name;
  for (const RacingAccess& access : failure.accesses) {
    json["accesses"].push_back(Json{{"thread", access.thread},
                                    {"access", access.access},
                                    {"held", access.held},
                                    {"held_names", access.held_names},
                                    {"stack", ToJson(access.stack)}});
  }
  for (const WaitingThread& waiting : failure.waiting) {
    json["waiting"].push_back(Json{{"thread", waiting.thread},
                                   {"operation", waiting.operation},
                                   {"object", waiting.object},
                                   {"name", waiting.name},
                                   {"holder", waiting.holder},
                                   {"spins", waiting.spins},
                                   {"stack", ToJson(waiting.stack)}});
    if (waiting.expected.has_value()) json["waiting"].back()["expected"] = *waiting.expected;
  }
  if (failure.steps_are_chosen) json["steps_of"] = failure.all_steps;
  json["steps"] = Json::array();
  for (const InterleavingStep& step : failure.steps) {
    json["steps"].push_back(ToJson(step));
    if (failure.steps_are_chosen) json["steps"].back()["number"] = step.number;
  }
  return json;
}

// The member `name` if it is there and of this type; otherwise `value`.
template <typename T>
T Member(const Json& json, const char* name, T value = {}) {
  if (!json.is_object()) return value;
  const auto member = json.find(name);
  if (member == json.end()) return value;
  const bool fits = std::is_same_v<T, std::string> ? member->is_string()
                    : std::is_same_v<T, bool>      ? member->is_boolean()
                                                   : member->is_number_integer();
  return fits ? member->get<T>() : value;
}

const Json& List(const Json& json, const char* name) {
  static const Json& none = *new Json(Json::array());
  if (!json.is_object()) return none;
  const auto member = json.find(name);
  return member == json.end() || !member->is_array() ? none : *member;
}

Stack StackFromJson(const Json& json) {
  Stack stack;
  for (const Json& frame : List(json, "stack")) {
    stack.frames.push_back({Member<std::string>(frame, "function"), Member<std::string>(frame, "file"),
                            Member<int>(frame, "line"), Member<std::string>(frame, "module")});
  }
  return stack;
}

}  // namespace

InterleavingFailure FailureFromJson(const Json& json) {
  InterleavingFailure failure;
  failure.kind = Member<std::string>(json, "kind");
  failure.message = Member<std::string>(json, "message");
  failure.schedule = Member<std::string>(json, "schedule");
  failure.memory_name = Member<std::string>(json, "name");
  failure.is_note = Member<bool>(json, "note");
  failure.stack = StackFromJson(json);
  for (const Json& access : List(json, "accesses")) {
    RacingAccess racing;
    racing.thread = Member<int>(access, "thread");
    racing.access = Member<std::string>(access, "access");
    racing.stack = StackFromJson(access);
    failure.accesses.push_back(std::move(racing));
  }
  for (const Json& thread : List(json, "waiting")) {
    WaitingThread waiting;
    waiting.thread = Member<int>(thread, "thread");
    waiting.operation = Member<std::string>(thread, "operation");
    waiting.name = Member<std::string>(thread, "name");
    waiting.stack = StackFromJson(thread);
    failure.waiting.push_back(std::move(waiting));
  }
  for (const Json& one : List(json, "steps")) {
    InterleavingStep step;
    step.thread = Member<int>(one, "thread");
    step.is_step = Member<bool>(one, "step");
    step.operation = Member<std::string>(one, "operation");
    step.name = Member<std::string>(one, "name");
    step.stack = StackFromJson(one);
    failure.steps.push_back(std::move(step));
  }
  return failure;
}

Json ToJson(const Exploration& exploration) {
  Json failures = Json::array();
  for (const InterleavingFailure& failure : exploration.failures) failures.push_back(ToJson(failure));
  Json searches = Json::array();
  for (const SearchPhase& phase : exploration.searches) {
    searches.push_back(Json{{"search", phase.search},
                            {"executions", phase.executions},
                            {"preemptions", phase.preemptions},
                            {"seed", phase.seed}});
  }
  return Json{{"scenario", exploration.scenario},
              {"search", exploration.search},
              {"preemptions", exploration.preemptions},
              {"seed", exploration.seed},
              {"interleavings", exploration.executions},
              {"redundant", exploration.sleep_set_blocked},
              {"failing", exploration.failing},
              {"complete", exploration.complete},
              {"preemptions_covered", exploration.preemptions_covered},
              {"collapsed_spins", exploration.collapsed_spins},
              {"skipped_timeouts", exploration.skipped_timeouts},
              {"weak_orders", exploration.weak_orders},
              {"older_values", exploration.older_values},
              {"fences", exploration.fences},
              {"unvaried_addresses", exploration.unvaried_addresses},
              {"no_spurious_wakeups", exploration.no_spurious_wakeups},
              {"no_weak_failures", exploration.no_weak_failures},
              {"virtual_time", exploration.virtual_time},
              {"aliases", exploration.aliases},
              {"system_changes", exploration.system_changes},
              {"unseen_locals", exploration.unseen_locals},
              {"unseen_copies", exploration.unseen_copies},
              {"memory_bound", exploration.memory_bound},
              {"cut_at_steps", exploration.cut_at_steps},
              {"cut_after_end", exploration.cut_after_end},
              {"unseen_libraries", exploration.unseen_libraries},
              {"searches", searches},
              {"certainty", Name(CertaintyOf(exploration))},
              {"left_out", LeftOut(exploration)},
              {"seconds", exploration.seconds},
              {"failures", failures}};
}

std::string Written(const Json& json) { return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace); }

}  // namespace racelab
