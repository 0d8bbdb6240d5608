#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "sanitizers/report/report.h"

namespace racelab {
namespace {

bool IsIdentifier(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '~' || c == '$';
}

// Reads a demangled name from left to right and collects the parts between its "::" outside all brackets.
class NameReader {
 public:
  explicit NameReader(std::string_view text) : text_(text) {}

  std::vector<std::string> Read() {
    while (at_ < text_.size() && !done_) Step();
    FinishPart();
    return std::move(parts_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  void Step() {
    const char c = text_[at_];
    if (part_.empty() && AtOperator()) {
      ReadOperator();
    } else if (absl::StartsWith(rest(), "::")) {
      FinishPart();
      at_ += 2;
    } else if (c == '<' || c == '{' || c == '[') {
      // Template arguments, or something without a name: clang's and g++'s "{lambda(int)#1}" and "<lambda()>",
      // "{anonymous}", "[abi:v2]".
      if (part_.empty() && absl::StrContains(rest().substr(0, 10), "lambda")) lambda_ = true;
      Skip();
    } else if (c == '\'') {
      // clang's "'lambda0'(int)" and "'unnamed'".
      if (absl::StartsWith(rest(), "'lambda")) lambda_ = true;
      const size_t end = text_.find('\'', at_ + 1);
      at_ = end == std::string_view::npos ? text_.size() : end + 1;
    } else if (c == '(') {
      Skip();
      AfterArguments();
    } else if (c == ' ') {
      // The text so far was the return type, or words like "virtual thunk to".
      Restart();
      ++at_;
    } else {
      part_.push_back(c);
      ++at_;
    }
  }

  // Only cv-qualifiers may follow the arguments, and then the name of something inside the function. Anything else
  // means that the brackets did not hold arguments but were part of the return type, such as "decltype(f())".
  void AfterArguments() {
    std::string_view tail = rest();
    bool qualifier = true;
    while (qualifier) {
      qualifier = absl::ConsumePrefix(&tail, " const") || absl::ConsumePrefix(&tail, " volatile") ||
                  absl::ConsumePrefix(&tail, " noexcept") || absl::ConsumePrefix(&tail, " &&") ||
                  absl::ConsumePrefix(&tail, " &");
    }
    if (absl::StartsWith(tail, "::")) {
      at_ = text_.size() - tail.size();
    } else if (tail.empty() || tail[0] == '.' || absl::StartsWith(tail, " [") || absl::StartsWith(tail, " (.")) {
      done_ = true;  // nothing more, or a compiler's clone: ".part.0", "[clone .cold]"
    } else {
      part_.clear();
    }
  }

  bool AtOperator() const {
    constexpr std::string_view kOperator = "operator";
    if (!absl::StartsWith(rest(), kOperator)) return false;
    const size_t after = at_ + kOperator.size();
    return after < text_.size() && !IsIdentifier(text_[after]);
  }

  void ReadOperator() {
    part_ = "operator";
    at_ += part_.size();
    constexpr std::string_view kSymbols[] = {"()", "[]", "<=>", "<<=", ">>=", "->*", "<<",
                                             ">>", "->", "<=",  ">=",  "<",   ">"};
    for (std::string_view symbol : kSymbols) {
      if (absl::StartsWith(rest(), symbol)) {
        part_.append(symbol);
        at_ += symbol.size();
        if (absl::StartsWith(rest(), " <")) ++at_;  // the blank that distinguishes "operator< <int>" from "operator<<"
        return;
      }
    }
    // "operator new[]", "operator bool", "operator+": everything up to the arguments.
    while (at_ < text_.size() && text_[at_] != '(') {
      if (text_[at_] == '<') {
        Skip();
      } else {
        part_.push_back(text_[at_++]);
      }
    }
  }

  // Skips the bracket at `at_` and everything up to its closing bracket, or to the end if there is none.
  void Skip() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '(' || c == '[' || c == '{' || c == '<') ++depth;
      const bool arrow = c == '>' && at_ > 0 && text_[at_ - 1] == '-';
      if (c == ')' || c == ']' || c == '}' || (c == '>' && !arrow)) --depth;
      if (depth == 0) {
        ++at_;
        return;
      }
    }
  }

  void FinishPart() {
    // clang numbers the lambdas of a function "$_0"; the call operator of a lambda is not part of the name.
    if (absl::StartsWith(part_, "$_")) {
      lambda_ = true;
    } else if (lambda_ && (part_ == "operator()" || part_ == "_FUN" || part_ == "__invoke")) {
      lambda_ = false;
    } else if (!part_.empty()) {
      parts_.push_back(part_);
    }
    part_.clear();
  }

  void Restart() {
    parts_.clear();
    part_.clear();
    lambda_ = false;
  }

  std::string_view text_;
  size_t at_ = 0;
  bool done_ = false;
  bool lambda_ = false;
  std::string part_;
  std::vector<std::string> parts_;
};

// The type of the lambda that `function` gets as an argument: "main()::<lambda()>" for "__invoke_impl<void,
// main()::<lambda()> >"; empty if there is none.
std::string_view LambdaArgument(std::string_view function) {
  const size_t lambda = function.find("::<lambda(");
  if (lambda == std::string_view::npos) return {};
  int depth = 0;
  size_t begin = lambda;
  while (begin > 0) {
    const char c = function[begin - 1];
    if (c == ')' || c == '>') ++depth;
    if (c == '(' || c == '<') --depth;
    if (depth < 0 || (depth == 0 && c == ',')) break;
    --begin;
  }
  return absl::StripAsciiWhitespace(function.substr(begin, lambda - begin));
}

}  // namespace

std::string QualifiedName(std::string_view function) {
  const std::vector<std::string> parts = NameReader(function).Read();
  if (parts.empty()) return std::string(function);
  return absl::StrJoin(parts, "::");
}

std::string SiteName(const Stack& stack, const Frame& frame) {
  std::string name = QualifiedName(frame.function);
  if (name != "operator()") return name;
  const auto at = std::find_if(stack.frames.begin(), stack.frames.end(), [&](const Frame& f) { return &f == &frame; });
  if (at == stack.frames.end() || at + 1 == stack.frames.end()) return name;
  const Frame& caller = *(at + 1);
  if (const std::string_view owner = LambdaArgument(caller.function); !owner.empty()) return QualifiedName(owner);
  // The caller is in the file that contains the lambda, and is not a template: most likely it is the function that
  // contains the lambda.
  return caller.file == frame.file && !caller.function.empty() ? QualifiedName(caller.function) : name;
}

}  // namespace racelab
