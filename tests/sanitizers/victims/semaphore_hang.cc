// Waits for a semaphore that nobody releases. libstdc++ lets it sleep on a futex that is not marked as private.

#include <semaphore>

int main() {
  std::counting_semaphore<4> never(0);
  never.acquire();
}
