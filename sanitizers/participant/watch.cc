// racelab watch [LAB]: gives a verdict each time the participant saves, until the lab is solved, and after that.

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sanitizers/participant/attempt.h"
#include "sanitizers/participant/commands.h"
#include "sanitizers/participant/diff.h"
#include "sanitizers/participant/own_copy.h"
#include "sanitizers/participant/pager.h"
#include "sanitizers/participant/raw_terminal.h"
#include "sanitizers/participant/screen_parts.h"
#include "sanitizers/participant/screens.h"
#include "sanitizers/participant/tour.h"
#include "sanitizers/participant/watcher.h"
#include "sanitizers/process/child.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/racelab/build.h"
#include "sanitizers/racelab/require.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

// The time for finding an interleaving after ThreadSanitizer's report.
constexpr absl::Duration kPatience = absl::Seconds(3);

// Judges in the background. A new judgement stops the outdated one.
class Judging {
 public:
  explicit Judging(const Project& project) : project_(project), event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Judging() { Stop(); }
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

  // Poll this for POLLIN, which signals news.
  int fd() const { return event_.get(); }

  void Begin(const Lab& lab) {
    Stop();
    judge_ = std::jthread([this, lab](const std::stop_token& stop) {
      absl::StatusOr<Attempt> attempt =
          Judge(project_, lab, std::string(kMineVariant), stop, kPatience, [this](const std::string& what) {
            std::lock_guard lock(mutex_);
            doing_ = what;
            Tell();
          });
      std::lock_guard lock(mutex_);
      if (!stop.stop_requested()) finished_ = std::move(attempt);
      doing_.clear();
      Tell();
    });
  }

  void Stop() {
    if (judge_.joinable()) {
      judge_.request_stop();
      judge_.join();
    }
    std::lock_guard lock(mutex_);
    finished_.reset();
    doing_.clear();
  }

  // The current activity; empty if there is none.
  std::string Doing() {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t drained = read(event_.get(), &count, sizeof count);
    std::lock_guard lock(mutex_);
    return doing_;
  }

  // Returns each verdict once.
  std::optional<absl::StatusOr<Attempt>> Take() {
    std::lock_guard lock(mutex_);
    return std::exchange(finished_, std::nullopt);
  }

 private:
  void Tell() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(event_.get(), &one, sizeof one);
  }

  const Project& project_;
  const Fd event_;
  std::mutex mutex_;
  std::string doing_;
  std::optional<absl::StatusOr<Attempt>> finished_;
  std::jthread judge_;
};

class Watch {
 public:
  Watch(const Project& project, Lab lab) : project_(project), lab_(std::move(lab)), judging_(project) {
    if (RawTerminal::IsPossible()) terminal_ = std::make_unique<RawTerminal>();
    Enter();
  }

  // Runs until the participant leaves. Without a terminal there are no keys: runs until the lab is solved, or nobody
  // reads the verdicts any more.
  void Run() {
    if (!terminal_) Introduce();
    while (!left_ && !InterruptRequested()) {
      pollfd files[] = {{watcher_.fd(), POLLIN, 0},
                        {judging_.fd(), POLLIN, 0},
                        {terminal_ ? STDIN_FILENO : -1, POLLIN, 0},
                        {terminal_ ? -1 : STDOUT_FILENO, 0, 0},  // only POLLERR and POLLHUP
                        {terminal_ ? RawTerminal::resize_fd() : -1, POLLIN, 0}};
      if (poll(files, std::size(files), /*milliseconds=*/-1) < 0) continue;
      if (files[0].revents != 0 && watcher_.WasChanged()) Begin();
      if (files[1].revents != 0) Hear();
      if (files[2].revents != 0) Press(terminal_->ReadKey());
      if (files[3].revents != 0) left_ = true;
      if (files[4].revents != 0 && RawTerminal::TakeResize()) Draw();
    }
  }

 private:
  void Introduce() const {
    std::printf(
        "Each time that you save %s, a verdict follows, until the lab is solved.\n"
        "Ctrl-C ends this; `racelab check %s` gives one verdict.\n\n",
        Shown(project_, mine_).c_str(), lab_.called.c_str());
    std::fflush(stdout);
  }

  // Begins to watch the participant's copy of lab_, and makes the copy if there is none.
  void Enter() {
    error_.clear();
    const absl::StatusOr<bool> made = MakeOwnCopy(project_, lab_);
    mine_ = OwnCopy(project_, lab_);
    absl::Status watched = made.ok() ? watcher_.Watch(mine_) : made.status();
    if (!watched.ok()) error_ = std::string(watched.message());
    NoteStarted(project_, lab_);
    Begin();
  }

