// The C library's functions on descriptors. If system calls are dispatched to this runtime, they arrive without these
// interceptors, too; but here, the call's place in the program and the memory that it reads and writes are known.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

inline long Argument(long value) { return value; }
inline long Argument(unsigned long value) { return static_cast<long>(value); }
inline long Argument(int value) { return value; }
inline long Argument(unsigned value) { return static_cast<long>(value); }
template <typename T>
long Argument(const T* pointer) {
  return AsArgument(pointer);
}

// Memory that a call has read (because it writes it to a descriptor) or written.
void Touch(const volatile void* memory, long bytes, bool write, const void* pc) {
  if (bytes > 0 && Visible()) execution.Plain(Address(memory), static_cast<std::size_t>(bytes), write, pc);
}
void Touch(const iovec* vectors, int count, long bytes, bool write, const void* pc) {
  for (int i = 0; i < count && bytes > 0; ++i) {
    const long part = std::min(bytes, static_cast<long>(vectors[i].iov_len));
    Touch(vectors[i].iov_base, part, write, pc);
    bytes -= part;
  }
}

// Notes that a call has written two descriptors, if it has succeeded.
int NoteEnds(long result, int* ends, const void* pc) {
  Touch(ends, result == 0 ? 2 * sizeof *ends : 0, true, pc);
  return static_cast<int>(result);
}

}  // namespace

void NoteWhatCallReads(long number, const long* a, const void* pc) {
  switch (number) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_sendto:
      return Touch(reinterpret_cast<const void*>(a[1]), a[2], false, pc);
    case SYS_writev:
    case SYS_pwritev:
      return Touch(reinterpret_cast<const iovec*>(a[1]), static_cast<int>(a[2]), INT64_MAX, false, pc);
    default:
      break;
  }
}

void NoteWhatCallWrites(long number, const long* a, long result, const void* pc) {
  switch (number) {
    case SYS_read:
    case SYS_pread64:
    case SYS_recvfrom:
      return Touch(reinterpret_cast<void*>(a[1]), result, true, pc);
    case SYS_readv:
    case SYS_preadv:
      return Touch(reinterpret_cast<const iovec*>(a[1]), static_cast<int>(a[2]), result, true, pc);
    case SYS_pipe:
    case SYS_pipe2:
      NoteEnds(result, reinterpret_cast<int*>(a[0]), pc);
      return;
    case SYS_socketpair:
      NoteEnds(result, reinterpret_cast<int*>(a[3]), pc);
      return;
    case SYS_getrandom:
      return Touch(reinterpret_cast<void*>(a[0]), result, true, pc);
    case SYS_clock_gettime:
      return Touch(reinterpret_cast<void*>(a[1]), result == 0 ? sizeof(timespec) : 0, true, pc);
    default:
      break;
  }
}

