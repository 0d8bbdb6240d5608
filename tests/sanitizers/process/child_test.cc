#include "sanitizers/process/child.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/process/process_tree.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

int OpenFiles() {
  int count = 0;
  DIR* dir = opendir("/proc/self/fd");
  while (readdir(dir) != nullptr) ++count;
  closedir(dir);
  return count;
}

// For every test: no file stays open, no child process is left.
class RunChildTest : public VictimTest {
 protected:
  void TearDown() override {
    EXPECT_EQ(OpenFiles(), files_);
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }

  static std::string Tree() { return GetParam(); }

 private:
  int files_ = OpenFiles();
};

TEST_P(RunChildTest, CapturesBothStreamsAndTheExitCode) {
  const ChildResult result = RunChild(Victim(Tree(), "race_free"));
  EXPECT_EQ(result.end, ChildEnd::kExited) << result.note;
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out, "counted 2000\n");
  EXPECT_EQ(result.err, "and this is stderr\n");
  EXPECT_GT(result.peak_memory_bytes, 1 << 20);
  EXPECT_GT(result.time, absl::ZeroDuration());
}

TEST_P(RunChildTest, PassesTheExitCodeOn) { EXPECT_EQ(RunChild(Victim(Tree(), "exit_code", {"42"})).exit_code, 42); }

TEST_P(RunChildTest, TellsTheSignal) {
  const ChildResult result = RunChild(Victim(Tree(), "abort"));
  EXPECT_EQ(result.end, ChildEnd::kSignalled);
  EXPECT_EQ(result.signal, SIGABRT);
}

TEST_P(RunChildTest, AddsToTheEnvironmentAndReplacesInIt) {
  setenv("RACELAB_TEST_OURS", "ours", 1);
  setenv("RACELAB_TEST_BOTH", "ours", 1);
  ChildSpec spec = Victim(Tree(), "race_free", {"RACELAB_TEST_OURS", "RACELAB_TEST_BOTH", "RACELAB_TEST_NEW"});
  spec.environment = {{"RACELAB_TEST_BOTH", "theirs"}, {"RACELAB_TEST_NEW", "new"}};
  const ChildResult result = RunChild(spec);
  EXPECT_THAT(result.out, HasSubstr("RACELAB_TEST_OURS=ours\nRACELAB_TEST_BOTH=theirs\nRACELAB_TEST_NEW=new\n"));
}

TEST_P(RunChildTest, HandsTheOutputOnAsItComes) {
  ChildSpec spec = Victim(Tree(), "race_free");
  std::string seen;
  spec.on_output = [&seen](std::string_view bytes) { absl::StrAppend(&seen, bytes); };
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(seen.size(), result.out.size() + result.err.size());
}

TEST_P(RunChildTest, KillsADaemonThatKeepsThePipesOpen) {
  const ChildResult result = RunChild(Victim(Tree(), "orphan"));
  EXPECT_EQ(result.end, ChildEnd::kExited);
  EXPECT_LT(result.time, absl::Seconds(15));  // the daemon sleeps for thirty
  int daemon = 0;
  ASSERT_TRUE(absl::SimpleAtoi(result.out, &daemon)) << result.out;
  EXPECT_EQ(kill(daemon, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST_P(RunChildTest, EndsAProgramThatRunsTooLong) {
  ChildSpec spec = Victim(Tree(), "sleeper");
  spec.limits.time = absl::Milliseconds(300);
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.end, ChildEnd::kTimeLimit);
  EXPECT_EQ(result.note, "no end after 0.3 s");
  ASSERT_THAT(result.wait_for, SizeIs(1));
  EXPECT_THAT(result.wait_for[0], HasSubstr("thread 1 waits for a timer"));
}

TEST_P(RunChildTest, EndsAProgramThatPrintsTooMuch) {
  ChildSpec spec = Victim(Tree(), "flood");
  spec.limits.output_bytes = 1 << 20;
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.end, ChildEnd::kOutputLimit);
  EXPECT_EQ(result.note, "printed more than 1 MiB");
  EXPECT_LT(result.out.size(), 2u << 20);
}

TEST_P(RunChildTest, EndsAProgramThatTakesTooMuchMemory) {
  ChildSpec spec = Victim(Tree(), "memory_hog");
  spec.limits.memory_bytes = int64_t{200} << 20;
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.end, ChildEnd::kMemoryLimit);
  EXPECT_THAT(result.note, HasSubstr("the limit is 200 MiB"));
  EXPECT_GT(result.peak_memory_bytes, int64_t{200} << 20);
}

TEST_P(RunChildTest, EndsAForkBombWithAllItsProcesses) {
  ChildSpec spec = Victim(Tree(), "fork_bomb");
  spec.limits.memory_bytes = int64_t{1} << 40;
  const ChildResult result = RunChild(spec);
  EXPECT_EQ(result.end, ChildEnd::kProcessLimit);
  EXPECT_THAT(result.note, HasSubstr("the limit is 64"));
}

TEST_P(RunChildTest, RunsSeveralAtOnceWithoutMixingThem) {
  std::vector<ChildResult> results(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < results.size(); ++i) {
    threads.emplace_back(
        [&results, i, tree = Tree()] { results[i] = RunChild(Victim(tree, "exit_code", {absl::StrCat(i)})); });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < results.size(); ++i) EXPECT_EQ(results[i].exit_code, static_cast<int>(i)) << results[i].note;
}

