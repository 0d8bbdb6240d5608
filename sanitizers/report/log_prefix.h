#ifndef RACELAB_SANITIZERS_REPORT_LOG_PREFIX_H_
#define RACELAB_SANITIZERS_REPORT_LOG_PREFIX_H_

#include <string_view>

namespace racelab {

// A line of a log without the prefix that a CI service, container, launcher or journal adds.
struct LogLine {
  std::string_view text;
  std::string_view source;  // the part of the prefix that says whose line it is: "web-1", "12", "server[123]"
};

// Understands, in any sequence:
//   2026-01-02T03:04:05.1234567Z      GitHub; also as "<job>\t<step>\t<time>", as `gh run view --log` prints it
//   2026-01-02T03:04:05.123456Z 00O   GitLab
//   [2026-01-02T03:04:05.123Z]  03:04:05  [12:34:56]     Jenkins and others
//   Jan 02 03:04:05 host server[123]:     journald, also with the time in ISO form
//   12:                               ctest -V, srun -l
//   web-1  |                          docker compose
//   [1,0]<stderr>:                    mpirun --tag-output
//   [pod/web/main]                    kubectl logs --prefix, and others that put a name in brackets
// One blank after each of these belongs to the prefix (none after mpirun's): the text may be indented.
LogLine SplitLogLine(std::string_view line);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_REPORT_LOG_PREFIX_H_
