// The C library's functions on descriptors. If system calls are dispatched, these calls also arrive without
// interceptors; but only here are the call's place in the program, and the memory that it reads and writes, known.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>

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

constexpr long kMostDescriptors = 1 << 16;  // A call with more of them fails, or is seen only in part.

// Memory that a call has read (because it writes it to a descriptor) or written.
void Touch(const volatile void* memory, long bytes, bool write, const void* pc) {
  if (bytes > 0 && Visible()) execution.Plain(Address(memory), static_cast<std::size_t>(bytes), write, pc);
}
void TouchBuffers(const iovec* vectors, std::size_t count, long bytes, bool write, const void* pc) {
  if (count > IOV_MAX) return;
  for (std::size_t i = 0; i < count && bytes > 0; ++i) {
    const long part = std::min(bytes, static_cast<long>(vectors[i].iov_len));
    Touch(vectors[i].iov_base, part, write, pc);
    bytes -= part;
  }
}

// The argument of poll(), which writes only `revents`.
void TouchPolled(const pollfd* descriptors, long count, bool write, const void* pc) {
  for (long i = 0; i < count && count <= kMostDescriptors; ++i) {
    if (write) {
      Touch(&descriptors[i].revents, sizeof descriptors[i].revents, true, pc);
    } else {
      Touch(&descriptors[i], offsetof(pollfd, revents), false, pc);
    }
  }
}

// An argument of select(): `descriptors` bits.
void TouchSet(long descriptors, long count, bool write, const void* pc) {
  constexpr long kBits = 8 * sizeof(fd_mask);
  if (descriptors == 0 || count > kMostDescriptors) return;
  Touch(reinterpret_cast<void*>(descriptors), (count + kBits - 1) / kBits * static_cast<long>(sizeof(fd_mask)), write,
        pc);
}

// The peer's address, of which at least the family is written, and its size.
void TouchPeer(long address, long size, const void* pc) {
  if (address == 0 || size == 0) return;
  Touch(reinterpret_cast<void*>(address), sizeof(sa_family_t), true, pc);
  Touch(reinterpret_cast<void*>(size), sizeof(socklen_t), true, pc);
}

void NoteReads(long number, const long* a, const void* pc) {
  switch (number) {
    case SYS_write:
    case SYS_pwrite64:
      return Touch(reinterpret_cast<const void*>(a[1]), a[2], false, pc);
    case SYS_sendto:
      Touch(reinterpret_cast<const void*>(a[1]), a[2], false, pc);
      return Touch(reinterpret_cast<const void*>(a[4]), a[4] == 0 ? 0 : a[5], false, pc);
    case SYS_writev:
    case SYS_pwritev:
      return TouchBuffers(reinterpret_cast<const iovec*>(a[1]), static_cast<std::size_t>(a[2]), INT64_MAX, false, pc);
    case SYS_sendmsg: {
      const auto* message = reinterpret_cast<const msghdr*>(a[1]);
      return TouchBuffers(message->msg_iov, message->msg_iovlen, INT64_MAX, false, pc);
    }
    case SYS_bind:
    case SYS_connect:
      return Touch(reinterpret_cast<const void*>(a[1]), a[2], false, pc);
    case SYS_epoll_ctl:
      if (a[1] == EPOLL_CTL_DEL) return;  // The kernel ignores the event.
      return Touch(reinterpret_cast<const void*>(a[3]), a[3] == 0 ? 0 : sizeof(epoll_event), false, pc);
    case SYS_poll:
    case SYS_ppoll:
      return TouchPolled(reinterpret_cast<const pollfd*>(a[0]), a[1], false, pc);
    case SYS_select:
    case SYS_pselect6:
      for (int i = 1; i <= 3; ++i) TouchSet(a[i], a[0], false, pc);
      return;
    default:
      break;
  }
}

// Records the writes of a call that has succeeded with this result.
void NoteWrites(long number, const long* a, long result, const void* pc) {
  switch (number) {
    case SYS_read:
    case SYS_pread64:
      return Touch(reinterpret_cast<void*>(a[1]), result, true, pc);
    case SYS_recvfrom:
      Touch(reinterpret_cast<void*>(a[1]), result, true, pc);
      return TouchPeer(a[4], a[5], pc);
    case SYS_readv:
    case SYS_preadv:
      return TouchBuffers(reinterpret_cast<const iovec*>(a[1]), static_cast<std::size_t>(a[2]), result, true, pc);
    case SYS_recvmsg: {
      const auto* message = reinterpret_cast<const msghdr*>(a[1]);
      return TouchBuffers(message->msg_iov, message->msg_iovlen, result, true, pc);
    }
    case SYS_accept:
    case SYS_accept4:
      return TouchPeer(a[1], a[2], pc);
    case SYS_pipe:
    case SYS_pipe2:
      return Touch(reinterpret_cast<void*>(a[0]), 2 * sizeof(int), true, pc);
    case SYS_socketpair:
      return Touch(reinterpret_cast<void*>(a[3]), 2 * sizeof(int), true, pc);
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
      return Touch(reinterpret_cast<void*>(a[1]), result * static_cast<long>(sizeof(epoll_event)), true, pc);
    case SYS_poll:
    case SYS_ppoll:
      return TouchPolled(reinterpret_cast<const pollfd*>(a[0]), a[1], true, pc);
    case SYS_select:
    case SYS_pselect6:
      for (int i = 1; i <= 3; ++i) TouchSet(a[i], a[0], true, pc);
      return;
    case SYS_getrandom:
      return Touch(reinterpret_cast<void*>(a[0]), result, true, pc);
    case SYS_clock_gettime:
      return Touch(reinterpret_cast<void*>(a[1]), sizeof(timespec), true, pc);
    default:
      break;
  }
}

}  // namespace

