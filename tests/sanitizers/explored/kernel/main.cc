// The programs of kernel.h:
//   kernel right pipe
//   kernel refused timerfd
//   kernel list

#include <linux/futex.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/sanitizers/explored/kernel/kernel.h"

namespace racelab {
namespace {

int CallWhatIsRefused(const std::string& name) {
  if (name == "timerfd") return timerfd_create(CLOCK_MONOTONIC, 0) < 0;
  if (name == "setitimer") {
    const itimerval often = {{0, 1000}, {0, 1000}};
    return setitimer(ITIMER_REAL, &often, nullptr);
  }
  if (name == "alarm") return static_cast<int>(alarm(1));
  if (name == "shmat") return shmat(0, nullptr, 0) == nullptr;
  if (name == "futex(FUTEX_CMP_REQUEUE)") {
    int from = 0, to = 0;
    return static_cast<int>(syscall(SYS_futex, &from, FUTEX_CMP_REQUEUE_PRIVATE, 1, 1, &to, 0));
  }
  if (name == "fork") return fork() == 0 ? 0 : wait(nullptr) < 0;
  if (name == "system") return std::system("true");
  if (name == "popen") return popen("true", "r") == nullptr;
  return 2;
}

}  // namespace
}  // namespace racelab

int main(int argc, char** argv) {
  using namespace racelab;
  if (argc == 3 && std::string(argv[1]) == "refused") return CallWhatIsRefused(argv[2]);
  return RunRightOrWrong({Descriptors, Signals, Process, Stacks, Streams}, argc, argv);
}
