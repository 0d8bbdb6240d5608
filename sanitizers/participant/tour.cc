#include "sanitizers/participant/tour.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

// "  Data races            ✓✓▸···   2 of 6"
std::string TrackLine(const Track& track, const std::vector<Lab>& labs, const std::string& current) {
  constexpr int kColumnsOfTitle = 24;
  std::string marks;
  int all = 0, solved = 0;
  for (const Lab& lab : labs) {
    if (lab.track != track.name) continue;
    ++all;
    solved += lab.solved ? 1 : 0;
    if (lab.solved) {
      marks += Paint(Colour::kGreen, CheckMark());
    } else if (lab.name == current) {
      marks += Paint(Colour::kYellow, HereMark());
    } else {
      marks += Paint(Colour::kDim, lab.record.started.empty() ? DotMark() : CrossMark());
    }
  }
  return absl::StrCat("  ", Pad(track.title, kColumnsOfTitle), marks, "  ", solved, " of ", all, "\n");
}

std::string CommandLine(std::string_view command, std::string_view lab, std::string_view what) {
  constexpr int kColumnsOfCommand = 34;
  const std::string words = absl::StrCat("racelab ", command, lab.empty() ? "" : " ", lab);
  return absl::StrCat("  ", Paint(Colour::kBold, words), Pad("", kColumnsOfCommand - Columns(words)), " ", what, "\n");
}

std::string Naming(std::string_view what, const Lab& lab) {
  const std::string text =
      absl::StrCat(what, lab.ShownName(), ": ", lab.title, " (level ", lab.level, ", ", lab.minutes, " minutes)");
  return absl::StrCat("  ", Wrap(text, SizeOfScreen().columns - 1, 2, 2), "\n");
}

std::string Present(const Lab& lab) {
  std::string text = Naming("You are at ", lab);
  absl::StrAppend(&text, "  so far: ", lab.record.checks, lab.record.checks == 1 ? " verdict, " : " verdicts, ",
                  lab.record.hints, " of ", lab.hints.size(), " hints\n\n");
  return text;
}

}  // namespace

const Lab* NextLab(const std::vector<Lab>& labs, const std::string& after) {
  const auto is_open = [](const Lab& lab) { return !lab.solved; };
  const auto current = std::find_if(labs.begin(), labs.end(), [&](const Lab& lab) { return lab.name == after; });
  auto next = current == labs.end() ? labs.end() : std::find_if(current + 1, labs.end(), is_open);
  if (next == labs.end()) {
    next = std::find_if(labs.begin(), labs.end(), [&](const Lab& lab) { return is_open(lab) && lab.name != after; });
  }
  return next == labs.end() ? nullptr : &*next;
}

std::string Tour(const std::vector<Track>& tracks, const std::vector<Lab>& labs, const std::string& current) {
  const auto solved = std::count_if(labs.begin(), labs.end(), [](const Lab& lab) { return lab.solved; });
  std::string text =
      absl::StrCat(Paint(Colour::kBold, "Race Lab"), ": ", labs.size(), " labs, ", solved, " of them solved\n\n");
  for (const Track& track : tracks) absl::StrAppend(&text, TrackLine(track, labs, current));
  text += "\n";
  const auto at = std::find_if(labs.begin(), labs.end(), [&](const Lab& lab) { return lab.name == current; });
  const bool working = at != labs.end() && !at->solved && !at->record.started.empty();
  const Lab* next = NextLab(labs, current);
  if (working) {
    const std::string& name = at->ShownName();
    absl::StrAppend(&text, Present(*at), CommandLine("watch", name, "a verdict each time you save"),
                    CommandLine("check", name, "one verdict"), CommandLine("hint", name, "the next hint"),
                    CommandLine("show", name, "its story again"));
  } else if (next != nullptr) {
    absl::StrAppend(&text, Naming("The next one is ", *next), "\n",
                    CommandLine("show", next->ShownName(), "its story and task"),
                    CommandLine("run", next->ShownName(), "see it go wrong, as its users do"),
                    CommandLine("start", next->ShownName(), "your own copy, to repair"));
  } else {
    absl::StrAppend(&text, "  All labs are solved.\n\n");
  }
  absl::StrAppend(&text, CommandLine("list", "", "all labs"), CommandLine("--help", "", "all commands"));
  return text;
}

}  // namespace racelab
