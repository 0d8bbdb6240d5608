#include "sanitizers/symbols/symbolizer.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tuple>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/synchronization/mutex.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/find_program.h"
#include "sanitizers/report/demangle.h"

namespace racelab {
namespace {

constexpr size_t kQuestionsAtOnce = 1000;  // on one command line
constexpr size_t kMostModules = 20;        // modules whose answers are cached; a program has about ten

// Identifies the current content of a file: it changes when the file is written again.
using Version = std::tuple<dev_t, ino_t, off_t, time_t, long>;

Version VersionOf(const std::string& module, const std::string& directory) {
  struct stat file = {};
  const bool relative = !absl::StartsWith(module, "/") && !directory.empty();
  if (stat(relative ? absl::StrCat(directory, "/", module).c_str() : module.c_str(), &file) != 0) return {};
  return {file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec};
}

// Reads the tool's answers. They come in the order of the questions, each after a line with the address.
void Read(std::string_view out, const std::vector<Question>& questions, Answers& answers) {
  auto next = questions.begin();
  Answer* answer = nullptr;
  std::string_view first;
  for (std::string_view line : absl::StrSplit(out, '\n')) {
    std::uint64_t address = 0;
    if (next != questions.end() && first.empty() && absl::StartsWith(line, "0x") &&
        absl::SimpleHexAtoi(line, &address) && address == next->offset) {
      answer = &answers[*next++];
    } else if (answer != nullptr && first.empty()) {
      first = line;
    } else if (answer != nullptr) {
      // The tool leaves some of g++'s names as they are; the C++ library knows them.
      answer->emplace_back(absl::StartsWith(first, "_Z") ? DemangleWords(first) : std::string(first), line);
      first = {};
    }
  }
}

// Asks the questions, each as an argument, in as many runs of `command` as needed.
void Ask(const std::vector<std::string>& command, const std::vector<Question>& questions,
         std::string (*argument)(const Question&), const std::string& directory, Answers& answers) {
  for (size_t from = 0; from < questions.size(); from += kQuestionsAtOnce) {
    const std::vector<Question> some(questions.begin() + from,
                                     questions.begin() + std::min(questions.size(), from + kQuestionsAtOnce));
    ChildSpec spec;
    spec.argv = command;
    for (const Question& question : some) spec.argv.push_back(argument(question));
    spec.directory = directory;
    spec.limits.time = absl::Seconds(60);
    const ChildResult child = RunChild(spec);
    if (child.end == ChildEnd::kExited) Read(child.out, some, answers);
  }
}

// One run of llvm-symbolizer answers for all modules, because starting it takes longer than most answers.
void AskLlvm(const std::vector<Question>& questions, const std::string& directory, Answers& answers) {
  const auto argument = [](const Question& question) {
    const std::string_view kind = question.kind == Question::Kind::kCode ? "CODE" : "DATA";
    return absl::StrFormat("%s \"%s\" 0x%x", kind, question.module, question.offset);
  };
  Ask({FindSymbolizer(), "--output-style=GNU", "-a", "-f", "-C", "-i"}, questions, argument, directory, answers);
}

void AskAddr2line(const std::vector<Question>& questions, const std::string& directory, Answers& answers) {
  std::map<std::string, std::vector<Question>> by_module;
  for (const Question& question : questions) {
    if (question.kind == Question::Kind::kCode) by_module[question.module].push_back(question);
  }
  const auto argument = [](const Question& question) { return absl::StrFormat("0x%x", question.offset); };
  for (const auto& [module, of_module] : by_module) {
    Ask({"addr2line", "-a", "-f", "-C", "-i", "-e", module}, of_module, argument, directory, answers);
  }
}

// Caches the answers about the most recently used modules.
class Memory {
 public:
  Answers Find(const std::set<Question>& questions, const std::string& directory) {
    // Held while the tool runs: a thread with the same questions would have to wait for the answers anyway.
    absl::MutexLock lock(&mutex_);
    ++turn_;
    std::vector<Question> unknown;
    for (const Question& question : questions) {
      if (!Known(question.module, directory).contains(question)) unknown.push_back(question);
    }
    Answers found;
    if (!unknown.empty()) {
      FindSymbolizer().empty() ? AskAddr2line(unknown, directory, found) : AskLlvm(unknown, directory, found);
    }
    for (const auto& [question, answer] : found) modules_[question.module].known.emplace(question, answer);
    for (const Question& question : questions) {
      const Answers& known = modules_[question.module].known;
      if (const auto answer = known.find(question); answer != known.end()) found.insert(*answer);
    }
    ForgetOldest();
    return found;
  }

 private:
  struct Module {
    Version version;
    std::uint64_t last_turn = 0;
    Answers known;
  };

  // Returns the cached answers for the module's current file. Checks the file once a turn.
  const Answers& Known(const std::string& path, const std::string& directory) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Module& module = modules_[path];
    if (module.last_turn == turn_) return module.known;
    module.last_turn = turn_;
    const Version version = VersionOf(path, directory);
    if (version != module.version) module.known.clear();
    module.version = version;
    return module.known;
  }

  // Evicts the least recently used modules, but none used in this turn.
  void ForgetOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    while (modules_.size() > kMostModules) {
      const auto oldest = std::min_element(modules_.begin(), modules_.end(), [](const auto& one, const auto& other) {
        return one.second.last_turn < other.second.last_turn;
      });
      if (oldest->second.last_turn == turn_) return;
      modules_.erase(oldest);
    }
  }

  absl::Mutex mutex_;
  std::uint64_t turn_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, Module> modules_ ABSL_GUARDED_BY(mutex_);  // By path.
};

}  // namespace

Answers AskSymbolizer(const std::set<Question>& questions, const std::string& directory) {
  static Memory& memory = *new Memory;
  return memory.Find(questions, directory);
}

std::string FindSymbolizer() {
  static const std::string& found = *new std::string([] {
    std::string program = FindProgram("llvm-symbolizer");
    for (int version = 30; version >= 14 && program.empty(); --version) {
      program = FindProgram(absl::StrCat("llvm-symbolizer-", version));
    }
    return program;
  }());
  return found;
}

bool HasSymbolizer() {
  static const bool has = !FindSymbolizer().empty() || !FindProgram("addr2line").empty();
  return has;
}

}  // namespace racelab
