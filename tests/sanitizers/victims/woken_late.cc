// Healthy, though its only thread waits for more than a second for an event that none of its threads will cause: a
// signal's handler, or another process.
//
//   woken_late signal|child|timer|process

#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

namespace {

sem_t* g_ready;

void OnSignal(int) { sem_post(g_ready); }

void Wait() {
  while (sem_wait(g_ready) != 0) {  // a signal may also just interrupt it
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  void* shared = mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_ready = static_cast<sem_t*>(shared);
  const std::string_view waker = argv[1];
  if (waker != "process") {
    sem_init(g_ready, 0, 0);
    const int signal = waker == "signal" ? SIGALRM : waker == "child" ? SIGCHLD : SIGRTMIN;
    std::signal(signal, OnSignal);
    if (waker == "child") {
      if (fork() == 0) {
        usleep(2'500'000);
        _exit(0);
      }
    } else {
      sigevent event = {};
      event.sigev_notify = SIGEV_SIGNAL;
      event.sigev_signo = signal;
      timer_t timer;
      const itimerspec once = {{0, 0}, {2, 500'000'000}};
      if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &once, nullptr) != 0) return 2;
    }
    Wait();
    return 0;
  }
  sem_init(g_ready, 1, 0);
  const pid_t child = fork();
  if (child == 0) {
    usleep(1'500'000);
    sem_post(g_ready);
    _exit(0);
  }
  Wait();
  waitpid(child, nullptr, 0);
}
