// Exits with the given status (3 by default).

#include <cstdlib>

int main(int argc, char** argv) { return argc > 1 ? std::atoi(argv[1]) : 3; }
