// racelab review export DIR: exports changes as a git repository, as patches and as Markdown, for review with other
// tools. None of them contains the truth.

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <regex>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "sanitizers/process/child.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/review/answer_sheet.h"
#include "sanitizers/review/commands.h"
#include "sanitizers/review/deck.h"

namespace racelab {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  std::string folder;
  std::string deck{kWholeDeck};
  int count = 1'000'000;
  std::uint64_t seed = 0;
};

// Writes an export into a folder. Stops at the first error.
class Export {
 public:
  Export(const Project& project, const Deck& deck, std::vector<Card> cards, fs::path folder)
      : project_(project), deck_(deck), cards_(std::move(cards)), folder_(std::move(folder)) {}

  absl::Status Write() {
    Save(folder_ / "README.md", Readme());
    Save(folder_ / "answers.csv", EmptySheet(deck_, cards_));
    for (const Card& card : cards_) {
      Save(FileOf(card), ReadFile(card.Before()).value_or(""));
      CopyIncludes(card.Before());
      CopyIncludes(card.After());
    }
    Git({"init", "-q", "-b", "main", "."});
    Git({"add", "-A"});
    Git({"commit", "-q", "-m", "The classes before the changes"});
    std::string changes = "# The changes\n";
    for (size_t i = 0; i < cards_.size(); ++i) absl::StrAppend(&changes, "\n", WriteChange(cards_[i], i + 1));
    Git({"checkout", "-q", "main"});
    Save(folder_ / "changes.md", changes);
    return status_;
  }

 private:
  fs::path Repository() const { return folder_ / "repository"; }
  fs::path FileOf(const Card& card) const { return Repository() / card.Id() / card.lab->subject; }

  void Save(const fs::path& file, const std::string& text) {
    if (!status_.ok()) return;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    stream.close();
    if (!stream) status_ = absl::UnknownError(absl::StrCat(file.string(), " cannot be written"));
  }

