#ifndef RACELAB_SANITIZERS_PROCESS_PROCESS_TREE_H_
#define RACELAB_SANITIZERS_PROCESS_PROCESS_TREE_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace racelab {

// The content of a small file, such as one in /proc; nullopt if it cannot be read (because the process is gone, say).
std::optional<std::string> ReadSmallFile(const std::string& path);

// The threads of a process, in the order of their creation (thread ids grow, until they wrap at kernel.pid_max); empty
// if the process is gone.
std::vector<pid_t> Threads(pid_t process);

// All descendants of `ancestor`, parents before their children, including zombies. A process that forks at this moment
// may be missed.
std::vector<pid_t> Descendants(pid_t ancestor);

// The resident memory of a process in bytes; 0 if it is gone.
int64_t ResidentBytes(pid_t process);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_PROCESS_TREE_H_
