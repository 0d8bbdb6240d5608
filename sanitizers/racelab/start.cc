// racelab start LAB: makes a copy of the lab's header for the participant to repair.

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/require.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

void Start(const std::string& name) {
  const Everything all;
  const Lab lab = Require(FindLab(all.labs, name));
  const bool started = fs::exists(lab.mine / lab.subject);
  const fs::path mine = (started ? lab.mine : all.project.Workspace() / lab.called) / lab.subject;
  const std::string shown = fs::relative(mine, all.project.root).string();

  std::error_code error;
  fs::create_directories(mine.parent_path(), error);
  const bool copied = !error && fs::copy_file(lab.folder / lab.subject, mine, fs::copy_options::skip_existing, error);
  if (error) {
    std::fprintf(stderr, "racelab: %s could not be written: %s\n", shown.c_str(), error.message().c_str());
    Exit(kWrong);
  }
  std::printf(copied ? "%s is yours to repair.\n" : "%s already exists, and was left as it is.\n", shown.c_str());
  std::printf("then: racelab verify %s --fix mine\n", lab.called.c_str());
}

}  // namespace

void AddStart(CLI::App& racelab) {
  auto lab = std::make_shared<std::string>();
  CLI::App* command = racelab.add_subcommand("start", "Make your own copy of a lab's class, to repair");
  command->add_option("LAB", *lab, "The lab")->required();
  command->callback([lab] { Start(*lab); });
}

}  // namespace racelab