  void Begin() {
    attempt_.reset();
    below_.clear();
    error_.clear();
    doing_ = "compiling";
    Draw();  // Sooner than all labs are loaded again.
    Reload();
    if (lab_.HasOwn()) return judging_.Begin(lab_);
    judging_.Stop();
    error_ = absl::StrCat(Shown(project_, mine_), " is gone. Save it again, or press x for the original.");
    Draw();
  }

  // Loads the labs again: the lab's record and the set of its variants may have changed.
  void Reload() {
    absl::StatusOr<std::vector<Lab>> labs = LoadLabs(project_);
    if (!labs.ok()) return;
    labs_ = *std::move(labs);
    const auto found =
        std::find_if(labs_.begin(), labs_.end(), [this](const Lab& lab) { return lab.name == lab_.name; });
    if (found == labs_.end()) return;
    const std::string called = lab_.called;
    lab_ = *found;
    lab_.called = called;
  }

  void Hear() {
    doing_ = judging_.Doing();
    const std::optional<absl::StatusOr<Attempt>> attempt = judging_.Take();
    if (attempt && !attempt->ok()) {
      if (!absl::IsCancelled(attempt->status())) error_ = std::string(attempt->status().message());
    } else if (attempt) {
      attempt_ = **attempt;
      const bool is_new = attempt_->IsSolved() && !lab_.solved;
      NoteAttempt(project_, *attempt_);
      Reload();
      if (is_new) below_ = "w: what this bug is called, where it has happened, what comes next";
      if (!terminal_) Print(**attempt, is_new);
    }
    Draw();
  }

  static std::string Keys(int columns) {
    return KeysText(
        {"s story", "h hint", "r run", "i steps", "t TSan", "d diff", "x reset", "l labs", "n next", "q quit"},
        columns);
  }

  std::string Below() const { return below_.empty() ? "" : absl::StrCat("\n", below_, "\n"); }

  // The rows that this text and the keys leave for the verdict; one more may be used.
  static int RoomAbove(std::string_view text, const ScreenSize& size) {
    return size.lines - RowsOf(absl::StrCat(text, Keys(size.columns), "\n"), size.columns) - 1;
  }

  void Draw() {
    if (!terminal_) return Complain();
    const ScreenSize size = SizeOfScreen();
    std::string text;
    const std::string keys = Keys(size.columns);
    const int footer = RowsOf(absl::StrCat(keys, "\n"), size.columns);
    const std::string below = Below();
    const int room = RoomAbove(below, size);
    if (!error_.empty()) {
      text = absl::StrCat(Paint(Colour::kRed, CrossMark()), " ", Wrap(error_, size.columns - 1, 2, 2), "\n");
    } else if (attempt_) {
      text = FirstRows(AttemptScreen(project_, *attempt_, {.lines = room, .columns = size.columns}), room + 1,
                       size.columns);
    } else {
      text = absl::StrCat(Paint(Colour::kYellow, HereMark()), " ", lab_.called, ": ",
                          Wrap(doing_, size.columns - 1, 4, 4 + Columns(lab_.called)), "\n");
    }
    absl::StrAppend(&text, below);
    const int left = size.lines - footer - RowsOf(text, size.columns);
    text += std::string(static_cast<size_t>(std::max(0, left)), '\n');
    terminal_->Draw(text, Paint(Colour::kDim, keys));
  }

  // What keeps a terminal's screen from showing a verdict, where there is no terminal.
  void Complain() {
    if (error_.empty()) return;
    std::fprintf(stderr, "racelab: %s\n", error_.c_str());
    error_.clear();
  }

  // The verdict, as `racelab check` prints it.
  void Print(const Attempt& attempt, bool is_new) {
    std::string text = AttemptScreen(project_, attempt, SizeOfScreen(), is_new);
    absl::StrAppend(&text, "\n", is_new ? WhyScreen(project_, labs_, lab_, SizeOfScreen()) : "");
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
    left_ = attempt.IsSolved();
  }

  void Press(int key) {
    switch (key) {
      case RawTerminal::kInterrupt:
      case 'q':
        left_ = true;
        return;
      case 's':
        ShowCommand({"show", lab_.called});
        break;
      case 'h':
        Hint();
        break;
      case 'r':
        ShowCommand({"run", lab_.called, std::string(kMineVariant)});
        break;
      case 'i':
        ShowCommand({"explore", lab_.called, std::string(kMineVariant), "--full"});
        break;
      case 't':
        ShowCommand({"report", lab_.called, std::string(kMineVariant)});
        break;
      case 'd':
        ShowDiff();
        break;
      case 'x':
        std::filesystem::exists(mine_) ? ShowCommand({"reset", lab_.called}) : Enter();
        break;
      case 'l':
        ShowCommand({"list"});
        break;
      case 'w':
        if (lab_.solved) Show(WhyScreen(project_, labs_, lab_, SizeOfScreen()));
        break;
      case 'n':
        Next();
        return;
      default:
        break;
    }
    Draw();
  }

