// A server with four worker processes, as some web servers have, and one board that counts the requests of a day.

#include <hit_board.h>  // In angle brackets: the include path decides which variant of it is built.
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace {

constexpr int kDays = 5;
constexpr int kWorkers = 4;
constexpr int kRequestsPerWorker = 50'000;

// The server's work: makes the answer to one request.
std::string Answer(int request) { return "HTTP/1.1 200 OK\r\n\r\npage " + std::to_string(request % 7); }

// Starts a process that answers its share of the day's requests once the doors are open, that is, once nobody can write
// into the pipe `doors` any more. Returns whether it was started.
bool StartWorker(HitBoard& hits, const int (&doors)[2]) {
  const pid_t server = getpid();
  const pid_t worker = fork();
  if (worker != 0) return worker > 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // No worker outlives the server.
  close(doors[1]);
  char nothing;
  if (getppid() == server && read(doors[0], &nothing, 1) == 0) {
    for (int request = 0; request < kRequestsPerWorker; ++request) {
      if (!Answer(request).empty()) hits.Record();
    }
  }
  _exit(0);
}

// Answers a day's requests; returns how many the board shows.
long long ServeForADay() {
  HitBoard hits;
  int doors[2];
  if (pipe(doors) != 0) return 0;
  int workers = 0;
  while (workers < kWorkers && StartWorker(hits, doors)) ++workers;
  close(doors[1]);
  while (workers > 0 && wait(nullptr) > 0) --workers;
  close(doors[0]);
  return hits.Total();
}

}  // namespace

int main() {
  constexpr int kAnswered = kWorkers * kRequestsPerWorker;
  for (int day = 1; day <= kDays; ++day) {
    const long long counted = ServeForADay();
    if (counted != kAnswered) {
      std::printf("day %d: answered %d, counted %lld\n", day, kAnswered, counted);
      return 1;
    }
  }
  std::printf("%d days: answered and counted %d on each\n", kDays, kAnswered);
  return 0;
}