namespace {

constexpr std::size_t kKernelSet = 8;  // The size of the kernel's set of signals, in bytes.

struct KernelMask {
  const sigset_t* mask;
  std::size_t size;
};

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// Functions that only make a system call.
#define RACELAB_CALL_1(result, function, number, A)                              \
  RACELAB_INTERCEPTOR result function(A a) {                                     \
    if (!Live()) return REAL(function)(a);                                       \
    return static_cast<result>(CallKernel(RACELAB_CALLER, number, Argument(a))); \
  }
#define RACELAB_CALL_2(result, function, number, A, B)                                        \
  RACELAB_INTERCEPTOR result function(A a, B b) {                                             \
    if (!Live()) return REAL(function)(a, b);                                                 \
    return static_cast<result>(CallKernel(RACELAB_CALLER, number, Argument(a), Argument(b))); \
  }
#define RACELAB_CALL_3(result, function, number, A, B, C)                                                  \
  RACELAB_INTERCEPTOR result function(A a, B b, C c) {                                                     \
    if (!Live()) return REAL(function)(a, b, c);                                                           \
    return static_cast<result>(CallKernel(RACELAB_CALLER, number, Argument(a), Argument(b), Argument(c))); \
  }
#define RACELAB_CALL_4(result, function, number, A, B, C, D)                                     \
  RACELAB_INTERCEPTOR result function(A a, B b, C c, D d) {                                      \
    if (!Live()) return REAL(function)(a, b, c, d);                                              \
    return static_cast<result>(                                                                  \
        CallKernel(RACELAB_CALLER, number, Argument(a), Argument(b), Argument(c), Argument(d))); \
  }

RACELAB_CALL_1(int, close, SYS_close, int)
RACELAB_CALL_1(int, dup, SYS_dup, int)
RACELAB_CALL_2(int, dup2, SYS_dup2, int, int)
RACELAB_CALL_3(int, dup3, SYS_dup3, int, int, int)
RACELAB_CALL_2(int, eventfd, SYS_eventfd2, unsigned, int)
RACELAB_CALL_1(int, epoll_create, SYS_epoll_create, int)
RACELAB_CALL_1(int, epoll_create1, SYS_epoll_create1, int)
RACELAB_CALL_4(int, epoll_ctl, SYS_epoll_ctl, int, int, int, epoll_event*)
RACELAB_CALL_3(int, socket, SYS_socket, int, int, int)
RACELAB_CALL_3(int, bind, SYS_bind, int, const sockaddr*, socklen_t)
RACELAB_CALL_2(int, listen, SYS_listen, int, int)
RACELAB_CALL_3(int, connect, SYS_connect, int, const sockaddr*, socklen_t)
RACELAB_CALL_3(int, accept, SYS_accept, int, sockaddr*, socklen_t*)
RACELAB_CALL_4(int, accept4, SYS_accept4, int, sockaddr*, socklen_t*, int)
RACELAB_CALL_2(int, shutdown, SYS_shutdown, int, int)

// open() and the like, with a third argument if a file may be created.
#define RACELAB_OPEN(function, folder_parameter, folder, call_folder)                                           \
  RACELAB_INTERCEPTOR int function(folder_parameter const char* path, int flags, ...) {                         \
    va_list list;                                                                                               \
    va_start(list, flags);                                                                                      \
    const mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;                      \
    va_end(list);                                                                                               \
    if (!Live()) return REAL(function)(folder path, flags, mode);                                               \
    return static_cast<int>(                                                                                    \
        CallKernel(RACELAB_CALLER, SYS_openat, call_folder, AsArgument(path), flags, static_cast<long>(mode))); \
  }
#define RACELAB_FOLDER int folder,
#define RACELAB_GIVEN_FOLDER folder,
RACELAB_OPEN(open, , , AT_FDCWD)
RACELAB_OPEN(open64, , , AT_FDCWD)
RACELAB_OPEN(openat, RACELAB_FOLDER, RACELAB_GIVEN_FOLDER, folder)
RACELAB_OPEN(openat64, RACELAB_FOLDER, RACELAB_GIVEN_FOLDER, folder)
RACELAB_INTERCEPTOR int creat(const char* path, mode_t mode) {
  if (!Live()) return REAL(creat)(path, mode);
  return static_cast<int>(
      CallKernel(RACELAB_CALLER, SYS_openat, AT_FDCWD, AsArgument(path), O_CREAT | O_WRONLY | O_TRUNC, Argument(mode)));
}

// Functions that answer in the program's memory.
RACELAB_INTERCEPTOR int pipe(int* ends) {
  if (!Live()) return REAL(pipe)(ends);
  return NoteEnds(CallKernel(RACELAB_CALLER, SYS_pipe, AsArgument(ends)), ends, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int pipe2(int* ends, int flags) {
  if (!Live()) return REAL(pipe2)(ends, flags);
  return NoteEnds(CallKernel(RACELAB_CALLER, SYS_pipe2, AsArgument(ends), flags), ends, RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int socketpair(int domain, int type, int protocol, int* ends) {
  if (!Live()) return REAL(socketpair)(domain, type, protocol, ends);
  return NoteEnds(CallKernel(RACELAB_CALLER, SYS_socketpair, domain, type, protocol, AsArgument(ends)), ends,
                  RACELAB_CALLER);
}
RACELAB_INTERCEPTOR int epoll_wait(int poller, epoll_event* events, int most, int time) {
  if (!Live()) return REAL(epoll_wait)(poller, events, most, time);
  const long result = CallKernel(RACELAB_CALLER, SYS_epoll_wait, poller, AsArgument(events), most, time);
  Touch(events, result * static_cast<long>(sizeof *events), true, RACELAB_CALLER);
  return static_cast<int>(result);
}
RACELAB_INTERCEPTOR int poll(pollfd* descriptors, nfds_t count, int time) {
  if (!Live()) return REAL(poll)(descriptors, count, time);
  const long result = CallKernel(RACELAB_CALLER, SYS_poll, AsArgument(descriptors), Argument(count), time);
  for (nfds_t i = 0; result >= 0 && i < count; ++i) NoteResult(&descriptors[i].revents, RACELAB_CALLER);
  return static_cast<int>(result);
}
RACELAB_INTERCEPTOR int ppoll(pollfd* descriptors, nfds_t count, const timespec* time, const sigset_t* mask) {
  if (!Live()) return REAL(ppoll)(descriptors, count, time, mask);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_ppoll, AsArgument(descriptors), Argument(count),
                                     AsArgument(time), AsArgument(mask), kKernelSet));
}
RACELAB_INTERCEPTOR int select(int count, fd_set* to_read, fd_set* to_write, fd_set* urgent, timeval* time) {
  if (!Live()) return REAL(select)(count, to_read, to_write, urgent, time);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_select, count, AsArgument(to_read), AsArgument(to_write),
                                     AsArgument(urgent), AsArgument(time)));
}
RACELAB_INTERCEPTOR int pselect(int count, fd_set* to_read, fd_set* to_write, fd_set* urgent, const timespec* time,
                                const sigset_t* mask) {
  if (!Live()) return REAL(pselect)(count, to_read, to_write, urgent, time, mask);
  const KernelMask kernel_mask = {mask, kKernelSet};
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_pselect6, count, AsArgument(to_read), AsArgument(to_write),
                                     AsArgument(urgent), AsArgument(time), AsArgument(&kernel_mask)));
}
RACELAB_INTERCEPTOR int epoll_pwait(int poller, epoll_event* events, int most, int time, const sigset_t* mask) {
  if (!Live()) return REAL(epoll_pwait)(poller, events, most, time, mask);
  return static_cast<int>(CallKernel(RACELAB_CALLER, SYS_epoll_pwait, poller, AsArgument(events), most, time,
                                     AsArgument(mask), kKernelSet));
}

