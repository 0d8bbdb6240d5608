// Asio: a counter in a pool of two threads. Right: both use a strand. Wrong: both increment it at once.

#include <asio.hpp>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  const bool right = argc == 2 && std::string(argv[1]) == "right";
  asio::thread_pool pool(2);
  auto strand = asio::make_strand(pool);
  int count = 0;
  for (int i = 0; i < 2; ++i) {
    if (right) {
      asio::post(strand, [&] { ++count; });
    } else {
      asio::post(pool, [&] { ++count; });
    }
  }
  pool.join();
  if (count != 2) std::abort();
  return 0;
}
