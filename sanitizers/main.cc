// racelab: see, provoke, prove and fix race conditions.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "sanitizers/gate/commands.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/suggest.h"
#include "sanitizers/review/commands.h"

namespace {

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// Puts the commands that were added after the first `before` ones under their own heading.
void GroupSince(size_t before, const std::string& heading, CLI::App& app) {
  const std::vector<CLI::App*> commands = app.get_subcommands([](const CLI::App*) { return true; });
  for (size_t i = before; i < commands.size(); ++i) commands[i]->group(heading);
}

// If a standard stream is closed, the next file that is opened would take its descriptor.
void OpenStandardStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) < 0) open("/dev/null", O_RDWR);  // gets the lowest free number
  }
}

}  // namespace

int main(int argc, char** argv) {
  using namespace racelab;
  OpenStandardStreams();
  signal(SIGXFSZ, SIG_IGN);  // A write beyond the limit on files' sizes fails, and is reported like a full disk.
  if (const absl::Status installed = InstallInterruptHandler(); !installed.ok()) {
    std::fprintf(stderr, "racelab: %s\n", std::string(installed.message()).c_str());
  }

  // The words after `--` are the command line of a program to run.
  char** const end = argv + argc;
  char** const separator =
      std::find_if(argv, end, [](const char* argument) { return std::string_view(argument) == "--"; });
  argc = static_cast<int>(separator - argv);

  CLI::App app("See, provoke, prove and fix race conditions in C++.", "racelab");
  app.set_version_flag("--version", RACELAB_VERSION);
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(26);
  const std::vector<std::string> program(separator == end ? end : separator + 1, end);
  AddList(app);
  AddShow(app);
  AddRun(app);
  AddStart(app);
  AddWatch(app);
  AddCheck(app);
  AddHint(app);
  AddStep(app);
  AddReport(app);
  AddDiff(app);
  AddReset(app);
  AddSolution(app);
  AddBench(app);
  AddReview(app);
  AddProgress(app);
  GroupSince(0, "To solve labs", app);
  const size_t for_participants = CommandNames(app).size();
  AddExec(app, program);
  AddCanary(app, program);
  AddSuppressions(app);
  AddExplore(app, program);
  AddMutate(app, program);
  AddVerify(app);
  AddAudit(app);
  AddCompletion(app, program);
  GroupSince(for_participants, "For your own programs, for CI and for contributors", app);

  if (argc > 1 && std::string_view(argv[1]) == "help") argv[1] = const_cast<char*>("--help");
  if (argc > 1 && argv[1][0] != '-') {
    const absl::StatusOr<std::string> command = Complete("command", argv[1], CommandNames(app));
    if (!command.ok() || *command != argv[1]) {
      const std::string message = command.ok()
                                      ? "no command '" + std::string(argv[1]) + "'; did you mean " + *command + "?"
                                      : std::string(command.status().message());
      std::fprintf(stderr, "racelab: %s\n`racelab --help` describes each command.\n", message.c_str());
      return kMisuse;
    }
  }
  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) ShowTour();
  } catch (const CLI::RuntimeError& ended) {
    return ended.get_exit_code();
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForAllHelp& help) {
    return app.exit(help);
  } catch (const CLI::CallForVersion& version) {
    return app.exit(version);
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "racelab: %s\n`racelab --help`, or `racelab COMMAND --help`, says more.\n", error.what());
    return kMisuse;
  }
  return kRight;
}
