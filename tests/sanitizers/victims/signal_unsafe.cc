// A signal handler allocates: signal-unsafe call in OnSignal.

#include <signal.h>

#include <cstdlib>

void* volatile g_keep;

void OnSignal(int) { g_keep = std::malloc(16); }

int main() {
  signal(SIGUSR1, OnSignal);
  raise(SIGUSR1);
  std::free(g_keep);
}
