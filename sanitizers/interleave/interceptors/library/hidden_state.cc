// The C library's hidden state: data that some functions keep between calls, and memory to which they return pointers.
// Two unordered calls of such functions are a data race on it. The C library's manual says which functions these are
// ("MT-Unsafe race:tmbuf", attributes(7)).

#include <dirent.h>
#include <grp.h>
#include <locale.h>
#include <netdb.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <wchar.h>

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

// A granule for each piece of hidden state, for data races. Functions that share state share an object.
struct alignas(8) HiddenState {
  std::uint64_t value = 0;
};
HiddenState strtok_state, time_buffer, time_text, random_numbers, drand48_state, environment, locale,
    locale_conventions, password_entry, group_entry, shadow_entry, host_entry, service_entry, protocol_entry,
    network_entry, hash_table, terminal_name, login_name, number_text, multibyte_state, temporary_name, option_state,
    mount_entry, user_accounting, ether_entry;

void Recalls(const HiddenState& state, const void* pc) { Reads(&state, sizeof state, pc); }
void Changes(const HiddenState& state, const void* pc) { Writes(&state, sizeof state, pc); }

std::size_t Bytes(const char* text) {
  std::size_t length = 0;
  while (text[length] != '\0') ++length;
  return length + 1;
}

// The result is in the library, in the same place for all callers.
template <typename T>
T* Returned(T* result, const void* pc) {
  if (result != nullptr && Noted()) Writes(result, sizeof *result, pc);
  return result;
}
char* Returned(char* result, const void* pc) {
  if (result != nullptr && Noted()) Writes(result, Bytes(result), pc);
  return result;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_STAND_IN(char*, strtok, (char* text, const char* separators)) {
  if (Noted()) {
    if (text == nullptr) Recalls(strtok_state, RACELAB_CALLER);
    Changes(strtok_state, RACELAB_CALLER);
    Reads(separators, Bytes(separators), RACELAB_CALLER);
  }
  char* word = RACELAB_LIBRARYS(strtok)(text, separators);
  if (word != nullptr && Noted()) {  // Only the library knows where it continues.
    Reads(word, Bytes(word) - 1, RACELAB_CALLER);
    Writes(word + Bytes(word) - 1, 1, RACELAB_CALLER);
  }
  return word;
}

// The time zone is in the environment.
RACELAB_STAND_IN(tm*, localtime, (const time_t* time)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Recalls(environment, RACELAB_CALLER);
  Changes(time_buffer, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(localtime)(time), RACELAB_CALLER);
}
RACELAB_STAND_IN(tm*, gmtime, (const time_t* time)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Changes(time_buffer, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(gmtime)(time), RACELAB_CALLER);
}
RACELAB_STAND_IN(tm*, localtime_r, (const time_t* time, tm* result)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Recalls(environment, RACELAB_CALLER);
  Writes(result, sizeof *result, RACELAB_CALLER);
  return RACELAB_LIBRARYS(localtime_r)(time, result);
}
RACELAB_STAND_IN(tm*, gmtime_r, (const time_t* time, tm* result)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Writes(result, sizeof *result, RACELAB_CALLER);
  return RACELAB_LIBRARYS(gmtime_r)(time, result);
}
RACELAB_STAND_IN(char*, asctime, (const tm* time)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Changes(time_text, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(asctime)(time), RACELAB_CALLER);
}
RACELAB_STAND_IN(char*, ctime, (const time_t* time)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Recalls(environment, RACELAB_CALLER);
  Changes(time_buffer, RACELAB_CALLER);
  Changes(time_text, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(ctime)(time), RACELAB_CALLER);
}
RACELAB_STAND_IN(char*, asctime_r, (const tm* time, char* text)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(asctime_r)(time, text), RACELAB_CALLER);
}
RACELAB_STAND_IN(char*, ctime_r, (const time_t* time, char* text)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Recalls(environment, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(ctime_r)(time, text), RACELAB_CALLER);
}
RACELAB_STAND_IN(time_t, mktime, (tm * time)) {
  Recalls(environment, RACELAB_CALLER);
  Writes(time, sizeof *time, RACELAB_CALLER);
  return RACELAB_LIBRARYS(mktime)(time);
}
RACELAB_STAND_IN(time_t, timegm, (tm * time)) {
  Writes(time, sizeof *time, RACELAB_CALLER);
  return RACELAB_LIBRARYS(timegm)(time);
}
RACELAB_STAND_IN(std::size_t, strftime, (char* to, std::size_t size, const char* format, const tm* time)) {
  Reads(time, sizeof *time, RACELAB_CALLER);
  Recalls(environment, RACELAB_CALLER);
  const std::size_t length = RACELAB_LIBRARYS(strftime)(to, size, format, time);
  if (length != 0) Writes(to, length + 1, RACELAB_CALLER);
  return length;
}

