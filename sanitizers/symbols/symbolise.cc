#include "sanitizers/symbols/symbolise.h"

#include <cstddef>
#include <filesystem>
#include <set>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace racelab {
namespace {

Frame ReadFrame(std::string_view function, std::string_view place, std::string_view module) {
  Frame frame;
  if (function != "??") frame.function = function;
  frame.module = module.substr(module.rfind('/') + 1);
  place = place.substr(0, place.find(" (discriminator"));
  const size_t colon = place.rfind(':');
  if (colon == std::string_view::npos || absl::StartsWith(place, "??")) return frame;
  // The debug information may name a file by way of the build tree: "build/tsan/../../labs/...".
  frame.file = std::filesystem::path(place.substr(0, colon)).lexically_normal().string();
  if (!absl::SimpleAtoi(place.substr(colon + 1), &frame.line)) frame.line = 0;
  return frame;
}

}  // namespace

std::vector<Frame> ReadFrames(const Question& question, const Answer& answer) {
  std::vector<Frame> frames;
  for (const auto& [function, place] : answer) frames.push_back(ReadFrame(function, place, question.module));
  return frames;
}

std::optional<Global> ReadGlobal(const Question& question, const Answer& answer) {
  if (answer.empty() || answer[0].first == "??") return std::nullopt;
  Global global{answer[0].first};
  const std::vector<std::string_view> start_and_size = absl::StrSplit(answer[0].second, ' ');
  // If there is no variable at the address, llvm-symbolizer returns the preceding one.
  if (start_and_size.size() != 2 || !absl::SimpleAtoi(start_and_size[0], &global.start) ||
      !absl::SimpleAtoi(start_and_size[1], &global.size) || question.offset - global.start >= global.size) {
    return std::nullopt;
  }
  return global;
}

std::map<std::string, std::vector<Frame>> Symbolise(const std::vector<std::string>& places,
                                                    const std::string& directory) {
  std::map<std::string, Question> question_of;
  std::set<Question> questions;
  for (const std::string& place : places) {
    const size_t plus = place.rfind("+0x");
    std::uint64_t offset = 0;
    if (plus == std::string::npos || !absl::SimpleHexAtoi(place.substr(plus + 1), &offset) || offset == 0) continue;
    const Question question = {Question::Kind::kCode, place.substr(0, plus), offset - 1};  // within the call
    question_of.emplace(place, question);
    questions.insert(question);
  }
  const Answers answers = AskSymbolizer(questions, directory);
  std::map<std::string, std::vector<Frame>> result;
  for (const auto& [place, question] : question_of) {
    if (const auto answer = answers.find(question); answer != answers.end()) {
      result.emplace(place, ReadFrames(question, answer->second));
    }
  }
  return result;
}

}  // namespace racelab
