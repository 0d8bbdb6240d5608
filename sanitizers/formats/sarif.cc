#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "sanitizers/formats/formats.h"
#include "sanitizers/formats/utf8.h"

namespace racelab {
namespace {

using nlohmann::ordered_json;

// GitHub shows the first 5,000 results, and reads at most 1,000 locations of a flow.
constexpr size_t kMostResults = 5000;
constexpr size_t kMostFlowLocations = 1000;
constexpr size_t kMostRelatedLocations = 99;  // with the primary one, the 100 that GitHub reads
// GitHub accepts at most 10 MB, compressed.
constexpr size_t kMostDetailsInSarif = 4000;        // bytes of a report's text
constexpr size_t kMostFlowLocationsInAll = 20'000;  // of all results together; later results get none

constexpr std::string_view kSchema = "https://json.schemastore.org/sarif-2.1.0.json";
constexpr std::string_view kInformation = "https://github.com/google/sanitizers/wiki/ThreadSanitizerCppManual";

// The path as part of a URI (RFC 3986).
std::string UriOf(std::string_view path) {
  std::string uri;
  for (const unsigned char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/-._~+").find(static_cast<char>(c)) != std::string_view::npos;
    absl::StrAppend(&uri, plain ? std::string(1, static_cast<char>(c)) : absl::StrFormat("%%%02X", c));
  }
  return uri;
}

// The region from the access, if its column is known, or otherwise from the line's first word, to the end of the line.
ordered_json Region(const std::string& root, const Place& place) {
  const SourceLines source = ReadAround(root, place, 0);
  const std::string line = source.lines.empty() ? "" : source.lines.front();
  const size_t word = line.find_first_not_of(" \t");
  size_t start = word == std::string::npos ? 1 : word + 1;
  // Compilers count bytes.
  if (place.column > 0) start = CodePoints(line.substr(0, place.column - 1)) + 1;
  if (place.column > static_cast<int>(line.size()) + 1) start = place.column;  // another version of the file
  const size_t end = std::max(CodePoints(line) + 1, start + 1);
  return {{"startLine", std::max(place.line, 1)},
          {"startColumn", start},
          {"endLine", std::max(place.line, 1)},
          {"endColumn", end}};
}

ordered_json Location(const Findings& findings, const Place& place) {
  ordered_json artifact = {{"uri", UriOf(place.file)}};
  if (absl::StartsWith(place.file, "/")) {
    artifact["uri"] = absl::StrCat("file://", UriOf(place.file));
  } else {
    artifact["uriBaseId"] = "%SRCROOT%";
  }
  return {{"physicalLocation", {{"artifactLocation", artifact}, {"region", Region(findings.root, place)}}}};
}

std::string Said(const Place& place) {
  if (place.text.empty()) return place.function;
  return place.function.empty() ? place.text : absl::StrCat(place.text, ", in ", place.function);
}

// Where a finding without any place is shown: GitHub refuses a file as a whole if one result has no location.
ordered_json SomeLocation(const Findings& findings) {
  Place place = {"CMakeLists.txt", 1, 0, "", ""};
  for (const char* file : {"CMakeLists.txt", "Makefile", "meson.build", "BUILD.bazel", "README.md"}) {
    if (!std::filesystem::exists(std::filesystem::path(findings.root) / file)) continue;
    place.file = file;
    break;
  }
  ordered_json location = Location(findings, place);
  location["message"] = {{"text", "It is unknown where it happens."}};
  return location;
}

ordered_json RuleJson(const Rule& rule) {
  const std::string lab = rule.lab.empty() ? "" : absl::StrCat("\n\nracelab start ", rule.lab, " teaches it.");
  const std::string help = absl::StrCat("Usual cause: ", rule.cause, "\n\nWhat removes it: ", rule.repair, lab);
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.title}}},
          {"fullDescription", {{"text", rule.meaning}}},
          {"help", {{"text", help}, {"markdown", help}}},
          {"defaultConfiguration", {{"level", Name(rule.severity)}}},
          {"properties", {{"tags", {"concurrency", "thread-safety"}}, {"precision", "very-high"}}}};
}

