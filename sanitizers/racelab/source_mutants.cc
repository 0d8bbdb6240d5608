#include "sanitizers/racelab/source_mutants.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/verification.h"

namespace racelab {
namespace {

// Calls that notify other threads, or wait for them, and are not system calls.
constexpr std::string_view kCallsToSkip[] = {
    "Close",   "Send",      "count_down",          "arrive_and_wait", "arrive",    "release",
    "acquire", "set_value", "set_exception",       "request_stop",    "Notify",    "DecrementCount",
    "wait",    "Wait",      "WaitForNotification", "notify_one",      "notify_all"};

// The text, and a copy without comments, which the mutators search.
class Source {
 public:
  Source(std::string_view text, std::string file) : text_(text), code_(WithoutComments(text)), file_(std::move(file)) {}

  SourceMutants Mutants() {
    WaitOnce();
    WaitOnceWithPredicate();
    SkipCalls();
    ChangeCapacities();
    StartEarly();
    return {std::move(mutants_), Together()};
  }

 private:
  // The position after the bracket that closes the one at `open`; npos if there is none.
  size_t EndOfBrackets(size_t open) const {
    int depth = 0;
    for (size_t i = open; i < code_.size(); ++i) {
      if (code_[i] == '(' || code_[i] == '{' || code_[i] == '[') ++depth;
      if ((code_[i] == ')' || code_[i] == '}' || code_[i] == ']') && --depth == 0) return i + 1;
    }
    return std::string::npos;
  }

  size_t AfterBlanks(size_t at) const {
    while (at < code_.size() && absl::ascii_isspace(static_cast<unsigned char>(code_[at]))) ++at;
    return at;
  }

  // The text from the name of the function around `at`: the last word before an opening bracket whose brackets are
  // followed by a block around `at`. Good enough for a label.
  std::string FunctionAt(size_t at) const {
    static const std::regex function(R"((~?\w+)\([^;{}]*\)[^;{}()]*(:[^;]*)?\{)");
    std::string name;
    for (auto match = std::sregex_iterator(code_.begin(), code_.end(), function); match != std::sregex_iterator();
         ++match) {
      const auto begin = static_cast<size_t>(match->position());
      if (begin > at) break;
      const std::string word = (*match)[1];
      const bool is_statement = word == "if" || word == "while" || word == "for" || word == "switch" || word == "catch";
      const size_t body = begin + static_cast<size_t>(match->length()) - 1;
      if (!is_statement && EndOfBrackets(body) > at) name = word;
    }
    return name;
  }

  // The condition that selects the alternative to be added next.
  std::string Chosen() const { return absl::StrCat("racelab_mutant == ", alternatives_ + 1); }

  // `insertions` turn the text into one that can be either: the original or, if Chosen() is true, the mutant.
  void AddAlternative(std::string_view mutator, size_t at, std::string changed,
                      std::multimap<size_t, std::string> insertions) {
    Add(mutator, at, std::move(changed));
    mutants_.back().alternative = ++alternatives_;
    insertions_.merge(insertions);
  }

  // All alternatives in one text; lines keep their numbers.
  std::string Together() {
    if (alternatives_ < 2) return "";
    std::string together = absl::StrCat(
        "#ifndef RACELAB_MUTANT\n#define RACELAB_MUTANT\n#include <cstddef>\n#include <cstdlib>\n#include <limits>\n"
        "inline const int racelab_mutant = [] {\n  const char* number = std::getenv(\"",
        kAlternative, "\");\n  return number == nullptr ? 0 : std::atoi(number);\n}();\n#endif\n#line 1\n");
    size_t done = 0;
    for (const auto& [place, text] : insertions_) {
      absl::StrAppend(&together, text_.substr(done, place - done), text);
      done = place;
    }
    absl::StrAppend(&together, text_.substr(done));
    return together;
  }

