// Memory that the kernel writes to. For a page that is protected until its first write, a system call does not fault:
// it returns EFAULT or, after a partial write, a short count.

#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr std::uintptr_t kLargestStructure = 16 << 10;  // The largest that a call without a size argument fills.
constexpr long kMostVectors = 1024;                     // linux: UIO_MAXIOV

void Expect(long address, long bytes) {
  if (address != 0 && bytes > 0) ExpectWrites(reinterpret_cast<void*>(address), static_cast<std::size_t>(bytes));
}

void ExpectVectors(const iovec* vectors, long count) {
  if (vectors == nullptr) return;
  for (long i = 0; i < std::min(count, kMostVectors); ++i) ExpectWrites(vectors[i].iov_base, vectors[i].iov_len);
}

void ExpectMessage(msghdr* message) {
  if (message == nullptr) return;
  ExpectWrites(message, sizeof *message);
  ExpectWrites(message->msg_name, message->msg_namelen);
  ExpectWrites(message->msg_control, message->msg_controllen);
  ExpectVectors(message->msg_iov, static_cast<long>(message->msg_iovlen));
}

void ExpectSocketAddress(long address, long length) {
  if (address == 0 || length == 0) return;
  Expect(address, sizeof(sockaddr_storage));
  Expect(length, sizeof(socklen_t));
}

}  // namespace

void ExpectKernelWrites(const KernelCall& call) {
  const long* a = call.arguments;
  switch (call.number) {
    case SYS_read:
    case SYS_pread64:
    case SYS_getdents64:
    case SYS_getdents:
      return Expect(a[1], a[2]);
    case SYS_readv:
    case SYS_preadv:
    case SYS_preadv2:
      return ExpectVectors(reinterpret_cast<const iovec*>(a[1]), a[2]);
    case SYS_getrandom:
      return Expect(a[0], a[1]);
    case SYS_recvfrom:
      ExpectSocketAddress(a[4], a[5]);
      return Expect(a[1], a[2]);
    case SYS_recvmsg:
      return ExpectMessage(reinterpret_cast<msghdr*>(a[1]));
    case SYS_recvmmsg:
      for (long i = 0; i < std::min(a[2], kMostVectors); ++i) {
        ExpectWrites(reinterpret_cast<mmsghdr*>(a[1]) + i, sizeof(mmsghdr));
        ExpectMessage(&(reinterpret_cast<mmsghdr*>(a[1]) + i)->msg_hdr);
      }
      return;
    case SYS_accept:
    case SYS_accept4:
    case SYS_getsockname:
    case SYS_getpeername:
      return ExpectSocketAddress(a[1], a[2]);
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
      return Expect(a[1], a[2] * static_cast<long>(sizeof(epoll_event)));
    case SYS_prlimit64:
      return Expect(a[3], sizeof(rlimit));
    case SYS_sendfile:
      return Expect(a[2], sizeof(off_t));
    default:
      return;
  }
}

bool ExpectAllWrites(const KernelCall& call) {
  bool any = false;
  for (const long argument : call.arguments) {
    const auto address = static_cast<std::uintptr_t>(argument);
    const std::uintptr_t end = EndOfSavedMemory(address);
    if (end == 0) continue;
    any |= ExpectWrites(reinterpret_cast<void*>(address), std::min(end - address, kLargestStructure));
  }
  return any;
}

}  // namespace racelab::interleave
