#include "sanitizers/interleave/memory_name.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sanitizers/interleave/arena.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/library_calls.h"
#include "sanitizers/interleave/model/block_reuse.h"

namespace racelab::interleave {
namespace {

struct Module {
  std::uintptr_t address = 0;  // To be found.
  int index = 0;               // Or how many modules to skip.
  std::uintptr_t base = 0;
  bool found = false;
};

int FindByAddress(dl_phdr_info* info, std::size_t, void* argument) {
  auto& module = *static_cast<Module*>(argument);
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || module.address - (info->dlpi_addr + segment.p_vaddr) >= segment.p_memsz) continue;
    module.base = info->dlpi_addr;
    module.found = true;
    return 1;
  }
  ++module.index;
  return 0;
}

int FindByIndex(dl_phdr_info* info, std::size_t, void* argument) {
  auto& module = *static_cast<Module*>(argument);
  if (module.index-- > 0) return 0;
  module.base = info->dlpi_addr;
  module.found = true;
  return 1;
}

std::uintptr_t TopOfStack(int slot) {
  const Fibre& fibre = execution.threads[slot].fibre;
  return reinterpret_cast<std::uintptr_t>(fibre.stack) + fibre.stack_size;
}

}  // namespace

void AppendMemoryNames(const Vector<std::uintptr_t>& memory, Vector<char>& text) {
  for (std::size_t i = 0; i < memory.size(); ++i) {
    const std::uintptr_t address = memory[i];
    char name[64];
    Module module;
    module.address = address;
    if (address == kLibraryCalls) {
      snprintf(name, sizeof name, "l%zx", address);
    } else if (address == kOnlyFreshBlocks) {
      snprintf(name, sizeof name, "f%zx", address);
    } else if (IsBlocksOfClass(address)) {
      snprintf(name, sizeof name, "b%zx", address);
    } else if (arena.Contains(address)) {
      snprintf(name, sizeof name, "h%zx", address - arena.begin);
    } else if (dl_iterate_phdr(FindByAddress, &module), module.found) {
      snprintf(name, sizeof name, "m%d.%zx", module.index, address - module.base);
    } else {
      snprintf(name, sizeof name, "x%zx", address);
      for (int slot = 0; slot < kMaxThreads; ++slot) {
        if (!execution.threads[slot].fibre.OnStack(address)) continue;
        snprintf(name, sizeof name, "s%d.%zx", slot, TopOfStack(slot) - address);
        break;
      }
    }
    if (i > 0) text.push_back(',');
    text.insert(text.end(), name, name + strlen(name));
  }
}

bool ParseMemoryNames(const char* text, const char* end, Vector<std::uintptr_t>& memory) {
  while (text < end) {
    const char kind = *text++;
    char* after = nullptr;
    long index = 0;
    if (kind == 'm' || kind == 's') {
      index = strtol(text, &after, 10);
      if (after == text || *after != '.' || index < 0) return false;
      text = after + 1;
    }
    const std::uintptr_t offset = strtoull(text, &after, 16);
    if (after == text || (after < end && *after != ',')) return false;
    text = after + 1;
    Module module;
    module.index = static_cast<int>(index);
    switch (kind) {
      case 'h':
        memory.push_back(arena.begin + offset);
        break;
      case 'm':
        dl_iterate_phdr(FindByIndex, &module);
        if (!module.found) return false;
        memory.push_back(module.base + offset);
        break;
      case 's':
        if (index >= kMaxThreads) return false;
        memory.push_back(TopOfStack(static_cast<int>(index)) - offset);
        break;
      case 'b':
      case 'f':
      case 'l':
      case 'x':
        memory.push_back(offset);
        break;
      default:
        return false;
    }
  }
  return true;
}

}  // namespace racelab::interleave
