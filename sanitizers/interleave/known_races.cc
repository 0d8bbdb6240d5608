#include "sanitizers/interleave/known_races.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {
namespace {

struct Pair {
  const void* one;
  const void* other;
};
Vector<Pair> known;

// A place in the report's format, "module+0xoffset"; the module's path is that of the loader.
struct WantedPlace {
  const char* place;
  std::size_t length;
  const void* found = nullptr;
};

int LookIn(dl_phdr_info* module, std::size_t, void* argument) {
  auto& wanted = *static_cast<WantedPlace*>(argument);
  Dl_info names;
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const auto* begin = reinterpret_cast<const void*>(module->dlpi_addr + segment.p_vaddr);
    if (dladdr(begin, &names) == 0 || names.dli_fname == nullptr) return 0;
    const std::size_t name = strlen(names.dli_fname);
    if (name >= wanted.length || strncmp(wanted.place, names.dli_fname, name) != 0 || wanted.place[name] != '+')
      return 0;
    wanted.found = static_cast<const char*>(names.dli_fbase) + strtoull(wanted.place + name + 1, nullptr, 16);
    return 1;
  }
  return 0;
}

const void* Find(const char* place, std::size_t length) {
  WantedPlace wanted = {place, length};
  dl_iterate_phdr(LookIn, &wanted);
  return wanted.found;
}

}  // namespace

void FindKnownRaces() {
  known.clear();
  for (const char* race : options.known_races) {
    const char* star = strchr(race, '*');
    if (star == nullptr) continue;
    const Pair pair = {Find(race, static_cast<std::size_t>(star - race)), Find(star + 1, strlen(star + 1))};
    if (pair.one != nullptr && pair.other != nullptr) known.push_back(pair);
  }
}

bool IsKnownRace(const Access& earlier, const Access& later) {
  for (const Pair& pair : known) {
    if ((pair.one == earlier.pc && pair.other == later.pc) || (pair.one == later.pc && pair.other == earlier.pc))
      return true;
  }
  return false;
}

}  // namespace racelab::interleave
