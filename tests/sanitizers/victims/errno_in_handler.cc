// A signal handler spoils errno: OnSignal.
//
// The detector looks at errno only for a handler that was installed with sigaction and runs at once, in a blocking call.

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

void OnSignal(int, siginfo_t*, void*) { errno = 1; }

int main() {
  struct sigaction action = {};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, nullptr);
  const pid_t self = getpid();
  std::thread([self] { kill(self, SIGUSR1); }).join();
  usleep(1000);
}
