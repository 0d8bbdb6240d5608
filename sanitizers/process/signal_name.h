#ifndef RACELAB_SANITIZERS_PROCESS_SIGNAL_NAME_H_
#define RACELAB_SANITIZERS_PROCESS_SIGNAL_NAME_H_

#include <string>

namespace racelab {

// "SIGSEGV"; "signal 42" for a signal without a name.
std::string SignalName(int signal);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_SIGNAL_NAME_H_