  void Hint() {
    Note(project_, lab_, [this](LabRecord& record) {
      record.hints = std::min(record.hints + 1, static_cast<int>(lab_.hints.size()));
      lab_.record.hints = record.hints;
    });
    if (lab_.record.hints == 0) return;
    const std::string label = absl::StrCat("hint ", lab_.record.hints, " of ", lab_.hints.size(), ": ");
    below_ = absl::StrCat(Paint(Colour::kBold, label), Wrap(lab_.hints[static_cast<size_t>(lab_.record.hints) - 1],
                                                            SizeOfScreen().columns - 1, 2, Columns(label)));
    if (RoomAbove(Below(), SizeOfScreen()) < 0) Show(absl::StrCat(std::exchange(below_, ""), "\n"));
  }

  void Next() {
    Reload();
    const Lab* next = NextLab(labs_, lab_.name);
    if (next == nullptr) {
      below_ = "All labs are solved.";
      return Draw();
    }
    lab_ = *next;
    lab_.called = lab_.ShownName();
    Enter();
    ShowCommand({"show", lab_.called});  // participants do not know the story of the next lab yet
    Draw();
  }

  void ShowDiff() {
    const std::string diff = DiffOf(project_, lab_.folder / lab_.subject, mine_);
    Show(diff.empty() ? absl::StrCat("You have changed nothing in ", Shown(project_, mine_), " yet.\n") : diff);
  }

  // Shows the output of a `racelab` command.
  void ShowCommand(std::vector<std::string> arguments) {
    ChildSpec spec;
    spec.argv = {std::filesystem::read_symlink("/proc/self/exe").string()};
    spec.argv.insert(spec.argv.end(), arguments.begin(), arguments.end());
    spec.directory = project_.root.string();
    spec.limits.time = absl::Minutes(2);
    terminal_->Draw(absl::StrCat(Paint(Colour::kYellow, HereMark()), " racelab ", absl::StrJoin(arguments, " ")));
    const ChildResult result = RunChild(spec);
    Show(absl::StrCat(result.out, result.err));
  }

  // Without a pager, keeps the text on the screen until it has been read.
  static void WaitForEnter() {
    std::fputs(std::string(Paint(Colour::kDim, "Enter: back")).c_str(), stdout);
    std::fflush(stdout);
    for (char key = 0; key != '\n';) {
      if (read(STDIN_FILENO, &key, 1) <= 0) return;
    }
  }

  // Shows a text until a key is pressed; a long one in the pager.
  void Show(std::string text) {
    if (text.empty()) text = "nothing\n";
    if (RowsOf(text, SizeOfScreen().columns) + 2 > SizeOfScreen().lines) {
      terminal_->Suspend();
      if (!PrintPaged(text)) WaitForEnter();
      terminal_->Resume();
      return;
    }
    do terminal_->Draw(absl::StrCat(text, "\n", Paint(Colour::kDim, "any key: back")));
    while (terminal_->Key() == RawTerminal::kResized);
  }

  const Project& project_;
  Lab lab_;
  std::vector<Lab> labs_;
  std::filesystem::path mine_;
  Watcher watcher_;
  Judging judging_;
  std::unique_ptr<RawTerminal> terminal_;  // null if there is none
  std::optional<Attempt> attempt_;         // the last verdict; none while the next one is being computed
  std::string doing_, error_;
  std::string below_;  // a hint, or possible next steps
  bool left_ = false;
};

void WatchCommand(const Choice& choice) {
  const Everything all;
  const Lab lab = ChosenLab(all, choice);
  {
    Progress progress;
    BuildInterleaveRuntime(all.project, progress);
  }
  Watch(all.project, lab).Run();
  ExitIfInterrupted();
}

}  // namespace

void AddWatch(CLI::App& racelab) {
  auto choice = std::make_shared<Choice>();
  CLI::App* command = racelab.add_subcommand("watch", "The verdict on your repair each time you save it");
  AddChoice(command, *choice, /*with_variant=*/false);
  command->footer("Without a terminal, prints each verdict, and ends when the lab is solved or nobody reads them.");
  command->callback([choice] { WatchCommand(*choice); });
}

}  // namespace racelab
