#include "sanitizers/review/round.h"

#include <algorithm>
#include <utility>

namespace racelab {
namespace {

nlohmann::ordered_json JsonOf(const std::optional<bool>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

std::optional<bool> ReadMaybe(const nlohmann::ordered_json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_boolean()) return std::nullopt;
  return found->get<bool>();
}

nlohmann::ordered_json JsonOf(const GradedAnswer& graded) {
  const Answer& answer = graded.answer;
  return {{"change", answer.change},       {"prompted", answer.is_prompted},
          {"approves", answer.approves},   {"where", PlacesText(answer.places)},
          {"class", answer.fault_class},   {"sure", answer.sure},
          {"shown", JsonOf(answer.shown)}, {"removed", JsonOf(answer.removed)},
          {"faulty", graded.is_faulty},    {"right_class", graded.fault_class},
          {"found", graded.found},         {"named", graded.named}};
}

GradedAnswer ReadGraded(const nlohmann::ordered_json& json) {
  GradedAnswer graded;
  Answer& answer = graded.answer;
  answer.change = json.at("change").get<std::string>();
  answer.is_prompted = json.value("prompted", false);
  answer.approves = json.at("approves").get<bool>();
  if (!answer.approves) answer.places = ParsePlaces(json.value("where", "")).value_or(std::vector<CommentPlace>());
  answer.fault_class = json.value("class", "");
  answer.sure = std::clamp(json.value("sure", 50), 50, 100);
  answer.shown = ReadMaybe(json, "shown");
  answer.removed = ReadMaybe(json, "removed");
  graded.is_faulty = json.at("faulty").get<bool>();
  graded.fault_class = json.value("right_class", "");
  graded.found = json.value("found", false);
  graded.named = json.value("named", false);
  return graded;
}

std::optional<Round> ReadRound(const nlohmann::ordered_json& json) try {
  Round round;
  round.begun = json.at("begun").get<std::string>();
  round.ended = json.value("ended", "");
  round.deck = json.value("deck", "");
  round.seed = json.value("seed", std::uint64_t{0});
  round.changes = json.at("changes").get<std::vector<std::string>>();
  for (const auto& answer : json.at("answers")) round.answers.push_back(ReadGraded(answer));
  return round;
} catch (const nlohmann::ordered_json::exception&) {
  return std::nullopt;
}

}  // namespace

std::optional<Round::Next> Round::NextChange() const {
  if (!ended.empty()) return std::nullopt;
  const auto answered = [this](const std::string& change, bool prompted) {
    return std::any_of(answers.begin(), answers.end(), [&](const GradedAnswer& graded) {
      return graded.answer.change == change && graded.answer.is_prompted == prompted;
    });
  };
  const int all = static_cast<int>(changes.size());
  for (int i = 0; i < all; ++i) {
    const std::string& change = changes[static_cast<size_t>(i)];
    if (!answered(change, false)) return Next{change, false, i + 1, all};
  }
  std::vector<std::string> missed;
  for (const GradedAnswer& graded : answers) {
    if (!graded.answer.is_prompted && graded.is_faulty && !graded.found) missed.push_back(graded.answer.change);
  }
  for (size_t i = 0; i < missed.size(); ++i) {
    if (!answered(missed[i], true))
      return Next{missed[i], true, static_cast<int>(i) + 1, static_cast<int>(missed.size())};
  }
  return std::nullopt;
}

std::vector<Round> RoundsIn(const Record& record) {
  std::vector<Round> rounds;
  for (const nlohmann::ordered_json& json : record.rounds) {
    if (std::optional<Round> round = ReadRound(json)) rounds.push_back(*std::move(round));
  }
  return rounds;
}

absl::Status SaveRound(const Project& project, const Round& round) {
  return UpdateWholeRecord(project, [&round](Record& record) {
    for (nlohmann::ordered_json& known : record.rounds) {
      if (known.is_object() && known.value("begun", "") == round.begun) {
        known = ToJson(round);
        return;
      }
    }
    record.rounds.push_back(ToJson(round));
  });
}

nlohmann::ordered_json ToJson(const Round& round) {
  nlohmann::ordered_json answers = nlohmann::ordered_json::array();
  for (const GradedAnswer& answer : round.answers) answers.push_back(JsonOf(answer));
  return {{"begun", round.begun}, {"ended", round.ended},     {"deck", round.deck},
          {"seed", round.seed},   {"changes", round.changes}, {"answers", answers}};
}

}  // namespace racelab
