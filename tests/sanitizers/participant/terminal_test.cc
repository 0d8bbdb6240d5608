// racelab in a real terminal: keys are sent, and screens are read.

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/sanitizers/racelab/scratch_project.h"

namespace racelab {
namespace {

// A terminal of 24 lines of 80 columns, in which racelab runs.
class Terminal {
 public:
  Terminal(const std::string& directory, std::vector<std::string> arguments) {
    const winsize size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    child_ = forkpty(&master_, nullptr, nullptr, &size);
    if (child_ == 0) {
      arguments.insert(arguments.begin(), RACELAB_BUILD_DIR "/bin/racelab");
      std::vector<char*> argv;
      for (std::string& argument : arguments) argv.push_back(argument.data());
      argv.push_back(nullptr);
      setenv("TERM", "xterm", 1);
      setenv("PAGER", "cat", 1);
      if (chdir(directory.c_str()) == 0) execv(argv[0], argv.data());
      _exit(127);
    }
    tcgetattr(master_, &before_);
  }
  ~Terminal() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    close(master_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void Press(char key) { ASSERT_EQ(write(master_, &key, 1), 1); }

  // Waits until the terminal has shown `text` after what was waited for before.
  testing::AssertionResult Shows(std::string_view text) {
    constexpr int kLimit = 120'000;  // milliseconds without any output
    size_t found = 0;
    while ((found = shown_.find(text, from_)) == std::string::npos) {
      pollfd output = {.fd = master_, .events = POLLIN, .revents = 0};
      char bytes[4096];
      const ssize_t size = poll(&output, 1, kLimit) > 0 ? read(master_, bytes, sizeof bytes) : 0;
      if (size <= 0) return testing::AssertionFailure() << "no '" << text << "' in:\n" << shown_.substr(from_);
      shown_.append(bytes, static_cast<size_t>(size));
    }
    from_ = found + text.size();
    return testing::AssertionSuccess();
  }

  // The exit code; -1 after a signal.
  int Ended() {
    char bytes[4096];
    for (ssize_t size; (size = read(master_, bytes, sizeof bytes)) > 0;)
      shown_.append(bytes, static_cast<size_t>(size));
    int status = 0;
    waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // Whether keys are lines again, as before.
  bool IsAsBefore() const {
    termios now = {};
    tcgetattr(master_, &now);
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag;
  }

  const std::string& all() const { return shown_; }

 private:
  int master_ = -1;
  pid_t child_ = -1;
  termios before_ = {};
  std::string shown_;
  size_t from_ = 0;
};

class TerminalTest : public testing::Test {
 protected:
  TerminalTest() { scratch_.ShareRuntime(); }

  const ScratchProject scratch_;
};

constexpr char kMine[] = "workspace/forgetful_counter/hit_counter.h";

TEST_F(TerminalTest, WatchesUntilTheLabIsSolved) {
  Terminal terminal(scratch_.project().root.string(), {"watch", "forgetful_counter"});
  ASSERT_TRUE(terminal.Shows("is not solved yet"));
  ASSERT_TRUE(terminal.Shows("q quit"));
  terminal.Press('h');
  ASSERT_TRUE(terminal.Shows("hint 1 of 3"));
  terminal.Press('d');
  ASSERT_TRUE(terminal.Shows("any key: back"));
  terminal.Press(' ');
  scratch_.Replace(kMine, "++total_", "++totl_");
  ASSERT_TRUE(terminal.Shows("does not compile"));
  scratch_.Write(kMine, scratch_.Read("solutions/data_races/lost_update/mutex/hit_counter.h"));
  ASSERT_TRUE(terminal.Shows("is solved"));
  terminal.Press('w');
  ASSERT_TRUE(terminal.Shows("Known as lost_update"));
  ASSERT_TRUE(terminal.Shows("Enter: back"));  // PAGER=cat shows nothing for longer.
  terminal.Press('\n');
  terminal.Press('x');
  ASSERT_TRUE(terminal.Shows("is the original again"));
  terminal.Press(' ');
  ASSERT_TRUE(terminal.Shows("is not solved yet"));
  std::filesystem::remove(scratch_ / kMine);
  ASSERT_TRUE(terminal.Shows("is gone"));
  terminal.Press('q');
  EXPECT_EQ(terminal.Ended(), 0);
  EXPECT_THAT(terminal.all(), testing::EndsWith("\033[?1049l"));
}

TEST_F(TerminalTest, EndsByControlC) {
  scratch_.Write(kMine, scratch_.Read("labs/data_races/lost_update/hit_counter.h"));
  Terminal terminal(scratch_.project().root.string(), {"watch", "forgetful_counter"});
  ASSERT_TRUE(terminal.Shows("q quit"));
  terminal.Press(3);
  EXPECT_EQ(terminal.Ended(), 0);
}

TEST_F(TerminalTest, LetsTheUserScheduleUntilItFails) {
  Terminal terminal(scratch_.project().root.string(), {"step", "forgetful_counter", "lab"});
  ASSERT_TRUE(terminal.Shows("Who goes on?"));
  EXPECT_FALSE(terminal.IsAsBefore());
  terminal.Press('1');
  ASSERT_TRUE(terminal.Shows("1 read total_"));
  terminal.Press('b');
  ASSERT_TRUE(terminal.Shows("No thread has taken a step yet"));
  for (char key : {'1', '2', '2'}) terminal.Press(key);  // Sooner than each can be answered.
  ASSERT_TRUE(terminal.Shows("You found a failing interleaving, with 1 preemption; fewest known: 1."));
  terminal.Press('r');
  ASSERT_TRUE(terminal.Shows("No thread has taken a step yet"));
  terminal.Press('s');
  ASSERT_TRUE(terminal.Shows("You found a failing interleaving"));
  terminal.Press('q');
  EXPECT_EQ(terminal.Ended(), 0);
}

}  // namespace
}  // namespace racelab