// The library has a lock for these: two calls do not race, but their order determines the numbers.
namespace racelab::interleave {
namespace {

void DrawsNumber(const void* pc) {
  if (!Noted()) return;
  execution.Step(Make(Kind::kUpdate, true, &random_numbers, pc, sizeof random_numbers));
  execution.Atomic(Address(&random_numbers), sizeof random_numbers, true, true, pc);
}

}  // namespace
}  // namespace racelab::interleave

RACELAB_STAND_IN(int, rand, ()) {
  DrawsNumber(RACELAB_CALLER);
  return RACELAB_LIBRARYS(rand)();
}
RACELAB_STAND_IN(void, srand, (unsigned seed)) {
  DrawsNumber(RACELAB_CALLER);
  RACELAB_LIBRARYS(srand)(seed);
}
RACELAB_STAND_IN(long, random, ()) {
  DrawsNumber(RACELAB_CALLER);
  return RACELAB_LIBRARYS(random)();
}
RACELAB_STAND_IN(void, srandom, (unsigned seed)) {
  DrawsNumber(RACELAB_CALLER);
  RACELAB_LIBRARYS(srandom)(seed);
}
RACELAB_STAND_IN(char*, initstate, (unsigned seed, char* state, std::size_t size)) {
  DrawsNumber(RACELAB_CALLER);
  return RACELAB_LIBRARYS(initstate)(seed, state, size);
}
RACELAB_STAND_IN(char*, setstate, (char* state)) {
  DrawsNumber(RACELAB_CALLER);
  return RACELAB_LIBRARYS(setstate)(state);
}
RACELAB_STAND_IN(int, rand_r, (unsigned* seed)) {
  Reads(seed, sizeof *seed, RACELAB_CALLER);
  Writes(seed, sizeof *seed, RACELAB_CALLER);
  return RACELAB_LIBRARYS(rand_r)(seed);
}

// The environment: any number of threads may call getenv() while none changes it.
#define RACELAB_READS_ENVIRONMENT(name)                   \
  RACELAB_STAND_IN(char*, name, (const char* variable)) { \
    if (Noted()) {                                        \
      Reads(variable, Bytes(variable), RACELAB_CALLER);   \
      Recalls(environment, RACELAB_CALLER);               \
    }                                                     \
    return RACELAB_LIBRARYS(name)(variable);              \
  }
