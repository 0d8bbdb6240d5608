// Functions that query the system or a library, and write the answer to the program's memory.

#include <arpa/inet.h>
#include <grp.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/ether.h>
#include <pwd.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

void Uses(long descriptor, const void* pc) { UseNumber(descriptor, {0, {}, pc, nullptr}); }

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// A function that returns 0 if it wrote `to`.
#define RACELAB_FILLS(name, parameters, arguments)       \
  RACELAB_STAND_IN(int, name, parameters) {              \
    const int result = RACELAB_LIBRARYS(name) arguments; \
    Filled(result == 0, to, RACELAB_CALLER);             \
    return result;                                       \
  }
// The same, for a descriptor.
#define RACELAB_FILLS_OF(name, parameters, arguments)    \
  RACELAB_STAND_IN(int, name, parameters) {              \
    Uses(descriptor, RACELAB_CALLER);                    \
    const int result = RACELAB_LIBRARYS(name) arguments; \
    Filled(result == 0, to, RACELAB_CALLER);             \
    return result;                                       \
  }
RACELAB_FILLS(stat, (const char* path, struct stat* to), (path, to))
RACELAB_FILLS(lstat, (const char* path, struct stat* to), (path, to))
RACELAB_FILLS(stat64, (const char* path, struct stat64* to), (path, to))
RACELAB_FILLS(lstat64, (const char* path, struct stat64* to), (path, to))
RACELAB_FILLS_OF(fstat, (int descriptor, struct stat* to), (descriptor, to))
RACELAB_FILLS_OF(fstat64, (int descriptor, struct stat64* to), (descriptor, to))
RACELAB_FILLS(fstatat, (int folder, const char* path, struct stat* to, int flags), (folder, path, to, flags))
RACELAB_FILLS(fstatat64, (int folder, const char* path, struct stat64* to, int flags), (folder, path, to, flags))
RACELAB_FILLS(statfs, (const char* path, struct statfs* to), (path, to))
RACELAB_FILLS_OF(fstatfs, (int descriptor, struct statfs* to), (descriptor, to))
RACELAB_FILLS(statvfs, (const char* path, struct statvfs* to), (path, to))
RACELAB_FILLS_OF(fstatvfs, (int descriptor, struct statvfs* to), (descriptor, to))
RACELAB_FILLS(uname, (utsname * to), (to))
RACELAB_FILLS(sysinfo, (struct sysinfo * to), (to))
RACELAB_FILLS(getrusage, (int who, rusage* to), (who, to))
RACELAB_FILLS(getrlimit, (int which, rlimit* to), (which, to))
RACELAB_FILLS(getrlimit64, (int which, rlimit64* to), (which, to))
RACELAB_FILLS(getitimer, (int which, itimerval* to), (which, to))
RACELAB_FILLS(clock_getres, (clockid_t clock, timespec* to), (clock, to))
RACELAB_FILLS(getifaddrs, (ifaddrs * *to), (to))
RACELAB_FILLS(getaddrinfo, (const char* node, const char* service, const addrinfo* hints, addrinfo** to),
              (node, service, hints, to))
RACELAB_FILLS(pthread_attr_getstacksize, (const pthread_attr_t* attributes, std::size_t* to), (attributes, to))
RACELAB_FILLS(pthread_attr_getguardsize, (const pthread_attr_t* attributes, std::size_t* to), (attributes, to))
RACELAB_FILLS(pthread_mutexattr_gettype, (const pthread_mutexattr_t* attributes, int* to), (attributes, to))
RACELAB_FILLS(sched_getparam, (pid_t process, sched_param* to), (process, to))
RACELAB_FILLS(statx, (int folder, const char* path, int flags, unsigned fields, struct statx* to),
              (folder, path, flags, fields, to))
RACELAB_FILLS(pthread_attr_getdetachstate, (const pthread_attr_t* attributes, int* to), (attributes, to))
RACELAB_FILLS(pthread_condattr_getclock, (const pthread_condattr_t* attributes, clockid_t* to), (attributes, to))
RACELAB_FILLS(pthread_getcpuclockid, (pthread_t thread, clockid_t* to), (thread, to))

