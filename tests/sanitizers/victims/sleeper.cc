// Sleeps for the given number of milliseconds (a minute by default).

#include <chrono>
#include <cstdlib>
#include <thread>

int main(int argc, char** argv) {
  std::this_thread::sleep_for(std::chrono::milliseconds(argc > 1 ? std::atoi(argv[1]) : 60'000));
}