long CallKernelWithMemory(long number, const long* a, const void* pc) {
  NoteReads(number, a, pc);
  const long result = CallKernel(pc, number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (result >= 0) NoteWrites(number, a, result, pc);
  return result;
}

namespace {

template <typename... Arguments>
long Call(const void* pc, long number, Arguments... given) {
  const long arguments[6] = {Argument(given)...};
  return CallKernelWithMemory(number, arguments, pc);
}

constexpr std::size_t kKernelSet = 8;  // The size of the kernel's set of signals, in bytes.

struct KernelMask {
  const sigset_t* mask;
  std::size_t size;
};

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// A function that only makes a system call; its number and arguments follow.
#define RACELAB_CALL(result, function, parameters, arguments, ...) \
  RACELAB_INTERCEPTOR result function parameters {                 \
    if (!Live()) return REAL(function) arguments;                  \
    return static_cast<result>(Call(RACELAB_CALLER, __VA_ARGS__)); \
  }
RACELAB_CALL(int, close, (int descriptor), (descriptor), SYS_close, descriptor)
RACELAB_CALL(int, dup, (int descriptor), (descriptor), SYS_dup, descriptor)
RACELAB_CALL(int, dup2, (int from, int to), (from, to), SYS_dup2, from, to)
RACELAB_CALL(int, dup3, (int from, int to, int flags), (from, to, flags), SYS_dup3, from, to, flags)
RACELAB_CALL(int, eventfd, (unsigned value, int flags), (value, flags), SYS_eventfd2, value, flags)
RACELAB_CALL(int, pipe, (int* ends), (ends), SYS_pipe, ends)
RACELAB_CALL(int, pipe2, (int* ends, int flags), (ends, flags), SYS_pipe2, ends, flags)

RACELAB_CALL(int, socket, (int domain, int type, int protocol), (domain, type, protocol), SYS_socket, domain, type,
             protocol)
RACELAB_CALL(int, socketpair, (int domain, int type, int protocol, int* ends), (domain, type, protocol, ends),
             SYS_socketpair, domain, type, protocol, ends)
RACELAB_CALL(int, bind, (int socket, const sockaddr* address, socklen_t size), (socket, address, size), SYS_bind,
             socket, address, size)
RACELAB_CALL(int, listen, (int socket, int most), (socket, most), SYS_listen, socket, most)
RACELAB_CALL(int, connect, (int socket, const sockaddr* address, socklen_t size), (socket, address, size), SYS_connect,
             socket, address, size)
RACELAB_CALL(int, accept, (int socket, sockaddr* from, socklen_t* size), (socket, from, size), SYS_accept, socket, from,
             size)
RACELAB_CALL(int, accept4, (int socket, sockaddr* from, socklen_t* size, int flags), (socket, from, size, flags),
             SYS_accept4, socket, from, size, flags)
RACELAB_CALL(int, shutdown, (int socket, int how), (socket, how), SYS_shutdown, socket, how)

RACELAB_CALL(int, epoll_create, (int size), (size), SYS_epoll_create, size)
RACELAB_CALL(int, epoll_create1, (int flags), (flags), SYS_epoll_create1, flags)
RACELAB_CALL(int, epoll_ctl, (int poller, int what, int descriptor, epoll_event* event),
             (poller, what, descriptor, event), SYS_epoll_ctl, poller, what, descriptor, event)
RACELAB_CALL(int, epoll_wait, (int poller, epoll_event* events, int most, int time), (poller, events, most, time),
             SYS_epoll_wait, poller, events, most, time)
RACELAB_CALL(int, epoll_pwait, (int poller, epoll_event* events, int most, int time, const sigset_t* mask),
             (poller, events, most, time, mask), SYS_epoll_pwait, poller, events, most, time, mask, kKernelSet)
RACELAB_CALL(int, poll, (pollfd * descriptors, nfds_t count, int time), (descriptors, count, time), SYS_poll,
             descriptors, count, time)
RACELAB_CALL(int, ppoll, (pollfd * descriptors, nfds_t count, const timespec* time, const sigset_t* mask),
             (descriptors, count, time, mask), SYS_ppoll, descriptors, count, time, mask, kKernelSet)
RACELAB_CALL(int, select, (int count, fd_set* to_read, fd_set* to_write, fd_set* urgent, timeval* time),
             (count, to_read, to_write, urgent, time), SYS_select, count, to_read, to_write, urgent, time)
RACELAB_INTERCEPTOR int pselect(int count, fd_set* to_read, fd_set* to_write, fd_set* urgent, const timespec* time,
                                const sigset_t* mask) {
  if (!Live()) return REAL(pselect)(count, to_read, to_write, urgent, time, mask);
  const KernelMask kernel_mask = {mask, kKernelSet};
  return static_cast<int>(Call(RACELAB_CALLER, SYS_pselect6, count, to_read, to_write, urgent, time, &kernel_mask));
}

RACELAB_CALL(ssize_t, read, (int from, void* buffer, std::size_t bytes), (from, buffer, bytes), SYS_read, from, buffer,
             bytes)
RACELAB_CALL(ssize_t, readv, (int from, const iovec* vectors, int count), (from, vectors, count), SYS_readv, from,
             vectors, count)
RACELAB_CALL(ssize_t, pread, (int from, void* buffer, std::size_t bytes, off_t offset), (from, buffer, bytes, offset),
             SYS_pread64, from, buffer, bytes, offset)
RACELAB_CALL(ssize_t, pread64, (int from, void* buffer, std::size_t bytes, off64_t offset),
             (from, buffer, bytes, offset), SYS_pread64, from, buffer, bytes, offset)
RACELAB_CALL(ssize_t, preadv, (int from, const iovec* vectors, int count, off_t offset), (from, vectors, count, offset),
             SYS_preadv, from, vectors, count, offset)
RACELAB_CALL(ssize_t, recv, (int from, void* buffer, std::size_t bytes, int flags), (from, buffer, bytes, flags),
             SYS_recvfrom, from, buffer, bytes, flags, 0, 0)
RACELAB_CALL(ssize_t, recvfrom, (int from, void* buffer, std::size_t bytes, int flags, sockaddr* peer, socklen_t* size),
             (from, buffer, bytes, flags, peer, size), SYS_recvfrom, from, buffer, bytes, flags, peer, size)
RACELAB_CALL(ssize_t, recvmsg, (int from, msghdr* message, int flags), (from, message, flags), SYS_recvmsg, from,
             message, flags)

RACELAB_CALL(ssize_t, write, (int to, const void* buffer, std::size_t bytes), (to, buffer, bytes), SYS_write, to,
             buffer, bytes)
RACELAB_CALL(ssize_t, writev, (int to, const iovec* vectors, int count), (to, vectors, count), SYS_writev, to, vectors,
             count)
RACELAB_CALL(ssize_t, pwrite, (int to, const void* buffer, std::size_t bytes, off_t offset),
             (to, buffer, bytes, offset), SYS_pwrite64, to, buffer, bytes, offset)
RACELAB_CALL(ssize_t, pwrite64, (int to, const void* buffer, std::size_t bytes, off64_t offset),
             (to, buffer, bytes, offset), SYS_pwrite64, to, buffer, bytes, offset)
RACELAB_CALL(ssize_t, pwritev, (int to, const iovec* vectors, int count, off_t offset), (to, vectors, count, offset),
             SYS_pwritev, to, vectors, count, offset)
RACELAB_CALL(ssize_t, send, (int to, const void* buffer, std::size_t bytes, int flags), (to, buffer, bytes, flags),
             SYS_sendto, to, buffer, bytes, flags, 0, 0)
RACELAB_CALL(ssize_t, sendto,
             (int to, const void* buffer, std::size_t bytes, int flags, const sockaddr* peer, socklen_t size),
             (to, buffer, bytes, flags, peer, size), SYS_sendto, to, buffer, bytes, flags, peer, size)
RACELAB_CALL(ssize_t, sendmsg, (int to, const msghdr* message, int flags), (to, message, flags), SYS_sendmsg, to,
             message, flags)

RACELAB_INTERCEPTOR int eventfd_read(int descriptor, eventfd_t* value) {
  if (!Live()) return REAL(eventfd_read)(descriptor, value);
  return Call(RACELAB_CALLER, SYS_read, descriptor, value, sizeof *value) == sizeof *value ? 0 : -1;
}
RACELAB_INTERCEPTOR int eventfd_write(int descriptor, eventfd_t value) {
  if (!Live()) return REAL(eventfd_write)(descriptor, value);
  return CallKernel(RACELAB_CALLER, SYS_write, descriptor, AsArgument(&value), sizeof value) == sizeof value ? 0 : -1;
}

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
