#include "sanitizers/findings/baseline.h"

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace racelab {

absl::StatusOr<Baseline> ParseBaseline(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("schema", nlohmann::json()) != 1 || !json.contains("known") ||
      !json["known"].is_array())
    return absl::InvalidArgumentError("this is no baseline: {\"schema\": 1, \"known\": [...]} is expected");
  Baseline baseline;
  for (const nlohmann::json& known : json["known"]) {
    if (!known.is_object() || !known.contains("fingerprint") || !known["fingerprint"].is_string())
      return absl::InvalidArgumentError(
          absl::StrCat("entry ", baseline.size() + 1, " of the baseline has no \"fingerprint\""));
    const nlohmann::json message = known.value("message", nlohmann::json(""));
    baseline[known["fingerprint"]] = message.is_string() ? message.get<std::string>() : "";
  }
  return baseline;
}

std::string BaselineText(const std::vector<Finding>& findings) {
  nlohmann::ordered_json known = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    if (!IsAlwaysWrong(*finding.rule))
      known.push_back({{"fingerprint", finding.fingerprint}, {"message", finding.message}});
  }
  const nlohmann::ordered_json json = {{"schema", 1}, {"known", known}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

size_t RemoveKnown(const Baseline& baseline, std::vector<Finding>& findings, std::vector<std::string>& fixed) {
  std::set<std::string> found;
  for (const Finding& finding : findings) found.insert(finding.fingerprint);
  for (const auto& [fingerprint, message] : baseline) {
    if (!found.contains(fingerprint)) fixed.push_back(absl::StrCat(fingerprint, " ", message));
  }
  return std::erase_if(findings, [&](const Finding& finding) {
    return !IsAlwaysWrong(*finding.rule) && baseline.contains(finding.fingerprint);
  });
}

}  // namespace racelab
