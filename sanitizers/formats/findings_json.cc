#include <string>
#include <utility>

#include "nlohmann/json.hpp"
#include "sanitizers/formats/formats.h"

namespace racelab {

std::string FindingsJson(const Findings& findings) {
  using nlohmann::ordered_json;
  ordered_json all = ordered_json::array();
  for (const Finding& finding : findings.all) {
    ordered_json places = ordered_json::array(), flow = ordered_json::array();
    for (const Place& place : finding.places) {
      places.push_back({{"file", place.file},
                        {"line", place.line},
                        {"column", place.column},
                        {"function", place.function},
                        {"text", place.text}});
    }
    for (const FlowStep& step : finding.flow) {
      flow.push_back({{"thread", step.thread},
                      {"file", step.place.file},
                      {"line", step.place.line},
                      {"column", step.place.column},
                      {"function", step.place.function},
                      {"text", step.place.text}});
    }
    all.push_back({{"rule", finding.rule->id},
                   {"severity", Name(finding.rule->severity)},
                   {"title", finding.rule->title},
                   {"message", finding.message},
                   {"object", finding.object},
                   {"fingerprint", finding.fingerprint},
                   {"count", finding.count},
                   {"details", finding.details},
                   {"doubts", finding.doubts},
                   {"places", std::move(places)},
                   {"flow", std::move(flow)},
                   {"meaning", finding.rule->meaning},
                   {"cause", finding.rule->cause},
                   {"repair", finding.rule->repair},
                   {"lab", finding.rule->lab}});
  }
  ordered_json checks = ordered_json::array();
  for (const CheckOutcome& check : findings.checks) {
    checks.push_back({{"group", check.group},
                      {"name", check.name},
                      {"seconds", check.seconds},
                      {"findings", check.findings},
                      {"untold", check.untold}});
  }
  const ordered_json json = {{"schema", 1},
                             {"command", findings.command},
                             {"root", findings.root},
                             {"notes", findings.notes},
                             {"known", findings.known},
                             {"fixed", findings.fixed},
                             {"checks", std::move(checks)},
                             {"findings", std::move(all)}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace racelab