  void Add(std::string_view mutator, size_t at, std::string changed) {
    Mutant mutant;
    mutant.mutator = mutator;
    mutant.file = file_;
    mutant.line =
        static_cast<int>(std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), '\n')) + 1;
    mutant.function = FunctionAt(at);
    const size_t before = text_.rfind('\n', at);
    const size_t begin = before == std::string::npos || at == 0 ? 0 : before + 1;
    mutant.source = CodeOfLine(text_.substr(begin, text_.find('\n', at) - begin));
    mutant.changed = std::move(changed);
    for (const Mutant& other : mutants_)
      mutant.occurrence += other.mutator == mutant.mutator && other.line == mutant.line ? 1 : 0;
    mutants_.push_back(std::move(mutant));
  }

  std::string Replaced(size_t from, size_t to, std::string_view by) const {
    return absl::StrCat(text_.substr(0, from), by, text_.substr(to));
  }

  // while (...) x.wait(...);  ->  if (...) x.wait(...);
  void WaitOnce() {
    static const std::regex loop(R"(\bwhile\s*\()");
    static const std::regex wait(R"([.>](wait|Wait)\s*\()");
    for (auto match = std::sregex_iterator(code_.begin(), code_.end(), loop); match != std::sregex_iterator();
         ++match) {
      const auto at = static_cast<size_t>(match->position());
      const size_t condition = EndOfBrackets(at + static_cast<size_t>(match->length()) - 1);
      if (condition == std::string::npos) continue;
      const size_t body = AfterBlanks(condition);
      if (body >= code_.size()) continue;
      const size_t end = code_[body] == '{' ? EndOfBrackets(body) : code_.find(';', body);
      if (end == std::string::npos) continue;
      if (std::regex_search(code_.substr(body, end - body), wait))
        Add("wait-once", at, Replaced(at, at + std::string_view("while").size(), "if"));
    }
  }

  // x.wait(lock, predicate)  ->  if (!predicate()) x.wait(lock)
  void WaitOnceWithPredicate() {
    static const std::regex wait(R"(\b[\w.>-]+(\.|->)wait\s*\(\s*\w+\s*,)");
    for (auto match = std::sregex_iterator(code_.begin(), code_.end(), wait); match != std::sregex_iterator();
         ++match) {
      const auto at = static_cast<size_t>(match->position());
      const std::string call = match->str();
      if (absl::StrContains(call, "memory_order")) continue;
      const size_t predicate = at + static_cast<size_t>(match->length());
      const size_t end = EndOfBrackets(at + call.find('('));
      if (end == std::string::npos || AfterBlanks(end) >= code_.size() || code_[AfterBlanks(end)] != ';') continue;
      const std::string_view tested = std::string_view(text_).substr(predicate, end - 1 - predicate);
      if (absl::StrContains(tested, "memory_order") || !absl::StrContains(tested, "[")) continue;
      const std::string without = absl::StrCat(text_.substr(at, call.size() - 1), ")");
      Add("wait-once", at, Replaced(at, end, absl::StrCat("if (!(", tested, ")()) ", without)));
    }
  }

  bool BeginsStatement(size_t at) const {
    while (at > 0 && absl::ascii_isspace(static_cast<unsigned char>(code_[at - 1]))) --at;
    return at == 0 || code_[at - 1] == ';' || code_[at - 1] == '{' || code_[at - 1] == '}' || code_[at - 1] == ')';
  }

  // x.Close();  ->  ;
  void SkipCalls() {
    static const std::regex call(R"(\b[A-Za-z_][\w.>\[\]-]*(\.|->)(\w+)\s*\()");
    for (auto match = std::sregex_iterator(code_.begin(), code_.end(), call); match != std::sregex_iterator();
         ++match) {
      const auto at = static_cast<size_t>(match->position());
      const std::string name = (*match)[2];
      if (std::find(std::begin(kCallsToSkip), std::end(kCallsToSkip), name) == std::end(kCallsToSkip)) continue;
      const size_t open = at + static_cast<size_t>(match->length()) - 1;
      const size_t end = EndOfBrackets(open);
      if (!BeginsStatement(at) || end == std::string::npos || AfterBlanks(end) >= code_.size() ||
          code_[AfterBlanks(end)] != ';')
        continue;
      // A wait that names a lock is on a condition variable: the second runtime or wait-once mutates it.
      const std::string_view arguments = std::string_view(code_).substr(open + 1, end - open - 2);
      const bool is_of_condition =
          (name == "wait" && absl::StrContains(arguments, "lock")) || (name == "Wait" && !arguments.empty());
      if (is_of_condition) continue;
      AddAlternative("skip-call", at, Replaced(at, end, "static_cast<void>(0)"),
                     {{at, absl::StrCat(Chosen(), " ? static_cast<void>(0) : static_cast<void>(")}, {end, ")"}});
    }
  }