RACELAB_READS_ENVIRONMENT(getenv)
RACELAB_READS_ENVIRONMENT(secure_getenv)
RACELAB_STAND_IN(int, setenv, (const char* variable, const char* value, int overwrites)) {
  if (Noted()) {
    Reads(variable, Bytes(variable), RACELAB_CALLER);
    Reads(value, Bytes(value), RACELAB_CALLER);
    Changes(environment, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(setenv)(variable, value, overwrites);
}
RACELAB_STAND_IN(int, unsetenv, (const char* variable)) {
  Changes(environment, RACELAB_CALLER);
  return RACELAB_LIBRARYS(unsetenv)(variable);
}
RACELAB_STAND_IN(int, putenv, (char* assignment)) {
  Changes(environment, RACELAB_CALLER);
  return RACELAB_LIBRARYS(putenv)(assignment);
}
RACELAB_STAND_IN(int, clearenv, ()) {
  Changes(environment, RACELAB_CALLER);
  return RACELAB_LIBRARYS(clearenv)();
}

RACELAB_STAND_IN(char*, setlocale, (int category, const char* name)) {
  if (name == nullptr) {
    Recalls(locale, RACELAB_CALLER);
  } else {
    Recalls(environment, RACELAB_CALLER);
    Changes(locale, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(setlocale)(category, name);
}
RACELAB_STAND_IN(lconv*, localeconv, ()) {
  Recalls(locale, RACELAB_CALLER);
  Changes(locale_conventions, RACELAB_CALLER);
  return RACELAB_LIBRARYS(localeconv)();
}

// These use the caller's state or, if that is null, the library's.
#define RACELAB_MULTIBYTE(type, name, parameters, arguments) \
  RACELAB_STAND_IN(type, name, parameters) {                 \
    if (state == nullptr) {                                  \
      Changes(multibyte_state, RACELAB_CALLER);              \
    } else {                                                 \
      Writes(state, sizeof *state, RACELAB_CALLER);          \
    }                                                        \
    return RACELAB_LIBRARYS(name) arguments;                 \
  }
RACELAB_MULTIBYTE(std::size_t, mbrlen, (const char* text, std::size_t most, mbstate_t* state), (text, most, state))
RACELAB_MULTIBYTE(std::size_t, mbrtowc, (wchar_t * to, const char* text, std::size_t most, mbstate_t* state),
                  (to, text, most, state))
RACELAB_MULTIBYTE(std::size_t, mbsrtowcs, (wchar_t * to, const char** text, std::size_t most, mbstate_t* state),
                  (to, text, most, state))
RACELAB_MULTIBYTE(std::size_t, wcsrtombs, (char* to, const wchar_t** text, std::size_t most, mbstate_t* state),
                  (to, text, most, state))

// Every call changes the directory stream.
RACELAB_STAND_IN(dirent*, readdir, (DIR * directory)) {
  Writes(directory, 8, RACELAB_CALLER);
  return RACELAB_LIBRARYS(readdir)(directory);
}
RACELAB_STAND_IN(dirent64*, readdir64, (DIR * directory)) {
  Writes(directory, 8, RACELAB_CALLER);
  return RACELAB_LIBRARYS(readdir64)(directory);
}
RACELAB_STAND_IN(void, rewinddir, (DIR * directory)) {
  Writes(directory, 8, RACELAB_CALLER);
  RACELAB_LIBRARYS(rewinddir)(directory);
}
RACELAB_STAND_IN(int, closedir, (DIR * directory)) {
  Writes(directory, 8, RACELAB_CALLER);
  return RACELAB_LIBRARYS(closedir)(directory);
}

// The other functions only change their state.
#define RACELAB_KEEPS(state, type, name, parameters, arguments) \
  RACELAB_STAND_IN(type, name, parameters) {                    \
    Changes(state, RACELAB_CALLER);                             \
    return RACELAB_LIBRARYS(name) arguments;                    \
  }
#define RACELAB_KEEPS_RESULT(state, type, name, parameters, arguments) \
  RACELAB_STAND_IN(type, name, parameters) {                           \
    Changes(state, RACELAB_CALLER);                                    \
    return Returned(RACELAB_LIBRARYS(name) arguments, RACELAB_CALLER); \
  }
RACELAB_KEEPS(multibyte_state, int, mblen, (const char* text, std::size_t most), (text, most))
RACELAB_KEEPS(multibyte_state, int, mbtowc, (wchar_t * to, const char* text, std::size_t most), (to, text, most))
RACELAB_KEEPS(multibyte_state, int, wctomb, (char* to, wchar_t from), (to, from))
RACELAB_KEEPS(drand48_state, double, drand48, (), ())
RACELAB_KEEPS(drand48_state, long, lrand48, (), ())
RACELAB_KEEPS(drand48_state, long, mrand48, (), ())
RACELAB_KEEPS(drand48_state, void, srand48, (long seed), (seed))
RACELAB_KEEPS(drand48_state, std::uint16_t*, seed48, (std::uint16_t* seed), (seed))
RACELAB_KEEPS(drand48_state, void, lcong48, (std::uint16_t* seed), (seed))
RACELAB_KEEPS_RESULT(password_entry, passwd*, getpwnam, (const char* user), (user))
RACELAB_KEEPS_RESULT(password_entry, passwd*, getpwuid, (uid_t user), (user))
RACELAB_KEEPS_RESULT(password_entry, passwd*, getpwent, (), ())
RACELAB_KEEPS(password_entry, void, setpwent, (), ())
RACELAB_KEEPS(password_entry, void, endpwent, (), ())
RACELAB_KEEPS_RESULT(group_entry, group*, getgrnam, (const char* user), (user))
RACELAB_KEEPS_RESULT(group_entry, group*, getgrgid, (gid_t user), (user))
RACELAB_KEEPS_RESULT(group_entry, group*, getgrent, (), ())
RACELAB_KEEPS(group_entry, void, setgrent, (), ())
RACELAB_KEEPS(group_entry, void, endgrent, (), ())
RACELAB_KEEPS_RESULT(host_entry, hostent*, gethostbyname, (const char* host), (host))
RACELAB_KEEPS_RESULT(host_entry, hostent*, gethostbyname2, (const char* host, int family), (host, family))
RACELAB_KEEPS_RESULT(host_entry, hostent*, gethostbyaddr, (const void* host, socklen_t size, int family),
                     (host, size, family))
RACELAB_KEEPS_RESULT(host_entry, hostent*, gethostent, (), ())
RACELAB_KEEPS_RESULT(service_entry, servent*, getservbyname, (const char* service, const char* protocol),
                     (service, protocol))
RACELAB_KEEPS_RESULT(service_entry, servent*, getservbyport, (int port, const char* protocol), (port, protocol))
RACELAB_KEEPS_RESULT(service_entry, servent*, getservent, (), ())
RACELAB_KEEPS_RESULT(protocol_entry, protoent*, getprotobyname, (const char* protocol), (protocol))
RACELAB_KEEPS_RESULT(protocol_entry, protoent*, getprotobynumber, (int protocol), (protocol))
RACELAB_KEEPS_RESULT(protocol_entry, protoent*, getprotoent, (), ())
RACELAB_KEEPS_RESULT(network_entry, netent*, getnetbyname, (const char* network), (network))
RACELAB_KEEPS_RESULT(network_entry, netent*, getnetent, (), ())
RACELAB_KEEPS(shadow_entry, struct spwd*, getspnam, (const char* user), (user))
RACELAB_KEEPS(hash_table, int, hcreate, (std::size_t size), (size))
RACELAB_KEEPS(hash_table, void, hdestroy, (), ())
RACELAB_KEEPS_RESULT(terminal_name, char*, ttyname, (int descriptor), (descriptor))
RACELAB_KEEPS_RESULT(terminal_name, char*, ptsname, (int descriptor), (descriptor))
RACELAB_KEEPS_RESULT(login_name, char*, getlogin, (), ())
RACELAB_KEEPS_RESULT(login_name, char*, cuserid, (char* to), (to))
RACELAB_KEEPS_RESULT(number_text, char*, ecvt, (double value, int digits, int* point, int* sign),
                     (value, digits, point, sign))
RACELAB_KEEPS_RESULT(number_text, char*, fcvt, (double value, int digits, int* point, int* sign),
                     (value, digits, point, sign))
RACELAB_KEEPS_RESULT(number_text, char*, l64a, (long value), (value))
RACELAB_KEEPS_RESULT(ether_entry, char*, ether_ntoa, (const struct ether_addr* address), (address))
RACELAB_KEEPS(ether_entry, struct ether_addr*, ether_aton, (const char* text), (text))
RACELAB_KEEPS(option_state, int, getopt, (int argc, char* const* argv, const char* options), (argc, argv, options))
RACELAB_KEEPS(mount_entry, struct mntent*, getmntent, (FILE * file), (file))
RACELAB_KEEPS(user_accounting, struct utmpx*, getutxent, (), ())

// Uses the library's buffer if the caller provides none.
RACELAB_STAND_IN(char*, tmpnam, (char* to)) {
  if (to == nullptr) Changes(temporary_name, RACELAB_CALLER);
  return Returned(RACELAB_LIBRARYS(tmpnam)(to), RACELAB_CALLER);
}

// ENTRY hsearch(ENTRY, ACTION): an entry of two pointers, by value.
namespace racelab::interleave {
struct Entry {
  char* key;
  void* data;
};
}  // namespace racelab::interleave
RACELAB_STAND_IN(Entry*, hsearch, (Entry entry, int action)) {
  Changes(hash_table, RACELAB_CALLER);
  return RACELAB_LIBRARYS(hsearch)(entry, action);
}
