// A signal handler changes errno: OnSignal.
//
// The detector looks at errno only for a handler that was installed with sigaction and runs at once, in a blocking
// call.

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

void OnSignal(int, siginfo_t*, void*) { errno = 1; }

int main() {
  struct sigaction action = {};
  action.sa_sigaction = OnSignal;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, nullptr);
  const pthread_t main_thread = pthread_self();
  std::atomic<bool> stop{false};
  std::thread sender([&] {
    while (!stop) {
      pthread_kill(main_thread, SIGUSR1);
      usleep(1000);
    }
  });
  for (int i = 0; i < 100; ++i) usleep(2000);
  stop = true;
  sender.join();
}
