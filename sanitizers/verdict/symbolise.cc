#include "sanitizers/verdict/symbolise.h"

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "sanitizers/verdict/symbolizer.h"

namespace racelab {
namespace {

// What is known of each place that can be read, with its question. `back`: how far in front of a place to look.
std::map<std::string, std::pair<Question, Answer>> Ask(Question::Kind kind, const std::vector<std::string>& places,
                                                       std::uint64_t back, const std::string& directory) {
  std::map<std::string, Question> question_of;
  std::set<Question> questions;
  for (const std::string& place : places) {
    const size_t plus = place.rfind("+0x");
    std::uint64_t offset = 0;
    if (plus == std::string::npos || !absl::SimpleHexAtoi(place.substr(plus + 1), &offset) || offset < back) continue;
    const Question question = {kind, place.substr(0, plus), offset - back};
    question_of.emplace(place, question);
    questions.insert(question);
  }
  const Answers answers = AskSymbolizer(questions, directory);
  std::map<std::string, std::pair<Question, Answer>> result;
  for (const auto& [place, question] : question_of) {
    if (const auto answer = answers.find(question); answer != answers.end()) {
      result.emplace(place, std::pair(question, answer->second));
    }
  }
  return result;
}

Frame ReadFrame(std::string_view function, std::string_view place, std::string_view module) {
  Frame frame;
  if (function != "??") frame.function = function;
  frame.module = module.substr(module.rfind('/') + 1);
  place = place.substr(0, place.find(" (discriminator"));
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos || absl::StartsWith(place, "??")) return frame;
  frame.file = place.substr(0, colon);
  if (!absl::SimpleAtoi(place.substr(colon + 1), &frame.line)) frame.line = 0;
  return frame;
}

}  // namespace

std::map<std::string, std::vector<Frame>> Symbolise(const std::vector<std::string>& places,
                                                    const std::string& directory) {
  std::map<std::string, std::vector<Frame>> result;
  for (const auto& [place, known] :
       Ask(Question::Kind::kCode, places, 1, directory)) {  // Within the call, not after it.
    const auto& [question, answer] = known;
    std::vector<Frame>& frames = result[place];
    for (const auto& [function, where] : answer) frames.push_back(ReadFrame(function, where, question.module));
  }
  return result;
}

std::map<std::string, Global> SymboliseGlobals(const std::vector<std::string>& places, const std::string& directory) {
  std::map<std::string, Global> result;
  for (const auto& [place, known] : Ask(Question::Kind::kData, places, 0, directory)) {
    const auto& [question, answer] = known;
    // Where no variable is, llvm-symbolizer names what is in front of it.
    if (answer.empty() || answer[0].first == "??") continue;
    Global global{answer[0].first};
    const std::vector<std::string_view> start_and_size = absl::StrSplit(answer[0].second, ' ');
    if (start_and_size.size() != 2 || !absl::SimpleAtoi(start_and_size[0], &global.start) ||
        !absl::SimpleAtoi(start_and_size[1], &global.size) || question.offset - global.start >= global.size) {
      continue;
    }
    result.emplace(place, std::move(global));
  }
  return result;
}

}  // namespace racelab
