#include "sanitizers/racelab/temporary_folder.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include "sanitizers/process/supervisor.h"
#include "sanitizers/racelab/require.h"

namespace racelab {
namespace {

void RemoveFolder(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

// Waits until `lifeline` is closed, then removes the folder. Only SIGKILL can end this process earlier. It keeps no
// other file open, so nobody waits for it.
[[noreturn]] void Inherit(int lifeline, const std::string& path) {
  setsid();
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
  dup2(lifeline, 0);
  syscall(SYS_close_range, 1u, ~0u, 0u);
  char byte;
  while (read(0, &byte, 1) < 0 && errno == EINTR) {
  }
  RemoveFolder(path);
  _exit(0);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  path_ = std::filesystem::absolute(std::filesystem::temp_directory_path(error) / "racelab.XXXXXX").string();
  if (error || mkdtemp(path_.data()) == nullptr) {
    std::fprintf(stderr, "racelab: cannot make a folder such as %s: is $TMPDIR writable?\n", path_.c_str());
    Exit(kMisuse);
  }
  const int lifeline = Lifeline();
  if (lifeline < 0) return;
  heir_ = fork();
  if (heir_ == 0) Inherit(lifeline, path_);
}

TemporaryFolder::~TemporaryFolder() {
  RemoveFolder(path_);
  if (heir_ < 0) return;
  kill(heir_, SIGKILL);
  while (waitpid(heir_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace racelab
