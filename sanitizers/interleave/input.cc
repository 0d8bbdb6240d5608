// Standard input, which every execution reads from its beginning: data from a pipe or a terminal is kept and read
// again. (A file's offset is simply restored.)

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

Vector<char> input;        // All data read so far.
std::size_t position = 0;  // Of the execution that is running.
bool replays = false;      // Standard input is not a file.
int shared_input = -1;     // The file as the parent process opened it; its offset is shared with other processes.
struct stat identity;

bool IsInput(long descriptor) {
  struct stat status = {};
  return SystemCall(SYS_fstat, descriptor, AsArgument(&status)) == 0 && status.st_ino == identity.st_ino &&
         status.st_dev == identity.st_dev;
}

// Reads more, at the end of the data kept so far. Returns 0 at the end of input.
long ReadOn(long descriptor, std::size_t bytes) {
  const std::size_t before = input.size();
  input.resize(before + std::min<std::size_t>(bytes, 1 << 16));
  waits_for_the_world = true;
  const long result =
      SystemCall(SYS_read, descriptor, AsArgument(input.data() + before), static_cast<long>(input.size() - before));
  waits_for_the_world = false;
  input.resize(before + static_cast<std::size_t>(std::max(result, 0L)));
  return result;
}

long ReadInto(long descriptor, char* buffer, std::size_t bytes) {
  if (position == input.size()) {
    const long result = ReadOn(descriptor, bytes);
    if (result <= 0) return result;
  }
  const std::size_t taken = std::min(bytes, input.size() - position);
  memcpy(buffer, input.data() + position, taken);
  position += taken;
  return static_cast<long>(taken);
}

}  // namespace

// An execution that reads from a file must not change the offset that other processes share.
void BeginInput() {
  input.clear();
  replays = SystemCall(SYS_fstat, STDIN_FILENO, AsArgument(&identity)) == 0 && !S_ISREG(identity.st_mode);
  if (replays || SystemCall(SYS_fcntl, STDIN_FILENO, F_GETFD) < 0) return;
  const long offset = SystemCall(SYS_lseek, STDIN_FILENO, 0, SEEK_CUR);
  const long own = SystemCall(SYS_openat, AT_FDCWD, AsArgument("/proc/self/fd/0"), O_RDONLY | O_CLOEXEC);
  if (IsError(own)) return;
  shared_input = static_cast<int>(SystemCall(SYS_fcntl, STDIN_FILENO, F_DUPFD_CLOEXEC, 100));
  SystemCall(SYS_lseek, own, offset, SEEK_SET);
  SystemCall(SYS_dup3, own, STDIN_FILENO, 0);
  SystemCall(SYS_close, own);
}

void SetBackInput() { position = 0; }

void EndInput() {
  if (shared_input < 0) return;
  const long offset = SystemCall(SYS_lseek, STDIN_FILENO, 0, SEEK_CUR);
  SystemCall(SYS_dup3, shared_input, STDIN_FILENO, 0);
  SystemCall(SYS_lseek, STDIN_FILENO, offset, SEEK_SET);
  SystemCall(SYS_close, shared_input);
  shared_input = -1;
}

bool ReadInput(KernelCall& call, long& result) {
  const long descriptor = call.arguments[0];
  if (!replays || !IsInput(descriptor)) return false;
  if (call.number == SYS_read) {
    result =
        ReadInto(descriptor, reinterpret_cast<char*>(call.arguments[1]), static_cast<std::size_t>(call.arguments[2]));
    return true;
  }
  if (call.number != SYS_readv) return false;
  result = 0;
  const auto* vectors = reinterpret_cast<const iovec*>(call.arguments[1]);
  for (long i = 0; i < call.arguments[2] && (result == 0 || position < input.size()); ++i) {
    const long read = ReadInto(descriptor, static_cast<char*>(vectors[i].iov_base), vectors[i].iov_len);
    if (read < 0) return result = result > 0 ? result : read, true;
    result += read;
    if (read < static_cast<long>(vectors[i].iov_len)) break;
  }
  return true;
}

}  // namespace racelab::interleave