  // Channel<T> values;  ->  Channel<T> values{1};
  void ChangeCapacities() {
    static const std::regex channel(R"(\bChannel<[^;(){}]*>\s+\w+\s*([;{(]))");
    for (auto match = std::sregex_iterator(code_.begin(), code_.end(), channel); match != std::sregex_iterator();
         ++match) {
      const auto at = static_cast<size_t>(match->position());
      const size_t last = at + static_cast<size_t>(match->length()) - 1;
      if (code_[last] == ';') {
        // A constructor that sets the channel's capacity overrides the declaration.
        if (IsInitialised(match->str())) continue;
        AddAlternative("capacity-one", at, Replaced(last, last, "{1}"),
                       {{last, absl::StrCat("{", Chosen(), " ? ", kOne, " : ", kUnbounded, "}")}});
        continue;
      }
      const size_t end = EndOfBrackets(last);
      if (end == std::string::npos || code_[AfterBlanks(end)] != ';') continue;
      const std::string_view capacity = std::string_view(code_).substr(last + 1, end - last - 2);
      if (absl::StripAsciiWhitespace(capacity) != "1")
        AddAlternative("capacity-one", at, Replaced(last, end, "{1}"),
                       {{last + 1, absl::StrCat(Chosen(), " ? ", kOne, " : ")}});
      AddAlternative("unbounded", at, Replaced(last, end, ""),
                     {{last + 1, absl::StrCat(Chosen(), " ? ", kUnbounded, " : ")}});
    }
  }

  // Whether the member is initialised, here or in a constructor's initialiser list.
  bool IsInitialised(const std::string& declaration) const {
    static const std::regex named(R"((\w+)\s*[;{=(])");
    std::smatch name;
    if (absl::StrContains(declaration, "{") || absl::StrContains(declaration, "=")) return true;
    if (!std::regex_search(declaration, name, named)) return false;
    return std::regex_search(code_, std::regex(absl::StrCat("[:,]\\s*", name[1].str(), "\\s*[({]")));
  }

  // int shared_ = 0; std::jthread worker_{...};  ->  std::jthread worker_{...}; int shared_ = 0;
  void StartEarly() {
    static const std::regex member(R"(\n  (std::j?thread|std::vector<std::j?thread>) \w+[^;\n]*;[^\n]*)");
    static const std::regex first(R"(\n private:)");
    for (auto match = std::sregex_iterator(code_.begin(), code_.end(), member); match != std::sregex_iterator();
         ++match) {
      const auto at = static_cast<size_t>(match->position());
      std::optional<size_t> place;
      for (auto label = std::sregex_iterator(code_.begin(), code_.begin() + match->position(), first);
           label != std::sregex_iterator(); ++label)
        place = static_cast<size_t>(label->position() + label->length());
      if (!place || code_.substr(*place, at - *place).find(';') == std::string::npos) continue;
      if (!IsInitialised(match->str())) continue;
      const auto length = static_cast<size_t>(match->length());
      Add("start-early", at + 1,
          absl::StrCat(text_.substr(0, *place), text_.substr(at, length), text_.substr(*place, at - *place),
                       text_.substr(at + length)));
    }
  }

  static constexpr std::string_view kOne = "std::size_t{1}", kUnbounded = "std::numeric_limits<std::size_t>::max()";

  const std::string text_, code_, file_;
  std::vector<Mutant> mutants_;
  int alternatives_ = 0;
  std::multimap<size_t, std::string> insertions_;  // by position
};

