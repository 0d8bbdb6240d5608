// Runs the small concurrent program that its arguments describe, an argument a thread: operations of two characters.
//
//   r0 r1   load of an atomic              w0 w1   store of a new number
//   u0 u1   fetch_add                      c0 c1   compare-exchange 0 -> new
//   l0 l1   lock of a mutex                o0 o1   its unlock (only if this thread holds it)
//   t0 t1   try_lock, and unlock if it succeeded
//   n0      notify_one                     v0      wait on the condition variable (under mutex 0), without a predicate
//   p0      release of a semaphore         a0      acquire of it
//   h0 h1   store of one of two values, which the runtime chooses
//
// The exit code is a digest of all that the threads read and of the final state: different outcomes, different codes
// (nearly always).

#include <dlfcn.h>
#include <semaphore.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

std::atomic<int> variables[2];
std::mutex mutexes[2];
std::condition_variable condition;
sem_t semaphore;
const auto choose = reinterpret_cast<int (*)(int)>(dlsym(RTLD_DEFAULT, "racelab_interleave_choose"));

class Digest {
 public:
  void Add(int value) { state_ = (state_ ^ static_cast<unsigned>(value + 1)) * 16777619u; }
  unsigned value() const { return state_; }

 private:
  unsigned state_ = 2166136261u;
};

void RunThread(const std::string& program, int me, Digest& digest) {
  bool held[2] = {false, false};
  int fresh = 10 * (me + 1);
  for (size_t i = 0; i + 1 < program.size(); i += 2) {
    const int which = program[i + 1] - '0';
    switch (program[i]) {
      case 'r':
        digest.Add(variables[which].load());
        break;
      case 'w':
        variables[which].store(++fresh);
        break;
      case 'u':
        digest.Add(variables[which].fetch_add(1));
        break;
      case 'c': {
        int expected = 0;
        digest.Add(variables[which].compare_exchange_strong(expected, ++fresh));
        break;
      }
      case 'l':
        if (held[which]) break;
        mutexes[which].lock();
        held[which] = true;
        break;
      case 'o':
        if (held[which]) mutexes[which].unlock();
        held[which] = false;
        break;
      case 't': {
        if (held[which]) break;
        const bool got = mutexes[which].try_lock();
        digest.Add(got);
        if (got) mutexes[which].unlock();
        break;
      }
      case 'n':
        condition.notify_one();
        break;
      case 'v': {
        if (held[0]) break;
        std::unique_lock<std::mutex> lock(mutexes[0]);
        condition.wait(lock);
        digest.Add(7);
        break;
      }
      case 'p':
        sem_post(&semaphore);
        break;
      case 'a':
        sem_wait(&semaphore);
        break;
      case 'h':
        variables[which].store(choose(2));
        break;
      default:
        break;
    }
  }
  for (int which : {0, 1}) {
    if (held[which]) mutexes[which].unlock();
  }
}

}  // namespace

int main(int argc, char** argv) {
  sem_init(&semaphore, 0, 0);
  std::vector<Digest> digests(static_cast<size_t>(argc));
  std::vector<std::thread> threads;
  for (int i = 1; i < argc; ++i) {
    threads.emplace_back([argv, i, &digests] { RunThread(argv[i], i, digests[static_cast<size_t>(i)]); });
  }
  for (std::thread& thread : threads) thread.join();
  Digest all;
  for (const Digest& digest : digests) all.Add(static_cast<int>(digest.value()));
  for (const auto& variable : variables) all.Add(variable.load());
  return static_cast<int>(all.value() & 0x3fffffff);
}