RACELAB_STAND_IN(int, pthread_getschedparam, (pthread_t thread, int* policy, sched_param* to)) {
  const int result = RACELAB_LIBRARYS(pthread_getschedparam)(thread, policy, to);
  Filled(result == 0, policy, RACELAB_CALLER);
  Filled(result == 0, to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(int, getcpu, (unsigned* processor, unsigned* node)) {
  const int result = RACELAB_LIBRARYS(getcpu)(processor, node);
  Filled(result == 0, processor, RACELAB_CALLER);
  Filled(result == 0, node, RACELAB_CALLER);
  return result;
}
#define RACELAB_FILLS_THREE(name, type)                                        \
  RACELAB_STAND_IN(int, name, (type * real, type * effective, type * saved)) { \
    const int result = RACELAB_LIBRARYS(name)(real, effective, saved);         \
    Filled(result == 0, real, RACELAB_CALLER);                                 \
    Filled(result == 0, effective, RACELAB_CALLER);                            \
    Filled(result == 0, saved, RACELAB_CALLER);                                \
    return result;                                                             \
  }
RACELAB_FILLS_THREE(getresuid, uid_t)
RACELAB_FILLS_THREE(getresgid, gid_t)

RACELAB_STAND_IN(ssize_t, getrandom, (void* to, std::size_t bytes, unsigned flags)) {
  const ssize_t result = RACELAB_LIBRARYS(getrandom)(to, bytes, flags);
  FilledBytes(result > 0, to, static_cast<std::size_t>(result), RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(int, getentropy, (void* to, std::size_t bytes)) {
  const int result = RACELAB_LIBRARYS(getentropy)(to, bytes);
  FilledBytes(result == 0, to, bytes, RACELAB_CALLER);
  return result;
}

RACELAB_STAND_IN(int, sched_getaffinity, (pid_t process, std::size_t size, void* to)) {
  const int result = RACELAB_LIBRARYS(sched_getaffinity)(process, size, to);
  FilledBytes(result == 0, to, size, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(int, getgroups, (int room, gid_t* to)) {
  const int count = RACELAB_LIBRARYS(getgroups)(room, to);
  FilledBytes(count > 0 && room > 0, to, static_cast<std::size_t>(std::max(count, 0)) * sizeof *to, RACELAB_CALLER);
  return count;
}
RACELAB_STAND_IN(int, getloadavg, (double* to, int room)) {
  const int count = RACELAB_LIBRARYS(getloadavg)(to, room);
  FilledBytes(count > 0, to, static_cast<std::size_t>(std::max(count, 0)) * sizeof *to, RACELAB_CALLER);
  return count;
}

// Texts.
RACELAB_STAND_IN(int, gethostname, (char* to, std::size_t room)) {
  const int result = RACELAB_LIBRARYS(gethostname)(to, room);
  FilledText(result == 0, to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(int, getdomainname, (char* to, std::size_t room)) {
  const int result = RACELAB_LIBRARYS(getdomainname)(to, room);
  FilledText(result == 0, to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(std::size_t, confstr, (int name, char* to, std::size_t room)) {
  const std::size_t bytes = RACELAB_LIBRARYS(confstr)(name, to, room);
  FilledBytes(true, to, std::min(bytes, room), RACELAB_CALLER);
  return bytes;
}
RACELAB_STAND_IN(char*, if_indextoname, (unsigned index, char* to)) {
  char* name = RACELAB_LIBRARYS(if_indextoname)(index, to);
  FilledText(name != nullptr, to, RACELAB_CALLER);
  return name;
}
RACELAB_STAND_IN(char*, getcwd, (char* to, std::size_t room)) {
  char* text = RACELAB_LIBRARYS(getcwd)(to, room);
  FilledText(text != nullptr, text, RACELAB_CALLER);
  return text;
}
RACELAB_STAND_IN(char*, realpath, (const char* path, char* to)) {
  char* text = RACELAB_LIBRARYS(realpath)(path, to);
  FilledText(text != nullptr, text, RACELAB_CALLER);
  return text;
}
RACELAB_STAND_IN(ssize_t, readlink, (const char* path, char* to, std::size_t room)) {
  const ssize_t length = RACELAB_LIBRARYS(readlink)(path, to, room);
  FilledBytes(length > 0, to, static_cast<std::size_t>(length), RACELAB_CALLER);
  return length;
}
RACELAB_STAND_IN(ssize_t, readlinkat, (int folder, const char* path, char* to, std::size_t room)) {
  const ssize_t length = RACELAB_LIBRARYS(readlinkat)(folder, path, to, room);
  FilledBytes(length > 0, to, static_cast<std::size_t>(length), RACELAB_CALLER);
  return length;
}
RACELAB_STAND_IN(int, mkstemp, (char* to)) {
  const int result = RACELAB_LIBRARYS(mkstemp)(to);
  FilledText(result >= 0, to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(const char*, inet_ntop, (int family, const void* from, char* to, socklen_t room)) {
  const char* text = RACELAB_LIBRARYS(inet_ntop)(family, from, to, room);
  FilledText(text != nullptr, to, RACELAB_CALLER);
  return text;
}
RACELAB_STAND_IN(int, inet_aton, (const char* from, in_addr* to)) {
  const int result = RACELAB_LIBRARYS(inet_aton)(from, to);
  Filled(result != 0, to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(ether_addr*, ether_aton_r, (const char* from, ether_addr* to)) {
  ether_addr* result = RACELAB_LIBRARYS(ether_aton_r)(from, to);
  Filled(result != nullptr, to, RACELAB_CALLER);
  return result;
}
RACELAB_STAND_IN(char*, ether_ntoa_r, (const ether_addr* from, char* to)) {
  char* text = RACELAB_LIBRARYS(ether_ntoa_r)(from, to);
  FilledText(text != nullptr, to, RACELAB_CALLER);
  return text;
}
RACELAB_STAND_IN(int, inet_pton, (int family, const char* from, void* to)) {
  const int result = RACELAB_LIBRARYS(inet_pton)(family, from, to);
  FilledBytes(result == 1, to, family == AF_INET ? sizeof(in_addr) : sizeof(in6_addr), RACELAB_CALLER);
  return result;
}

RACELAB_STAND_IN(int, vasprintf, (char** to, const char* format, va_list arguments)) {
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  const int length = RACELAB_LIBRARYS(vasprintf)(to, format, arguments);
  Filled(length >= 0, to, RACELAB_CALLER);
  return length;
}
RACELAB_STAND_IN(int, asprintf, (char** to, const char* format, ...)) {
  va_list arguments;
  va_start(arguments, format);
  ReadsFormatted(format, arguments, RACELAB_CALLER);
  const int length = RACELAB_LIBRARYS(vasprintf)(to, format, arguments);
  va_end(arguments);
  Filled(length >= 0, to, RACELAB_CALLER);
  return length;
}

// Socket addresses: writes as much as there is room for, and the size.
#define RACELAB_ADDRESS(name)                                                                               \
  RACELAB_STAND_IN(int, name, (int descriptor, sockaddr* to, socklen_t* size)) {                            \
    Uses(descriptor, RACELAB_CALLER);                                                                       \
    const socklen_t room = size == nullptr ? 0 : *size;                                                     \
    const int result = RACELAB_LIBRARYS(name)(descriptor, to, size);                                        \
    Filled(result == 0, size, RACELAB_CALLER);                                                              \
    FilledBytes(result == 0, to, size == nullptr ? 0 : std::min<std::size_t>(room, *size), RACELAB_CALLER); \
    return result;                                                                                          \
  }
RACELAB_ADDRESS(getsockname)
RACELAB_ADDRESS(getpeername)
RACELAB_STAND_IN(int, getsockopt, (int descriptor, int level, int option, void* to, socklen_t* size)) {
  Uses(descriptor, RACELAB_CALLER);
  const int result = RACELAB_LIBRARYS(getsockopt)(descriptor, level, option, to, size);
  Filled(result == 0, size, RACELAB_CALLER);
  FilledBytes(result == 0, to, size == nullptr ? 0 : *size, RACELAB_CALLER);
  return result;
}

// Database entries in the caller's memory.
#define RACELAB_ENTRY(name, Entry, Key)                                                              \
  RACELAB_STAND_IN(int, name, (Key key, Entry * to, char* texts, std::size_t room, Entry** found)) { \
    const int result = RACELAB_LIBRARYS(name)(key, to, texts, room, found);                          \
    Filled(result == 0 && *found != nullptr, to, RACELAB_CALLER);                                    \
    FilledText(result == 0 && *found != nullptr, texts, RACELAB_CALLER);                             \
    Filled(true, found, RACELAB_CALLER);                                                             \
    return result;                                                                                   \
  }
RACELAB_ENTRY(getpwnam_r, passwd, const char*)
RACELAB_ENTRY(getpwuid_r, passwd, uid_t)
RACELAB_ENTRY(getgrnam_r, group, const char*)
RACELAB_ENTRY(getgrgid_r, group, gid_t)

namespace racelab::interleave {
namespace {

// The number of bytes that an ioctl() writes. Only newer requests encode it.
std::size_t AnswerBytes(unsigned long request) {
  switch (request) {
    case FIONREAD:
    case TIOCOUTQ:
    case SIOCATMARK:
      return sizeof(int);
    case TIOCGPGRP:
      return sizeof(pid_t);
    case TIOCGWINSZ:
      return sizeof(winsize);
    default:
      return (_IOC_DIR(request) & _IOC_READ) != 0 ? _IOC_SIZE(request) : 0;
  }
}

}  // namespace
}  // namespace racelab::interleave

RACELAB_STAND_IN(int, ioctl, (int descriptor, unsigned long request, ...)) {
  va_list arguments;
  va_start(arguments, request);
  void* to = va_arg(arguments, void*);
  va_end(arguments);
  Uses(descriptor, RACELAB_CALLER);
  const int result = RACELAB_LIBRARYS(ioctl)(descriptor, request, to);
  FilledBytes(result != -1, to, AnswerBytes(request), RACELAB_CALLER);
  return result;
}
