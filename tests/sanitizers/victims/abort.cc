// Dies of SIGABRT after an uncaught exception.

#include <stdexcept>

int main() { throw std::runtime_error("nobody catches this"); }
