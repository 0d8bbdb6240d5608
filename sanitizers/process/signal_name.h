#ifndef RACELAB_SANITIZERS_PROCESS_SIGNAL_NAME_H_
#define RACELAB_SANITIZERS_PROCESS_SIGNAL_NAME_H_

#include <string>

namespace racelab {

// "SIGSEGV"; "signal 42" of one that has no name.
std::string SignalName(int signal);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_SIGNAL_NAME_H_
