// racelab list: lists the labs.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "sanitizers/racelab/commands.h"
#include "sanitizers/racelab/lab_tables.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/suggest.h"
#include "sanitizers/racelab/terminal.h"
#include "sanitizers/racelab/track.h"

namespace racelab {
namespace {

struct ListOptions {
  bool json = false;
  bool names = false;
  bool markdown = false;
  std::string evidence_of;
  std::string variants_of;
};

void PrintJson(const std::vector<Track>& tracks, const std::vector<Lab>& labs) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const Track& track : tracks)
    rows.push_back(nlohmann::ordered_json{{"name", track.name}, {"title", track.title}, {"sentence", track.sentence}});
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Lab& lab : labs) {
    list.push_back(nlohmann::ordered_json{{"track", lab.track},
                                          {"name", lab.name},
                                          {"alias", lab.alias},
                                          {"solved", lab.solved},
                                          {"title", lab.title},
                                          {"level", lab.level},
                                          {"minutes", lab.minutes},
                                          {"ids", lab.ids},
                                          {"variants", lab.variants}});
  }
  std::puts(nlohmann::ordered_json{{"tracks", rows}, {"labs", list}}.dump(2).c_str());
}

constexpr int kIndent = 4;

void PrintTable(const std::vector<Lab>& labs) {
  int name_width = 0, title_width = 0;
  for (const Lab& lab : labs) {
    name_width = std::max(name_width, Columns(lab.ShownName()) + 1);
    title_width = std::max(title_width, Columns(lab.title) + 1);
  }
  std::string track;
  for (const Lab& lab : labs) {
    if (lab.track != track) {
      const std::string heading = absl::StrCat("  ", lab.track);
      const std::string columns =
          track.empty() ? absl::StrCat(Pad("", kIndent + name_width + title_width - Columns(heading)), "level") : "";
      std::printf("%s\n", Paint(Colour::kBold, absl::StrCat(heading, columns)).c_str());
      track = lab.track;
    }
    std::printf("    %s%s%s\n", Pad(lab.ShownName(), name_width).c_str(), Pad(lab.title, title_width).c_str(),
                Paint(Colour::kDim, absl::StrCat(lab.level, Pad("", 2), lab.minutes, " min",
                                                 lab.solved                   ? "  solved"
                                                 : lab.record.started.empty() ? ""
                                                                              : "  begun"))
                    .c_str());
  }
  std::printf("\n%zu labs. `racelab show LAB` tells a story, `racelab run LAB` shows it going wrong.\n", labs.size());
}

void PrintEvidence(const Everything& all, const std::string& name) {
  std::vector<std::string> names;
  for (const Track& track : Require(LoadTracks(all.project))) names.push_back(track.name);
  const std::string track = Require(Complete("track", name, names));
  std::fputs(TableOfEvidence(all.project, all.labs, track).c_str(), stdout);
}

void List(const ListOptions& options) {
  const Everything all;
  const std::vector<Lab>& labs = all.labs;
  if (!options.variants_of.empty()) {
    for (const std::string& variant : Require(FindLab(labs, options.variants_of)).ShownVariants())
      std::puts(variant.c_str());
  } else if (options.names) {
    for (const Lab& lab : labs) std::puts(lab.ShownName().c_str());
  } else if (options.markdown) {
    std::fputs(TableOfLabs(all.project, Require(LoadTracks(all.project)), labs).c_str(), stdout);
  } else if (!options.evidence_of.empty()) {
    PrintEvidence(all, options.evidence_of);
  } else if (options.json) {
    PrintJson(Require(LoadTracks(all.project)), labs);
  } else {
    PrintTable(labs);
  }
}

}  // namespace

void AddList(CLI::App& racelab) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = racelab.add_subcommand("list", "List the labs, track by track");
  command->add_flag("--names", options->names, "Only the names, one on each line");
  command->add_option("--variants", options->variants_of, "Only the names of this lab's variants, one on each line")
      ->type_name("LAB");
  command->add_flag("--markdown", options->markdown, "The table in README.md");
  command
      ->add_option(
          "--evidence", options->evidence_of,
          "What each lab of this track is, and what the detectors report of it, in Markdown: it gives the bugs away")
      ->type_name("TRACK");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options] { List(*options); });
}

}  // namespace racelab