// One flow with the steps of all threads in order; each message names the thread.
ordered_json CodeFlow(const Findings& findings, const Finding& finding) {
  ordered_json locations = ordered_json::array();
  const size_t count = finding.flow.size();
  // If there are too many, keep the last ones, which lead to the failure.
  for (size_t i = count - std::min(count, kMostFlowLocations); i < count; ++i) {
    const FlowStep& step = finding.flow[i];
    ordered_json location = Location(findings, step.place);
    location["message"] = {{"text", absl::StrCat(step.thread, ": ", Said(step.place))}};
    locations.push_back({{"location", std::move(location)}});
  }
  // Nested braces would not work here: a list of pairs would become an object.
  ordered_json flow = ordered_json::object();
  flow["threadFlows"] = ordered_json::array({ordered_json::object({{"locations", std::move(locations)}})});
  return flow;
}

ordered_json Result(const Findings& findings, const Finding& finding, size_t rule_index, bool with_flow) {
  ordered_json result = {{"ruleId", finding.rule->id},
                         {"ruleIndex", rule_index},
                         {"level", Name(finding.rule->severity)},
                         {"message", {{"text", finding.message}}}};
  // Only the first location decides whether a pull request shows the result.
  const Place* primary = PlaceInSources(finding);
  ordered_json related = ordered_json::array();
  for (const Place& place : finding.places) {
    if (place.file.empty()) continue;
    if (primary == nullptr) primary = &place;
    ordered_json location = Location(findings, place);
    if (!Said(place).empty()) location["message"] = {{"text", Said(place)}};
    if (&place == primary) {
      result["locations"] = ordered_json::array({std::move(location)});
    } else if (related.size() < kMostRelatedLocations) {
      location["id"] = related.size() + 1;
      related.push_back(std::move(location));
    }
  }
  if (primary == nullptr) result["locations"] = ordered_json::array({SomeLocation(findings)});
  if (!related.empty()) result["relatedLocations"] = std::move(related);
  if (with_flow && !finding.flow.empty()) result["codeFlows"] = ordered_json::array({CodeFlow(findings, finding)});
  result["partialFingerprints"] = {{"primaryLocationLineHash", absl::StrCat(finding.fingerprint, ":1")}};
  result["properties"] = {{"count", finding.count}, {"details", FirstBytes(finding.details, kMostDetailsInSarif)}};
  return result;
}

}  // namespace

std::string Sarif(const Findings& findings, const std::string& category) {
  ordered_json rules = ordered_json::array(), results = ordered_json::array(), notes = ordered_json::array();
  std::map<std::string_view, size_t> index;
  size_t flow_locations = 0, without_flow = 0;
  for (const Finding& finding : findings.all) {
    if (results.size() == kMostResults) break;
    const auto [at, is_new] = index.emplace(finding.rule->id, rules.size());
    if (is_new) rules.push_back(RuleJson(*finding.rule));
    flow_locations += std::min(finding.flow.size(), kMostFlowLocations);
    const bool with_flow = flow_locations <= kMostFlowLocationsInAll;
    without_flow += with_flow ? 0 : 1;
    results.push_back(Result(findings, finding, at->second, with_flow));
  }
  for (const std::string& note : findings.notes) notes.push_back({{"level", "warning"}, {"message", {{"text", note}}}});
  if (findings.all.size() > kMostResults) {
    notes.push_back({{"level", "warning"},
                     {"message", {{"text", absl::StrCat(findings.all.size() - kMostResults, " more are left out")}}}});
  }
  if (without_flow > 0) {
    notes.push_back({{"level", "warning"},
                     {"message", {{"text", absl::StrCat("the steps of ", without_flow, " results are left out")}}}});
  }
  ordered_json driver = {{"name", "racelab"},
                         {"fullName", "Race Lab"},
                         {"semanticVersion", RACELAB_VERSION},
                         {"informationUri", kInformation}};
  driver["rules"] = std::move(rules);
  ordered_json invocation = {{"executionSuccessful", !findings.cannot_tell}, {"commandLine", findings.command}};
  invocation["toolExecutionNotifications"] = std::move(notes);
  ordered_json run;
  run["tool"]["driver"] = std::move(driver);
  run["columnKind"] = "unicodeCodePoints";
  run["originalUriBaseIds"]["%SRCROOT%"]["description"]["text"] = "The folder of the sources";
  run["invocations"] = ordered_json::array({std::move(invocation)});
  run["results"] = std::move(results);
  if (!category.empty()) run["automationDetails"]["id"] = absl::StrCat(category, "/");
  ordered_json log = {{"$schema", kSchema}, {"version", "2.1.0"}};
  log["runs"] = ordered_json::array({std::move(run)});
  return log.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace racelab