RACELAB_INTERCEPTOR ssize_t read(int descriptor, void* buffer, std::size_t bytes) {
  if (!Live()) return REAL(read)(descriptor, buffer, bytes);
  const long result = CallKernel(RACELAB_CALLER, SYS_read, descriptor, AsArgument(buffer), Argument(bytes));
  Touch(buffer, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t readv(int descriptor, const iovec* vectors, int count) {
  if (!Live()) return REAL(readv)(descriptor, vectors, count);
  const long result = CallKernel(RACELAB_CALLER, SYS_readv, descriptor, AsArgument(vectors), count);
  Touch(vectors, count, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t preadv(int descriptor, const iovec* vectors, int count, off_t offset) {
  if (!Live()) return REAL(preadv)(descriptor, vectors, count, offset);
  const long result = CallKernel(RACELAB_CALLER, SYS_preadv, descriptor, AsArgument(vectors), count, offset);
  Touch(vectors, count, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t pwritev(int descriptor, const iovec* vectors, int count, off_t offset) {
  if (!Live()) return REAL(pwritev)(descriptor, vectors, count, offset);
  Touch(vectors, count, INT64_MAX, false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_pwritev, descriptor, AsArgument(vectors), count, offset);
}
RACELAB_INTERCEPTOR ssize_t pread(int descriptor, void* buffer, std::size_t bytes, off_t offset) {
  if (!Live()) return REAL(pread)(descriptor, buffer, bytes, offset);
  const long result = CallKernel(RACELAB_CALLER, SYS_pread64, descriptor, AsArgument(buffer), Argument(bytes), offset);
  Touch(buffer, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t pread64(int descriptor, void* buffer, std::size_t bytes, off64_t offset) {
  if (!Live()) return REAL(pread64)(descriptor, buffer, bytes, offset);
  const long result = CallKernel(RACELAB_CALLER, SYS_pread64, descriptor, AsArgument(buffer), Argument(bytes), offset);
  Touch(buffer, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t recvfrom(int descriptor, void* buffer, std::size_t bytes, int flags, sockaddr* from,
                                     socklen_t* size) {
  if (!Live()) return REAL(recvfrom)(descriptor, buffer, bytes, flags, from, size);
  const long result = CallKernel(RACELAB_CALLER, SYS_recvfrom, descriptor, AsArgument(buffer), Argument(bytes), flags,
                                 AsArgument(from), AsArgument(size));
  Touch(buffer, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t recv(int descriptor, void* buffer, std::size_t bytes, int flags) {
  if (!Live()) return REAL(recv)(descriptor, buffer, bytes, flags);
  const long result =
      CallKernel(RACELAB_CALLER, SYS_recvfrom, descriptor, AsArgument(buffer), Argument(bytes), flags, 0, 0);
  Touch(buffer, result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
  if (!Live()) return REAL(recvmsg)(descriptor, message, flags);
  const long result = CallKernel(RACELAB_CALLER, SYS_recvmsg, descriptor, AsArgument(message), flags);
  if (result >= 0) Touch(message->msg_iov, static_cast<int>(message->msg_iovlen), result, true, RACELAB_CALLER);
  return result;
}
RACELAB_INTERCEPTOR ssize_t write(int descriptor, const void* buffer, std::size_t bytes) {
  if (!Live()) return REAL(write)(descriptor, buffer, bytes);
  Touch(buffer, Argument(bytes), false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_write, descriptor, AsArgument(buffer), Argument(bytes));
}
RACELAB_INTERCEPTOR ssize_t writev(int descriptor, const iovec* vectors, int count) {
  if (!Live()) return REAL(writev)(descriptor, vectors, count);
  Touch(vectors, count, INT64_MAX, false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_writev, descriptor, AsArgument(vectors), count);
}
RACELAB_INTERCEPTOR ssize_t pwrite(int descriptor, const void* buffer, std::size_t bytes, off_t offset) {
  if (!Live()) return REAL(pwrite)(descriptor, buffer, bytes, offset);
  Touch(buffer, Argument(bytes), false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_pwrite64, descriptor, AsArgument(buffer), Argument(bytes), offset);
}
RACELAB_INTERCEPTOR ssize_t pwrite64(int descriptor, const void* buffer, std::size_t bytes, off64_t offset) {
  if (!Live()) return REAL(pwrite64)(descriptor, buffer, bytes, offset);
  Touch(buffer, Argument(bytes), false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_pwrite64, descriptor, AsArgument(buffer), Argument(bytes), offset);
}
RACELAB_INTERCEPTOR ssize_t sendto(int descriptor, const void* buffer, std::size_t bytes, int flags, const sockaddr* to,
                                   socklen_t size) {
  if (!Live()) return REAL(sendto)(descriptor, buffer, bytes, flags, to, size);
  Touch(buffer, Argument(bytes), false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_sendto, descriptor, AsArgument(buffer), Argument(bytes), flags, AsArgument(to),
                    Argument(size));
}
RACELAB_INTERCEPTOR ssize_t send(int descriptor, const void* buffer, std::size_t bytes, int flags) {
  if (!Live()) return REAL(send)(descriptor, buffer, bytes, flags);
  Touch(buffer, Argument(bytes), false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_sendto, descriptor, AsArgument(buffer), Argument(bytes), flags, 0, 0);
}
RACELAB_INTERCEPTOR ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
  if (!Live()) return REAL(sendmsg)(descriptor, message, flags);
  Touch(message->msg_iov, static_cast<int>(message->msg_iovlen), INT64_MAX, false, RACELAB_CALLER);
  return CallKernel(RACELAB_CALLER, SYS_sendmsg, descriptor, AsArgument(message), flags);
}
RACELAB_INTERCEPTOR int eventfd_read(int descriptor, eventfd_t* value) {
  if (!Live()) return REAL(eventfd_read)(descriptor, value);
  const long result = CallKernel(RACELAB_CALLER, SYS_read, descriptor, AsArgument(value), sizeof *value);
  Touch(value, result, true, RACELAB_CALLER);
  return result == sizeof *value ? 0 : -1;
}
RACELAB_INTERCEPTOR int eventfd_write(int descriptor, eventfd_t value) {
  if (!Live()) return REAL(eventfd_write)(descriptor, value);
  return CallKernel(RACELAB_CALLER, SYS_write, descriptor, AsArgument(&value), sizeof value) == sizeof value ? 0 : -1;
}
