// racelab completion: lets the shell complete the names of commands, options, labs and fixes.

#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/racelab/commands.h"

namespace racelab {
namespace {

constexpr char kBegin[] = R"bash(# bash completion for racelab:  source <(racelab completion)
_racelab() {
  local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} before=${COMP_WORDS[COMP_CWORD-1]} lab=${COMP_WORDS[2]}
  local candidates candidate options
  for candidate in "${COMP_WORDS[@]:2}"; do  # The lab need not come first.
    case " $(racelab list --names 2>/dev/null | tr '\n' ' ')" in *" $candidate "*) lab=$candidate; break ;; esac
  done
)bash";

constexpr char kEnd[] = R"bash(  esac
  case $COMP_CWORD:$before in
    1:*) candidates=$commands ;;
    *:--compiler) candidates='clang gcc' ;;
    *:--tool) candidates='tsan interleave both' ;;
    *:--search) candidates='exhaustive preemptions=2 random pct full' ;;
    *:--fix) candidates=$(racelab list --variants "$lab" 2>/dev/null) ;;
    3:*) if [ "$command" = run ]; then candidates=$(racelab list --variants "$lab" 2>/dev/null)
         else candidates=$(racelab list --names 2>/dev/null); fi ;;
    *) candidates=$(racelab list --names 2>/dev/null) ;;
  esac
  case $word in -*) candidates=$options ;; esac
  COMPREPLY=($(compgen -W "$candidates" -- "$word"))
}
complete -F _racelab racelab
)bash";

std::string Names(const std::vector<const CLI::App*>& commands) {
  return absl::StrJoin(commands, " ",
                       [](std::string* text, const CLI::App* command) { text->append(command->get_name()); });
}

// The options of a subcommand: "--fix --json ...".
std::string Options(const CLI::App& command) {
  std::string text;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) absl::StrAppend(&text, text.empty() ? "" : " ", "--", name);
  }
  return text;
}

std::string Script(const CLI::App& racelab) {
  const std::vector<const CLI::App*> commands = racelab.get_subcommands([](const CLI::App*) { return true; });
  std::string text = absl::StrCat(kBegin, "  local commands='", Names(commands), "'\n  case $command in\n");
  for (const CLI::App* command : commands)
    absl::StrAppend(&text, "    ", command->get_name(), ") options='", Options(*command), "' ;;\n");
  return absl::StrCat(text, kEnd);
}

}  // namespace

void AddCompletion(CLI::App& racelab) {
  CLI::App* command = racelab.add_subcommand("completion", "Complete names in bash: source <(racelab completion)");
  command->callback([&racelab] { std::fputs(Script(racelab).c_str(), stdout); });
}

}  // namespace racelab
