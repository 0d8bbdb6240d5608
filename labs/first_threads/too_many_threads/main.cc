// A server on a small machine: a hundred requests come in, each when the one before it has been answered, and there is
// room for sixteen threads.

#include <malloc.h>
#include <pthread.h>
#include <request_server.h>  // In angle brackets: the include path decides which variant of it is built.
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <string>
#include <system_error>

namespace {

constexpr int kRequests = 100;
constexpr int kExpectedAtOnce = 4;
constexpr int kRoom = 16;
constexpr std::size_t kStack = std::size_t{64} << 20;
constexpr std::size_t kMargin = std::size_t{32} << 20;  // For everything but stacks.

// Makes the machine small: each thread takes 64 MiB of addresses, and there are not many left. (A limit on the number
// of threads would not bind the superuser.) Returns whether the system agreed.
bool LeaveRoomForThreads(int threads) {
  mallopt(M_ARENA_MAX, 1);  // Else malloc takes addresses for each thread, too.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  if (pthread_setattr_default_np(&attributes) != 0) return false;

  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  rlimit limit = {};
  if (pages == 0 || getrlimit(RLIMIT_AS, &limit) != 0) return false;
  limit.rlim_cur = pages * sysconf(_SC_PAGESIZE) + threads * kStack + kMargin;
  return setrlimit(RLIMIT_AS, &limit) == 0;
}

// Counts what became of the requests. Safe to use from any number of threads at once.
class Ledger {
 public:
  void Note(const std::string& answer) {
    std::lock_guard lock(mutex_);
    ++(answer == RequestServer::kBusy ? busy_ : answered_);
    noted_.notify_one();
  }

  // Waits until so many answers have been noted.
  void Await(int answers) {
    std::unique_lock lock(mutex_);
    noted_.wait(lock, [&] { return answered_ + busy_ >= answers; });
  }

  // Prints the counts; returns whether no request was lost.
  bool Print() {
    std::lock_guard lock(mutex_);
    const int lost = kRequests - answered_ - busy_;
    std::printf("answered:      %3d\ntold \"busy\":   %3d\nlost:          %3d\n", answered_, busy_, lost);
    return lost == 0 && answered_ > 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable noted_;
  int answered_ = 0;
  int busy_ = 0;
};

std::string Answer(int request) { return "HTTP/1.1 200 OK\r\n\r\npage " + std::to_string(request % 7); }

}  // namespace

int main() {
  if (!LeaveRoomForThreads(kRoom)) {
    std::printf("this system does not let a program limit its own memory (RLIMIT_AS)\n");
    return 1;
  }
  std::printf("%d requests, one after the other, and room for %d threads\n", kRequests, kRoom);
  Ledger ledger;
  {
    RequestServer server(Answer, kExpectedAtOnce);
    int accepted = 0;
    bool complained = false;
    for (int request = 1; request <= kRequests; ++request) {
      try {
        server.Accept(request, [&](const std::string& answer) { ledger.Note(answer); });
        ledger.Await(++accepted);
      } catch (const std::system_error& error) {
        if (!complained) std::printf("request %d: %s\n", request, error.what());
        complained = true;
      }
    }
  }
  return ledger.Print() ? 0 : 1;
}
