// Leaves a process behind that has its own session and keeps our pipes open: a daemon, which sleeps for half a minute.
// Prints the daemon's process id.

#include <unistd.h>

#include <cstdio>

int main() {
  if (fork() == 0) {
    setsid();
    const pid_t daemon = fork();
    if (daemon == 0) {
      sleep(30);
      _exit(0);
    }
    std::printf("%d\n", static_cast<int>(daemon));
    std::fflush(stdout);
    _exit(0);
  }
  usleep(200'000);
}
