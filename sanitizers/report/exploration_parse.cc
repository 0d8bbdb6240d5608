// Reads the JSON that the second runtime writes.

#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"
#include "sanitizers/report/demangle.h"
#include "sanitizers/report/exploration.h"

namespace racelab {
namespace {

using ParsedJson = nlohmann::json;

// At this point each frame is only a place: its `module` is "module+offset".
Stack ReadStack(const ParsedJson& json) {
  Stack stack;
  const auto found = json.find("stack");
  if (found == json.end()) return stack;
  for (const ParsedJson& place : *found)
    stack.frames.push_back({.function = "", .file = "", .line = 0, .module = place});
  return stack;
}

std::optional<std::uint64_t> ReadValue(const ParsedJson& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? std::nullopt : std::optional<std::uint64_t>(found->get<std::uint64_t>());
}

Surroundings ReadSurroundings(const ParsedJson& json) {
  Surroundings surroundings;
  const auto found = json.find("surroundings");
  if (found == json.end()) return surroundings;
  surroundings.address = found->at("address");
  surroundings.stack_pointer = found->at("stack_pointer");
  for (const ParsedJson& frame : found->at("frames")) {
    surroundings.frames.push_back({frame.at("place"), frame.at("pc"), frame.at("cfa"), frame.at("registers")});
  }
  const ParsedJson& words = found->at("words");
  for (size_t i = 0; i + 1 < words.size(); i += 2) surroundings.words[words[i]] = words[i + 1];
  return surroundings;
}

// A step may refer to one of the `earlier` steps that has the same stack.
Stack ReadStackOfStep(const ParsedJson& json, const std::vector<InterleavingStep>& earlier) {
  const auto other = json.find("stack_of");
  return other == json.end() ? ReadStack(json) : earlier.at(other->get<size_t>()).stack;
}

InterleavingStep ReadStep(const ParsedJson& json, const std::vector<InterleavingStep>& earlier) {
  return {.number = 0,
          .thread = json.at("thread"),
          .is_step = json.at("step"),
          .operation = json.at("operation"),
          .order = json.value("order", ""),
          .note = json.value("note", ""),
          .object = json.at("object"),
          .name = "",
          .size = json.value("size", std::uint64_t{0}),
          .before = ReadValue(json, "before"),
          .after = ReadValue(json, "after"),
          .is_whole = true,
          .before_text = "",
          .after_text = "",
          .failed = json.value("failed", false),
          .older = json.value("older", false),
          .expected = ReadValue(json, "expected"),
          .expected_text = "",
          .joins = json.value("joins", -1),
          .held = json.at("held").get<std::vector<std::string>>(),
          .held_names = {},
          .stack = ReadStackOfStep(json, earlier),
          .surroundings = ReadSurroundings(json)};
}

// `steps` are this failure's steps, which have already been read.
InterleavingFailure ReadFailure(const ParsedJson& json, std::vector<InterleavingStep> steps) {
  InterleavingFailure failure;
  failure.kind = json.at("kind");
  failure.thread = json.at("thread");
  failure.message = DemangleWords(json.at("message").get<std::string>());
  failure.found_after = json.at("found_after");
  failure.occurrences = json.at("occurrences");
  failure.schedule = json.at("schedule");
  failure.threads = json.at("threads");
  failure.preemptions = json.value("preemptions", 0);
  failure.memory = json.value("memory", "");
  failure.memory_bytes = json.value("memory_bytes", std::uint64_t{0});
  failure.surroundings = ReadSurroundings(json);
  if (const auto accesses = json.find("accesses"); accesses != json.end()) {
    for (const ParsedJson& access : *accesses) {
      failure.accesses.push_back({.thread = access.at("thread"),
                                  .access = access.at("access"),
                                  .stack = ReadStack(access),
                                  .knows_held = access.contains("held"),
                                  .held = access.value("held", std::vector<std::string>()),
                                  .held_names = {}});
    }
  }
  for (const ParsedJson& waiting : json.at("waiting")) {
    failure.waiting.push_back({waiting.at("thread"), waiting.value("slot", 0), waiting.value("can_go_on", false),
                               waiting.at("operation"), waiting.at("object"), "", waiting.value("holder", -1),
                               waiting.at("spins"), ReadValue(waiting, "expected"), ReadStack(waiting),
                               ReadSurroundings(waiting)});
  }
  failure.stack = ReadStack(json);
  failure.defect = json.value("defect", "");
  failure.is_note = json.value("note", false);
  failure.steps = std::move(steps);
  std::uint64_t number = 0;
  for (InterleavingStep& step : failure.steps) step.number = ++number;
  failure.all_steps = number;
  return failure;
}

Layout ReadLayout(const ParsedJson& json) {
  const ParsedJson& heap = json.at("heap");
  return {heap.at("begin"), heap.at("bytes"), json.at("registers").get<std::vector<int>>()};
}

// Checks that the frames of a failure's steps have a value for each of the registers.
void CheckRegisters(const Exploration& exploration) {
  for (const InterleavingFailure& failure : exploration.failures) {
    for (const InterleavingStep& step : failure.steps) {
      for (const StepFrame& frame : step.surroundings.frames) {
        if (frame.registers.size() != exploration.layout.registers.size())
          throw std::runtime_error(absl::StrCat("a frame has ", frame.registers.size(), " registers, not ",
                                                exploration.layout.registers.size()));
      }
    }
  }
}

CallSite ReadSite(const ParsedJson& json) {
  CallSite site;
  site.does = json.at("does");
  site.order = json.at("order");
  site.can_be_shared = json.at("can_be_shared");
  site.nested = json.at("nested");
  site.concurrent = json.at("concurrent");
  site.locks = json.at("locks").get<std::vector<std::uint64_t>>();
  site.ids = json.at("ids").get<std::vector<std::uint64_t>>();
  site.places = json.at("stack").get<std::vector<std::string>>();
  if (site.ids.size() != site.places.size()) throw std::runtime_error("a call site has a frame without an id");
  return site;
}

Exploration ReadExploration(const ParsedJson& json, std::vector<std::vector<InterleavingStep>> steps) {
  Exploration exploration;
  exploration.scenario = json.at("scenario");
  exploration.search = json.at("search");
  exploration.preemptions = json.at("preemptions");
  exploration.seed = json.at("seed");
  exploration.executions = json.at("executions");
  exploration.sleep_set_blocked = json.at("sleep_set_blocked");
  exploration.failing = json.at("failing");
  exploration.complete = json.at("complete");
  exploration.preemptions_covered = json.at("preemptions_covered");
  exploration.collapsed_spins = json.at("collapsed_spins");
  exploration.skipped_timeouts = json.at("skipped_timeouts");
  exploration.weak_orders = json.value("weak_orders", false);
  exploration.older_values = json.value("older_values", 0);
  exploration.fences = json.value("fences", false);
  exploration.unvaried_addresses = json.value("unvaried_addresses", false);
  exploration.no_spurious_wakeups = json.value("no_spurious_wakeups", false);
  exploration.compare_exchanges = json.value("compare_exchanges", std::vector<std::string>());
  exploration.has_more_compare_exchanges = json.value("no_weak_failures", false);
  exploration.no_weak_failures = exploration.has_more_compare_exchanges || !exploration.compare_exchanges.empty();
  exploration.virtual_time = json.value("virtual_time", false);
  exploration.aliases = json.value("aliases", false);
  exploration.system_changes = json.value("system_changes", false);
  exploration.shared_stacks = json.value("shared_stacks", false);
  exploration.memory_bound = json.value("memory_bound", false);
  exploration.cut_at_steps = json.value("cut_at_steps", std::uint64_t{0});
  exploration.cut_after_end = json.value("cut_after_end", std::uint64_t{0});
  exploration.out_of_time = json.value("out_of_time", false);
  exploration.unseen_libraries = json.value("unseen_libraries", std::vector<std::string>());
  for (const ParsedJson& search : json.value("searches", ParsedJson::array())) {
    exploration.searches.push_back({search.at("search"), search.value("executions", std::uint64_t{0}),
                                    search.value("preemptions", 0), search.value("seed", std::uint64_t{0})});
  }
  exploration.seconds = json.at("seconds");
  exploration.layout = ReadLayout(json);
  for (const ParsedJson& outcome : json.at("outcomes"))
    exploration.outcomes[outcome.at("exit_code")] = outcome.at("executions");
  size_t failures = 0;
  for (const ParsedJson& failure : json.at("failures"))
    exploration.failures.push_back(ReadFailure(failure, std::move(steps.at(failures++))));
  for (const ParsedJson& site : json.value("sites", ParsedJson::array())) exploration.sites.push_back(ReadSite(site));
  exploration.mutated = json.value("mutated", std::uint64_t{0});
  for (const ParsedJson& difference : json.value("differences", ParsedJson::array()))
    exploration.difference = ReadFailure(difference, std::move(steps.at(failures++)));
  CheckRegisters(exploration);
  return exploration;
}

RuntimesEnd ReadEnd(const std::string& end) {
  if (end == "gave up") return RuntimesEnd::kGaveUp;
  if (end == "misuse") return RuntimesEnd::kMisuse;
  if (end == "tests hung") return RuntimesEnd::kTestsHung;
  throw std::runtime_error(absl::StrCat("there is no end '", end, "'"));
}

// Reads a line. An interleaving may have a hundred thousand steps, and a tree of their JSON would need many times the
// memory of the line. So each step is read as soon as it is parsed, and then dropped from the tree.
void ReadLine(std::string_view line, ParsedExplorations& result) {
  constexpr int kExploration = 0, kFailure = 2, kStep = 4;  // The depth of each of these: {failures: [{steps: [{...
  std::vector<std::vector<InterleavingStep>> steps;
  std::string key, key_of_failure;
  const auto take_step = [&](int depth, ParsedJson::parse_event_t event, ParsedJson& parsed) {
    if (event == ParsedJson::parse_event_t::key && depth == kExploration + 1) key = parsed.get<std::string>();
    if (key != "failures" && key != "differences") return true;
    if (event == ParsedJson::parse_event_t::object_start && depth == kFailure) steps.emplace_back();
    if (event == ParsedJson::parse_event_t::key && depth == kFailure + 1) key_of_failure = parsed.get<std::string>();
    if (event != ParsedJson::parse_event_t::object_end || depth != kStep || key_of_failure != "steps") return true;
    steps.back().push_back(ReadStep(parsed, steps.back()));
    return false;
  };
  const ParsedJson json = ParsedJson::parse(line, take_step);
  if (const auto end = json.find("end"); end != json.end()) {
    result.end = ReadEnd(*end);
    result.words = DemangleWords(json.at("words").get<std::string>());
  } else {
    result.explorations.push_back(ReadExploration(json, std::move(steps)));
  }
}

}  // namespace

ParsedExplorations ParseExplorations(std::string_view text) {
  ParsedExplorations parsed;
  int line_number = 0;
  for (std::string_view line : absl::StrSplit(text, '\n')) {
    ++line_number;
    if (line.empty()) continue;
    try {
      ReadLine(line, parsed);
    } catch (const std::exception& error) {
      parsed.problem =
          absl::StrCat("the report of the explorations is cut or broken in line ", line_number, ": ", error.what());
      return parsed;
    }
  }
  return parsed;
}

}  // namespace racelab