TEST_P(RunChildTest, EndsAllRunsWhenInterrupted) {
  std::vector<ChildResult> results(2);
  std::vector<std::thread> threads;
  for (ChildResult& result : results)
    threads.emplace_back([&result, tree = Tree()] { result = RunChild(Victim(tree, "sleeper")); });
  RequestInterrupt();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(RunChild(Victim(Tree(), "race_free")).end, ChildEnd::kInterrupted);
  ClearInterrupt();
  for (const ChildResult& result : results) EXPECT_EQ(result.end, ChildEnd::kInterrupted);
  EXPECT_EQ(RunChild(Victim(Tree(), "race_free")).end, ChildEnd::kExited);
}

TEST_P(RunChildTest, IsInterruptedByASignal) {
  ASSERT_TRUE(InstallInterruptHandler().ok());
  std::thread runner([tree = Tree()] { EXPECT_EQ(RunChild(Victim(tree, "sleeper")).end, ChildEnd::kInterrupted); });
  kill(getpid(), SIGTERM);
  runner.join();
  EXPECT_TRUE(InterruptRequested());
  ClearInterrupt();
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
}

RACELAB_FOR_EACH_TREE(RunChildTest);

TEST(RunChildShell, RunsInTheDirectoryWithNothingOnStdin) {
  ChildSpec spec;
  spec.argv = {"sh", "-c", "pwd; cat; ulimit -c"};
  spec.directory = "/usr";
  EXPECT_EQ(RunChild(spec).out, "/usr\n0\n");
}

TEST(RunChildShell, LeavesNoFileOpenInTheProgram) {
  int leaky[2];
  ASSERT_EQ(pipe(leaky), 0);  // without O_CLOEXEC, as other people's code does
  ChildSpec spec;
  spec.argv = {"sh", "-c", "ls /proc/self/fd | wc -l"};
  EXPECT_EQ(RunChild(spec).out, "4\n");  // 0, 1, 2 and the directory that ls reads
  close(leaky[0]);
  close(leaky[1]);
}

TEST(RunChildShell, GivesTheProgramASessionAndFreshSignals) {
  std::signal(SIGUSR2, SIG_IGN);
  ChildSpec spec;
  spec.argv = {"sh", "-c", "kill -USR2 $$; echo survived"};
  const ChildResult result = RunChild(spec);
  std::signal(SIGUSR2, SIG_DFL);
  EXPECT_EQ(result.end, ChildEnd::kSignalled);
  EXPECT_EQ(result.signal, SIGUSR2);
  // The process group is the program's own: killing the whole group does not affect the tests.
  spec.argv = {"sh", "-c", "kill -9 0"};
  EXPECT_EQ(RunChild(spec).signal, SIGKILL);
}

TEST(RunChildShell, LeavesNothingRunningIfItIsKilled) {
  const std::string file = absl::StrCat(testing::TempDir(), "started.", getpid());
  const pid_t runner = fork();
  if (runner == 0) {
    ChildSpec spec;
    // One in the program's group, one in a session of its own, and one whose parent has ended.
    spec.argv = {"sh", "-c",
                 "sleep 1000 & echo $! > $0.1; setsid sh -c 'echo $$ > $0.2; exec sleep 1000' $0 & "
                 "(setsid sh -c 'echo $$ > $0.3; exec sleep 1000' $0 &); sleep 1000",
                 file};
    RunChild(spec);
    _exit(0);
  }
  std::vector<pid_t> started;
  for (int i = 1; i <= 3; ++i) {
    const std::string name = absl::StrCat(file, ".", i);
    int process = 0;
    while (!absl::SimpleAtoi(ReadSmallFile(name).value_or(""), &process)) usleep(1000);
    started.push_back(process);
    unlink(name.c_str());
  }
  kill(runner, SIGKILL);
  waitpid(runner, nullptr, 0);
  for (const pid_t process : started) {
    for (int i = 0; i < 5000 && kill(process, 0) == 0; ++i) usleep(1000);
    EXPECT_EQ(kill(process, 0), -1) << process;
    EXPECT_EQ(errno, ESRCH);
  }
}

TEST(RunChildShell, SaysWhyAProgramCouldNotStart) {
  ChildSpec spec;
  EXPECT_EQ(RunChild(spec).end, ChildEnd::kNotStarted);
  spec.argv = {"/no/such/program"};
  ChildResult result = RunChild(spec);
  EXPECT_EQ(result.end, ChildEnd::kNotStarted);
  EXPECT_EQ(result.note, "cannot run /no/such/program: there is no such program; build it first");
  spec.argv = {"/tmp"};
  EXPECT_EQ(RunChild(spec).note, "cannot run /tmp: it is a folder; name a program in it");
  spec.argv = {"/etc/passwd"};
  EXPECT_THAT(RunChild(spec).note, HasSubstr("Permission denied"));
  spec.argv = {"true"};
  spec.directory = "/no/such/directory";
  EXPECT_THAT(RunChild(spec).note, HasSubstr("cannot run true in /no/such/directory: No such file or directory"));
}

TEST(RunChildShell, EndsThePeakOfTheOutputToo) {
  // The program ends before all of its output has been read.
  ChildSpec spec;
  spec.argv = {"sh", "-c", "head -c 60000 /dev/zero"};
  spec.limits.output_bytes = 50'000;
  EXPECT_EQ(RunChild(spec).end, ChildEnd::kOutputLimit);
}

TEST(RunChildShell, TurnsRandomisationOff) {
  ChildSpec spec;
  spec.argv = {"sh", "-c", "grep stack /proc/self/maps"};
  spec.fixed_addresses = true;
  const ChildResult first = RunChild(spec);
  if (first.end == ChildEnd::kNotStarted) GTEST_SKIP() << first.note;
  EXPECT_EQ(first.out, RunChild(spec).out);
  EXPECT_THAT(first.out, Not(IsEmpty()));
}

}  // namespace
}  // namespace racelab
