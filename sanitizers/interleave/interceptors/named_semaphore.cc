// Named semaphores, which exist for this program and one execution only. Real ones are files, which would outlive an
// execution that is cut short and be visible to the next.

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"

namespace racelab::interleave {
namespace {

constexpr int kMostNamed = 32;

struct NamedSemaphore {
  char name[NAME_MAX + 1];  // Empty after sem_unlink().
  sem_t* semaphore;         // In the program's heap; null: this element is free.
  int opened;
};

NamedSemaphore named[kMostNamed];
std::uint64_t named_in = 0;  // The execution to which they belong.

// Returns null if the name is not valid for a semaphore.
const char* WithoutSlashes(const char* name) {
  while (*name == '/') ++name;
  const std::size_t length = strlen(name);
  return length == 0 || length > NAME_MAX - 4 || strchr(name, '/') != nullptr ? nullptr : name;
}

void BeginNamed() {
  if (named_in == execution.runs()) return;
  memset(named, 0, sizeof named);
  named_in = execution.runs();
}

NamedSemaphore* FindNamed(const char* name) {
  for (NamedSemaphore& one : named) {
    if (one.semaphore != nullptr && strcmp(one.name, name) == 0) return &one;
  }
  return nullptr;
}

// Whether another process has a semaphore of this name, which would have to be shared with it. (If this program creates
// the semaphore itself, an existing one is a leftover of an earlier run.)
bool ExistsOutside(const char* name) {
  char path[NAME_MAX + 32];
  snprintf(path, sizeof path, "/dev/shm/sem.%s", name);
  const int error = errno;
  const bool exists = access(path, F_OK) == 0;
  errno = error;
  return exists;
}

sem_t* Open(const char* given, int flags, unsigned value, const void* pc) {
  BeginNamed();
  const char* name = WithoutSlashes(given);
  if (name == nullptr) return errno = EINVAL, SEM_FAILED;
  if (NamedSemaphore* known = FindNamed(name)) {
    if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) return errno = EEXIST, SEM_FAILED;
    ++known->opened;
    return known->semaphore;
  }
  if ((flags & O_CREAT) == 0) {
    if (ExistsOutside(name)) Refuse("sem_open() of another process's semaphore", pc);
    return errno = ENOENT, SEM_FAILED;
  }
  if (value > SEM_VALUE_MAX) return errno = EINVAL, SEM_FAILED;
  for (NamedSemaphore& free : named) {
    if (free.semaphore != nullptr) continue;
    auto* semaphore = static_cast<sem_t*>(malloc(sizeof(sem_t)));
    if (semaphore == nullptr) return SEM_FAILED;
    BeginObject(Address(semaphore), pc);
    REAL(sem_init)(semaphore, 0, value);
    snprintf(free.name, sizeof free.name, "%s", name);
    free.semaphore = semaphore;
    free.opened = 1;
    return semaphore;
  }
  return errno = EMFILE, SEM_FAILED;
}

void ForgetIfUnused(NamedSemaphore& one, const void* pc) {
  if (one.opened > 0 || one.name[0] != '\0') return;
  EndObject(one.semaphore, pc);
  one.semaphore = nullptr;
}

int Close(const sem_t* semaphore, const void* pc) {
  BeginNamed();
  for (NamedSemaphore& one : named) {
    if (one.semaphore != semaphore || one.opened == 0) continue;
    --one.opened;
    ForgetIfUnused(one, pc);
    return 0;
  }
  errno = EINVAL;
  return -1;
}

int Unlink(const char* given, const void* pc) {
  BeginNamed();
  const char* name = WithoutSlashes(given);
  NamedSemaphore* known = name == nullptr ? nullptr : FindNamed(name);
  if (known == nullptr) {
    errno = ENOENT;
    return -1;
  }
  known->name[0] = '\0';
  ForgetIfUnused(*known, pc);
  return 0;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR sem_t* sem_open(const char* name, int flags, ...) noexcept {
  mode_t mode = 0;
  unsigned value = 0;
  if ((flags & O_CREAT) != 0) {
    va_list list;
    va_start(list, flags);
    mode = va_arg(list, mode_t);
    value = va_arg(list, unsigned);
    va_end(list);
  }
  return Live() ? Open(name, flags, value, RACELAB_CALLER) : REAL(sem_open)(name, flags, mode, value);
}
RACELAB_INTERCEPTOR int sem_close(sem_t* semaphore) noexcept {
  return Live() ? Close(semaphore, RACELAB_CALLER) : REAL(sem_close)(semaphore);
}
RACELAB_INTERCEPTOR int sem_unlink(const char* name) noexcept {
  return Live() ? Unlink(name, RACELAB_CALLER) : REAL(sem_unlink)(name);
}
