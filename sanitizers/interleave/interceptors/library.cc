// Libraries that the program itself loads. The loader's memory is not restored, so a library is loaded, and its
// constructors run, outside executions, as if it had been there from the beginning. The execution that first requested
// it is run again.

#include <dlfcn.h>
#include <iconv.h>
#include <string.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kLongestName = 512;

struct Library {
  char name[kLongestName];
  int flags;
  void* handle;  // Null if there is no such library.
};
Vector<Library> libraries;
bool wanted = false;  // Whether the last element is still to be loaded.
bool failed = false;  // Whether the execution's last call of dlopen() failed.

// A conversion between two character sets: the C library loads a module for it, and unloads the module after the last
// use.
struct Conversion {
  char to[kLongestName], from[kLongestName];
};
Vector<Conversion> conversions;
bool conversion_wanted = false;  // Whether the last element is still to be opened.

}  // namespace

bool LibraryIsWanted() { return wanted || conversion_wanted; }

void LoadWantedLibrary() {
  if (conversion_wanted) {
    REAL(iconv_open)(conversions.back().to, conversions.back().from);  // It is never closed, so that it stays loaded.
    conversion_wanted = false;
    return;
  }
  Library& library = libraries.back();
  library.handle = REAL(dlopen)(library.name, library.flags);
  wanted = false;
}

}  // namespace racelab::interleave

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void* dlopen(const char* name, int flags) noexcept {
  if (!Live() || name == nullptr || execution.kept || strlen(name) >= kLongestName) return REAL(dlopen)(name, flags);
  for (const Library& library : libraries) {
    if (library.flags != flags || strcmp(library.name, name) != 0) continue;
    failed = library.handle == nullptr;
    return library.handle;
  }
  libraries.emplace_back();
  strcpy(libraries.back().name, name);
  libraries.back().flags = flags;
  wanted = true;
  execution.RunAgain();
}
RACELAB_INTERCEPTOR int dlclose(void* handle) noexcept { return Live() ? 0 : REAL(dlclose)(handle); }
RACELAB_INTERCEPTOR char* dlerror() noexcept {
  static char text[] = "cannot open shared object file: No such file or directory";
  if (!Live() || !failed) return REAL(dlerror)();
  failed = false;
  return text;
}
RACELAB_INTERCEPTOR iconv_t iconv_open(const char* to, const char* from) {
  const bool is_seen = Live() && !execution.kept && strlen(to) < kLongestName && strlen(from) < kLongestName;
  if (!is_seen) return REAL(iconv_open)(to, from);
  for (const Conversion& known : conversions) {
    if (strcmp(known.to, to) == 0 && strcmp(known.from, from) == 0) return REAL(iconv_open)(to, from);
  }
  conversions.emplace_back();
  strcpy(conversions.back().to, to);
  strcpy(conversions.back().from, from);
  conversion_wanted = true;
  execution.RunAgain();
}
