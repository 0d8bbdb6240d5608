#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "sanitizers/formats/formats.h"

namespace racelab {
namespace {

using nlohmann::ordered_json;

Place PlaceFromJson(const nlohmann::json& json) {
  return {json.at("file"), json.at("line"), json.at("column"), json.at("text"), json.at("function")};
}

Finding FindingFromJson(const nlohmann::json& json) {
  Finding finding;
  finding.rule = &RuleWithId(json.at("rule").get<std::string>());
  finding.message = json.at("message");
  finding.object = json.at("object");
  finding.fingerprint = json.at("fingerprint");
  finding.count = json.at("count");
  finding.details = json.at("details");
  finding.doubts = json.at("doubts").get<std::vector<std::string>>();
  finding.background = json.value("background", std::vector<std::string>());  // absent from those of earlier versions
  for (const nlohmann::json& place : json.at("places")) finding.places.push_back(PlaceFromJson(place));
  for (const nlohmann::json& step : json.at("flow")) finding.flow.push_back({step.at("thread"), PlaceFromJson(step)});
  return finding;
}

ordered_json JsonOf(const Place& place) {
  return {{"file", place.file},
          {"line", place.line},
          {"column", place.column},
          {"function", place.function},
          {"text", place.text}};
}

ordered_json JsonOf(const Finding& finding) {
  ordered_json json = {{"rule", finding.rule->id},         {"severity", Name(finding.rule->severity)},
                       {"title", finding.rule->title},     {"message", finding.message},
                       {"object", finding.object},         {"fingerprint", finding.fingerprint},
                       {"count", finding.count},           {"details", finding.details},
                       {"doubts", finding.doubts},         {"background", finding.background},
                       {"places", ordered_json::array()},  {"flow", ordered_json::array()},
                       {"meaning", finding.rule->meaning}, {"cause", finding.rule->cause},
                       {"repair", finding.rule->repair},   {"lab", finding.rule->lab}};
  for (const Place& place : finding.places) json["places"].push_back(JsonOf(place));
  for (const FlowStep& step : finding.flow) {
    ordered_json& added = json["flow"].emplace_back(ordered_json{{"thread", step.thread}});
    added.update(JsonOf(step.place));
  }
  return json;
}

}  // namespace

absl::StatusOr<Findings> FindingsFromJson(const std::string& text) {
  Findings findings;
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    if (json.at("schema") != 1) return absl::InvalidArgumentError("it has the schema of another version of racelab");
    findings.command = json.at("command");
    findings.cannot_tell = json.value("cannot_tell", false);
    findings.notes = json.at("notes").get<std::vector<std::string>>();
    for (const nlohmann::json& finding : json.at("findings")) findings.all.push_back(FindingFromJson(finding));
    for (const nlohmann::json& check : json.at("checks")) {
      CheckOutcome outcome(check.at("group"), check.at("name"));
      outcome.seconds = check.at("seconds");
      outcome.findings = check.at("findings").get<std::vector<std::string>>();
      outcome.untold = check.at("untold");
      findings.checks.push_back(std::move(outcome));
    }
  } catch (const nlohmann::json::exception& error) {
    return absl::InvalidArgumentError(absl::StrCat("it is cut off, or was changed: ", error.what()));
  }
  return findings;
}

std::string FindingsJson(const Findings& findings) {
  ordered_json all = ordered_json::array();
  for (const Finding& finding : findings.all) all.push_back(JsonOf(finding));
  ordered_json checks = ordered_json::array();
  for (const CheckOutcome& check : findings.checks) {
    checks.push_back({{"group", check.group},
                      {"name", check.name},
                      {"seconds", check.seconds},
                      {"findings", check.findings},
                      {"untold", check.untold}});
  }
  ordered_json json = {{"schema", 1},
                       {"command", findings.command},
                       {"root", findings.root},
                       {"cannot_tell", findings.cannot_tell},
                       {"notes", findings.notes},
                       {"known", findings.known},
                       {"fixed", findings.fixed}};
  json["checks"] = std::move(checks);
  json["findings"] = std::move(all);
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace racelab
