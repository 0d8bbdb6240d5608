// A thread that begins before main(), started by the program or by a library.
//
//   before_main right [library]
//   before_main wrong [library]     forgets to lock a mutex
//   before_main deadlock            waits before main() for a thread that waits for main()

#undef NDEBUG
#include <cassert>
#include <string_view>

#include "tests/sanitizers/explored/before_main/service.h"

namespace racelab {
namespace {

Service& ServiceOfProgram() {
  static Service service;
  return service;
}

[[gnu::constructor]] void Begin(int arguments, char** argument) {
  if (arguments != 2) return;
  ServiceOfProgram().Start();
  if (argument[1] == std::string_view("deadlock")) ServiceOfProgram().Join();
}

}  // namespace
}  // namespace racelab

int main(int arguments, char** argument) {
  racelab::Service& service = arguments == 2 ? racelab::ServiceOfProgram() : racelab::ServiceOfLibrary();
  service.Ask(argument[1] != std::string_view("wrong"));
  service.Join();
  assert(service.worked());
}