// A folder with `text` as the header and the files next to it, named after all of that content. The compiler's command
// is then the same each time, so that ccache recognises the mutant, and no other folder is ever compiled under its
// name.
std::filesystem::path FolderOfHeader(const std::filesystem::path& header, const std::string& text,
                                     const std::filesystem::path& parent) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  for (const fs::path& file : SortedEntries(header.parent_path())) {
    if (absl::StatusOr<std::string> other = ReadFile(file); other.ok()) files[file.filename()] = *std::move(other);
  }
  files[header.filename()] = text;
  std::string all;
  for (const auto& [name, content] : files) absl::StrAppend(&all, name, "\n", content.size(), "\n", content);
  const fs::path folder = parent / absl::StrCat(absl::Hex(std::hash<std::string>{}(all), absl::kZeroPad16));
  std::error_code error;
  if (fs::exists(folder, error)) return folder;
  // Created atomically, because another process may look for it.
  static std::atomic<int> count = 0;
  const fs::path unfinished = absl::StrCat(folder.string(), ".", getpid(), ".", ++count);
  fs::create_directories(unfinished, error);
  for (const auto& [name, content] : files) std::ofstream(unfinished / name, std::ios::binary) << content;
  fs::rename(unfinished, folder, error);
  if (error) fs::remove_all(unfinished, error);  // Another process was first.
  return folder;
}

}  // namespace

std::string WithoutComments(std::string_view text) {
  std::string code(text);
  const auto blank = [&code](size_t from, size_t to) {
    for (size_t i = from; i < to && i < code.size(); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  for (size_t i = 0; i < code.size(); ++i) {
    if (code.compare(i, 2, "//") == 0) {
      const size_t end = std::min(code.find('\n', i), code.size());
      blank(i, end);
      i = end;
    } else if (code.compare(i, 2, "/*") == 0) {
      const size_t end = code.find("*/", i + 2);
      blank(i, end == std::string::npos ? code.size() : end + 2);
    } else if (code[i] == '"' ||
               (code[i] == '\'' && (i == 0 || !absl::ascii_isalnum(static_cast<unsigned char>(code[i - 1]))))) {
      const char quote = code[i];
      size_t end = i + 1;
      while (end < code.size() && code[end] != quote && code[end] != '\n') end += code[end] == '\\' ? 2 : 1;
      blank(i + 1, end);
      i = end;
    }
  }
  return code;
}

absl::StatusOr<std::string> BuildWithHeader(const Project& project, std::string_view preset, const Lab& lab,
                                            const std::string& variant, const std::string& text,
                                            const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  const std::string target = TestTarget(lab, variant);
  const absl::StatusOr<std::vector<std::string>> commands = CommandsOf(project, preset, target);
  if (!commands.ok()) return commands.status();
  const fs::path original = lab.HeaderOf(variant);
  const fs::path changed = FolderOfHeader(original, text, project.Tree(preset) / "mutants");
  std::error_code error;

  std::string program = (folder / "mutant_test").string();
  static const std::regex dependencies(" -MD -MT [^ ]+ -MF [^ ]+");  // Nothing uses the dependency files.
  for (std::string command : *commands) {
    command = std::regex_replace(command, dependencies, "");
    const std::string objects = absl::StrCat("CMakeFiles/", target, ".dir/");
    for (size_t at = 0; (at = command.find(objects, at)) != std::string::npos; ++at)
      fs::create_directories(
          folder /
              fs::path(command.substr(at + objects.size(), command.find(' ', at) - at - objects.size())).parent_path(),
          error);
    absl::StrReplaceAll(
        {{objects, absl::StrCat(folder.string(), "/")},
         {absl::StrCat("-I", original.parent_path().string(), " "), absl::StrCat("-I", changed.string(), " ")},
         {absl::StrCat("-o bin/", lab.name, "/", variant, "_test "), absl::StrCat("-o ", program, " ")}},
        &command);
    ChildSpec spec;
    spec.argv = {"sh", "-c", command};
    spec.directory = project.Tree(preset).string();
    spec.limits.time = absl::Minutes(2);
    const ChildResult result = RunChild(spec);
    if (result.end == ChildEnd::kExited && result.exit_code == 0) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("does not compile: ", FirstErrors(absl::StrCat(result.out, result.err), 1)));
  }
  return program;
}

SourceMutants SourceMutantsOf(std::string_view text, const std::string& file) { return Source(text, file).Mutants(); }

}  // namespace racelab