  // Copies the project files that a header includes, so that the reader can look at them.
  void CopyIncludes(const fs::path& header) {
    static const std::regex& include = *new std::regex(R"re(#include "((labs|solutions)/[^"]+)")re");
    const std::string text = ReadFile(header).value_or("");
    for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match) {
      const std::string name = (*match)[1].str();
      if (fs::exists(Repository() / name)) continue;
      Save(Repository() / name, ReadFile(project_.root / name).value_or(""));
      CopyIncludes(project_.root / name);
    }
  }

  // Makes the branch and the patch of a change. Returns its part of changes.md.
  std::string WriteChange(const Card& card, size_t number) {
    const std::string branch = absl::StrCat("review/", card.Id());
    Git({"checkout", "-q", "-b", branch, "main"});
    Save(FileOf(card), ReadFile(card.After()).value_or(""));
    Git({"add", "-A"});
    Git({"commit", "-q", "-m", card.change->title, "-m", card.change->description});
    const std::string patch = Git({"format-patch", "-1", "--stdout", "--zero-commit", "--no-signature"});
    Save(folder_ / "patches" / absl::StrFormat("%02d-%s.patch", number, absl::StrReplaceAll(card.Id(), {{"/", "-"}})),
         patch);
    return absl::StrCat("## ", number, ". ", card.Id(), "\n\n**", card.change->title, "**\n\n",
                        card.change->description, "\n\n```diff\n", Git({"diff", "main", "HEAD"}), "```\n");
  }

  // Runs git in the repository, with fixed settings only, so that repeated exports are identical byte for byte. Returns
  // its output.
  std::string Git(const std::vector<std::string>& arguments) {
    if (!status_.ok()) return "";
    ChildSpec spec;
    spec.argv = {"git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "core.logAllRefUpdates=false"};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.directory = Repository().string();
    const std::string name = "A colleague", mail = "colleague@example.org", date = "2000-01-01T00:00:00Z";
    spec.environment = {{"GIT_CONFIG_NOSYSTEM", "1"}, {"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_DIR", ".git"},
                        {"GIT_WORK_TREE", "."},       {"GIT_AUTHOR_NAME", name},          {"GIT_AUTHOR_EMAIL", mail},
                        {"GIT_AUTHOR_DATE", date},    {"GIT_COMMITTER_NAME", name},       {"GIT_COMMITTER_EMAIL", mail},
                        {"GIT_COMMITTER_DATE", date}};
    const ChildResult result = RunChild(spec);
    if (result.end == ChildEnd::kInterrupted) {
      status_ = absl::CancelledError("interrupted");
    } else if (result.end == ChildEnd::kNotStarted) {
      status_ = absl::NotFoundError("git cannot be started, and an export is a git repository; install git");
    } else if (result.end != ChildEnd::kExited || result.exit_code != 0) {
      status_ = absl::InternalError(absl::StrCat("`git ", arguments[0], "` failed: ", result.note, result.err));
    }
    return result.out;
  }

  std::string Readme() const {
    std::string classes;
    for (const FaultClass& known : kFaultClasses) absl::StrAppend(&classes, "- ", known.name, ": ", known.what, "\n");
    return absl::StrCat(
        "# ", cards_.size(), cards_.size() == 1 ? " change to review\n" : " changes to review\n",
        "\nEach is a change to a C++ class that several threads use. Some are sound; some have a concurrency fault. "
        "Read "
        "them in\nwhichever form you like:\n\n"
        "- `repository/`: a git repository; `main` has the classes as they are, and each change is a branch: `git diff "
        "main review/",
        cards_.front().Id(),
        "`\n- `patches/`: the same as patches\n- `changes.md`: the same, one after the other\n\n"
        "Write what you think into `answers.csv`, a row for each change:\n\n"
        "- reviewer: your name\n"
        "- verdict: `approve` or `request changes`\n"
        "- where, if you request changes: the lines, by their numbers after the change, or functions: `21 24-26`, "
        "`Total`. At most ",
        kMostLinesOfComment,
        " lines.\n  (If your spreadsheet makes a date of `3-5`, write `3 4 5`.)\n"
        "- class, if you request changes: what kind of fault it is, one of those below\n"
        "- sure: how sure you are of your verdict, from 50 (a guess) to 100 (certain)\n\nThe classes of faults:\n\n",
        classes);
  }

  const Project& project_;
  const Deck& deck_;
  const std::vector<Card> cards_;
  const fs::path folder_;
  absl::Status status_;
};

void ExportDeck(const ExportOptions& options) {
  const Everything all;
  const Deck deck = Require(FindDeck(all.labs, options.deck));
  fs::path target = fs::absolute(options.folder);
  if (!target.has_filename()) target = target.parent_path();
  std::error_code error;
  if (fs::exists(target, error) && !fs::is_empty(target, error)) {
    std::fprintf(stderr, "racelab: %s exists already; name a new folder\n", options.folder.c_str());
    Exit(kMisuse);
  }
  // Created next to its final place, and moved there when it is complete.
  std::string unfinished = absl::StrCat(target.string(), ".XXXXXX");
  if (mkdtemp(unfinished.data()) == nullptr) {
    std::fprintf(stderr, "racelab: no folder can be made beside %s: %s\n", options.folder.c_str(),
                 std::error_code(errno, std::generic_category()).message().c_str());
    Exit(kMisuse);
  }
  const absl::Cleanup remove = [&unfinished] {
    std::error_code ignored;
    fs::remove_all(unfinished, ignored);
  };
  fs::permissions(unfinished,
                  fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                      fs::perms::others_exec,
                  error);
  Progress progress;
  progress.Show("writing the changes");
  const std::vector<Card> cards = Draw(deck, options.count, options.seed);
  if (const absl::Status written = Export(all.project, deck, cards, unfinished).Write(); !written.ok()) {
    progress.Clear();
    ReportError(written);
    Exit(absl::IsCancelled(written) ? kInterrupted : kMisuse);
  }
  progress.Clear();
  fs::rename(unfinished, target, error);
  if (error) {
    std::fprintf(stderr, "racelab: %s cannot be made: %s\n", options.folder.c_str(), error.message().c_str());
    Exit(kMisuse);
  }
  std::printf("%s: %zu changes of the deck %s, in the order of seed %llu\n", options.folder.c_str(), cards.size(),
              NameWithVersion(deck).c_str(), static_cast<unsigned long long>(options.seed));
  std::printf("for reviewers:        %s/README.md\n", options.folder.c_str());
  std::printf("when they are back:   racelab review grade ANSWERS.csv...\n");
}

}  // namespace

void AddReviewExport(CLI::App& review) {
  auto options = std::make_shared<ExportOptions>();
  options->seed = std::random_device()() % 10'000;
  CLI::App* command =
      review.add_subcommand("export", "Write changes as a git repository, patches and Markdown: for one's own tools");
  command->add_option("DIR", options->folder, "The folder to make")->required();
  command->add_option("DECK", options->deck, "all, a track or a lab; default: all");
  command->add_option("-n,--changes", options->count, "So many changes; default: all of the deck")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--seed", options->seed, "The same changes in the same order again")->type_name("N");
  command->callback([options] { ExportDeck(*options); });
}

}  // namespace racelab
