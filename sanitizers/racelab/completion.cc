// racelab completion: names of commands, labs and fixes, completed by the shell.

#include <cstdio>

#include "sanitizers/racelab/commands.h"

namespace racelab {
namespace {

constexpr char kBash[] = R"bash(# bash completion for racelab:  source <(racelab completion)
_racelab() {
  local word=${COMP_WORDS[COMP_CWORD]}
  case $COMP_CWORD:${COMP_WORDS[COMP_CWORD-1]} in
    1:*) COMPREPLY=($(compgen -W 'list show start run verify bench check completion' -- "$word")) ;;
    *:--compiler) COMPREPLY=($(compgen -W 'clang gcc' -- "$word")) ;;
    *:--fix) COMPREPLY=($(compgen -W "$(racelab list --variants "${COMP_WORDS[2]}" 2>/dev/null)" -- "$word")) ;;
    *) if [ "${COMP_WORDS[1]}" = run ] && [ "$COMP_CWORD" = 3 ]; then
         COMPREPLY=($(compgen -W "$(racelab list --variants "${COMP_WORDS[2]}" 2>/dev/null)" -- "$word"))
       else
         COMPREPLY=($(compgen -W "$(racelab list --names 2>/dev/null)" -- "$word"))
       fi ;;
  esac
}
complete -F _racelab racelab
)bash";

}  // namespace

void AddCompletion(CLI::App& racelab) {
  CLI::App* command =
      racelab.add_subcommand("completion", "Completion of names for bash: source <(racelab completion)");
  command->callback([] { std::fputs(kBash, stdout); });
}

}  // namespace racelab
