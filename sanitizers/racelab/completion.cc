// racelab completion: lets the shell complete the names of commands, options, labs and variants.

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/lab.h"
#include "sanitizers/racelab/project.h"

namespace racelab {
namespace {

// Each script calls `racelab completion -- WORDS` for the candidates for the last word.
constexpr char kBash[] = R"bash(# bash completion for racelab:  source <(racelab completion)
_racelab() {
  local word=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=($(compgen -W "$(racelab completion -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)" -- "$word"))
}
complete -o default -F _racelab racelab
)bash";

constexpr char kZsh[] = R"zsh(#compdef racelab
# zsh completion for racelab:  source <(racelab completion zsh)
_racelab() {
  compadd -- ${(f)"$(racelab completion -- "${(@)words[1,CURRENT]}" 2>/dev/null)"}
}
compdef _racelab racelab
)zsh";

constexpr char kFish[] = R"fish(# fish completion for racelab:  racelab completion fish | source
complete -c racelab -f -a '(racelab completion -- (commandline -opc) "$(commandline -ct)" 2>/dev/null)'
)fish";

std::vector<std::string> NamesOfCommands(const CLI::App& racelab) {
  std::vector<std::string> names;
  for (const CLI::App* command : racelab.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// The values of an option; empty if any value is allowed.
std::vector<std::string> ValuesOf(const std::string& option) {
  if (option == "--compiler") return {"clang", "gcc"};
  if (option == "--tool") return {"tsan", "interleave", "both"};
  if (option == "--search") return {"exhaustive", "preemptions=2", "random", "pct", "full"};
  return {};
}

std::vector<std::string> ShownNames(const std::vector<Lab>& labs) {
  std::vector<std::string> names;
  for (const Lab& lab : labs) names.push_back(lab.ShownName());
  return names;
}

// The candidates for the last of `words`, a command line that begins with "racelab".
std::vector<std::string> Candidates(const CLI::App& racelab, const std::vector<std::string>& words) {
  if (words.size() <= 2) return NamesOfCommands(racelab);
  const std::vector<const CLI::App*> found =
      racelab.get_subcommands([&](const CLI::App* command) { return command->get_name() == words[1]; });
  if (found.empty()) return {};
  const CLI::App& command = *found.front();
  if (!NamesOfCommands(command).empty())  // As in "racelab review start".
    return Candidates(command, std::vector<std::string>(words.begin() + 1, words.end()));
  if (absl::StartsWith(words.back(), "-")) return OptionNames(command);
  std::vector<std::string> names;  // the words before the last one that are neither options nor their values
  bool is_value = false;
  for (size_t i = 2; i < words.size(); ++i) {
    const CLI::Option* option = is_value ? nullptr : command.get_option_no_throw(words[i]);
    const bool is_option = option != nullptr && absl::StartsWith(words[i], "-");
    if (i + 1 == words.size() && is_value) return ValuesOf(words[i - 1]);
    if (!is_option && !is_value && i + 1 < words.size()) names.push_back(words[i]);
    is_value = is_option && option->get_items_expected_max() > 0;
  }
  if (words[1] == "completion") return {"bash", "zsh", "fish"};
  if (words[1] == "grade") return {};  // Files, which the shell completes.
  const absl::StatusOr<Project> project = FindProject();
  if (!project.ok()) return {};
  const std::vector<Lab> labs = LoadLabs(*project).value_or(std::vector<Lab>());
  if (names.empty()) return ShownNames(labs);
  const absl::StatusOr<Lab> lab = FindLab(labs, names.front());
  return lab.ok() ? lab->ShownVariants() : std::vector<std::string>();
}

}  // namespace

void AddCompletion(CLI::App& racelab, std::vector<std::string> words) {
  auto shell = std::make_shared<std::string>("bash");
  CLI::App* command =
      racelab.add_subcommand("completion", "Complete names in your shell: source <(racelab completion)");
  command->add_option("SHELL", *shell, "bash, the default; zsh; fish")->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([&racelab, shell, words = std::move(words)] {
    if (words.empty()) std::fputs(*shell == "zsh" ? kZsh : *shell == "fish" ? kFish : kBash, stdout);
    const std::vector<std::string> candidates = words.empty() ? words : Candidates(racelab, words);
    for (const std::string& candidate : candidates) std::puts(candidate.c_str());
  });
}

}  // namespace racelab
