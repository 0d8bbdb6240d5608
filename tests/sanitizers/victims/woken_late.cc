// Healthy, though its only thread waits for more than a second for an event that none of its threads will cause: a
// signal's handler, or another process.
//
//   woken_late signal|process

#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace {

sem_t* g_ready;

void OnAlarm(int) { sem_post(g_ready); }

void Wait() {
  while (sem_wait(g_ready) != 0) {  // a signal may also just interrupt it
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  void* shared = mmap(nullptr, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  g_ready = static_cast<sem_t*>(shared);
  if (std::strcmp(argv[1], "signal") == 0) {
    sem_init(g_ready, 0, 0);
    std::signal(SIGALRM, OnAlarm);
    alarm(2);
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
