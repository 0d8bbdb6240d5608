#include "sanitizers/interleave/constructors.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {
namespace {

using DynamicEntry = ElfW(Dyn);

// Called by the C library before or after main().
struct ModuleFunctions {
  using Function = void (*)(int, char**, char**);

  Function* begin = nullptr;
  std::size_t count = 0;
};

// The program or a library, as its dynamic section describes it.
struct LinkedModule {
  std::uintptr_t loaded_at = 0;
  const char* path = "";
  DynamicEntry* entries = nullptr;
  ModuleFunctions constructors;  // Of libraries: those that the loader has been kept from calling.
  bool is_visited = false;

  DynamicEntry* Find(std::int64_t tag) const {
    for (DynamicEntry* entry = entries; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == tag) return entry;
    }
    return nullptr;
  }

  // Some loaders replace the addresses in the section by those at which the module is.
  std::uintptr_t AddressIn(const DynamicEntry& entry) const {
    return entry.d_un.d_ptr < loaded_at ? loaded_at + entry.d_un.d_ptr : entry.d_un.d_ptr;
  }

  const char* Text(std::size_t offset) const {
    const DynamicEntry* texts = Find(DT_STRTAB);
    return texts == nullptr ? "" : reinterpret_cast<const char*>(AddressIn(*texts)) + offset;
  }

  ModuleFunctions FunctionsIn(std::int64_t array, std::int64_t bytes) const {
    const DynamicEntry* begin = Find(array);
    const DynamicEntry* size = Find(bytes);
    if (begin == nullptr || size == nullptr) return {};
    return {reinterpret_cast<ModuleFunctions::Function*>(AddressIn(*begin)), size->d_un.d_val / sizeof(void*)};
  }

  bool IsInstrumented() const {
    const DynamicEntry* bytes = Find(DT_STRSZ);
    return bytes != nullptr && memmem(Text(0), bytes->d_un.d_val, "__tsan_func", strlen("__tsan_func")) != nullptr;
  }

  bool IsCalled(const char* name) const {
    const char* slash = strrchr(path, '/');
    if (strcmp(slash == nullptr ? path : slash + 1, name) == 0) return true;
    const DynamicEntry* own_name = Find(DT_SONAME);
    return own_name != nullptr && strcmp(Text(own_name->d_un.d_val), name) == 0;
  }
};

Vector<LinkedModule>& LinkedModules() {
  static auto& modules = *new (AllocateRuntimeMemory(sizeof(Vector<LinkedModule>))) Vector<LinkedModule>;
  return modules;
}

// The libraries with constructors that have been put off, in the order in which they are initialised.
Vector<LinkedModule*>& PutOffLibraries() {
  static auto& libraries = *new (AllocateRuntimeMemory(sizeof(Vector<LinkedModule*>))) Vector<LinkedModule*>;
  return libraries;
}

Arguments of_process;
bool main_has_begun = false;

int AddLinkedModule(dl_phdr_info* loaded, std::size_t, void*) {
  LinkedModule module;
  module.loaded_at = loaded->dlpi_addr;
  module.path = loaded->dlpi_name;
  for (int i = 0; i < loaded->dlpi_phnum; ++i) {
    const auto& segment = loaded->dlpi_phdr[i];
    const std::uintptr_t begin = loaded->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_DYNAMIC) module.entries = reinterpret_cast<DynamicEntry*>(begin);
    const std::uintptr_t offset_of_this = reinterpret_cast<std::uintptr_t>(&AddLinkedModule) - begin;
    if (segment.p_type == PT_LOAD && offset_of_this < segment.p_memsz) module.is_visited = true;  // The runtime itself.
  }
  LinkedModules().push_back(module);
  return 0;
}

const LinkedModule& ProgramItself() {
  if (LinkedModules().empty()) dl_iterate_phdr(AddLinkedModule, nullptr);
  return LinkedModules()[0];
}

// The loader then finds no constructors. The section is in memory that it has made read-only.
void PutOff(LinkedModule& library) {
  DynamicEntry* bytes = library.Find(DT_INIT_ARRAYSZ);
  if (bytes == nullptr || !library.IsInstrumented()) return;
  library.constructors = library.FunctionsIn(DT_INIT_ARRAY, DT_INIT_ARRAYSZ);
  const std::uintptr_t page = PageOf(reinterpret_cast<std::uintptr_t>(&bytes->d_un.d_val));
  if (mprotect(reinterpret_cast<void*>(page), kPage, PROT_READ | PROT_WRITE) != 0) return;
  bytes->d_un.d_val = 0;
  PutOffLibraries().push_back(&library);
}

// A library is initialised after those that it needs.
void PutOffWithNeeded(LinkedModule& module) {
  if (module.is_visited) return;
  module.is_visited = true;
  for (const DynamicEntry* entry = module.entries; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag != DT_NEEDED) continue;
    for (LinkedModule& needed : LinkedModules()) {
      if (needed.IsCalled(module.Text(entry->d_un.d_val))) PutOffWithNeeded(needed);
    }
  }
  if (&module != &LinkedModules()[0]) PutOff(module);
}

void CallAll(const ModuleFunctions& functions, const Arguments& arguments) {
  for (std::size_t i = 0; i < functions.count; ++i)
    functions.begin[i](arguments.count, arguments.values, arguments.environment);
}

}  // namespace

void PrepareConstructors(const Arguments& arguments) {
  of_process = arguments;
  if (!options.constructors) return;
  ProgramItself();
  PutOffWithNeeded(LinkedModules()[0]);
}

void RunConstructorsOfLibraries(const Arguments& arguments) {
  for (const LinkedModule* library : PutOffLibraries()) CallAll(library->constructors, arguments);
}

void RunConstructorsOfProgram(const Arguments& arguments) {
  CallAll(ProgramItself().FunctionsIn(DT_INIT_ARRAY, DT_INIT_ARRAYSZ), arguments);
}

void RunDestructorFunctions() {
  static const ModuleFunctions functions = ProgramItself().FunctionsIn(DT_FINI_ARRAY, DT_FINI_ARRAYSZ);
  for (std::size_t i = functions.count; i > 1; --i) reinterpret_cast<void (*)()>(functions.begin[i - 1])();
}

void MainBegins() { main_has_begun = true; }
bool MainHasBegun() { return main_has_begun; }

void ExploreConstructors() {
  if (!options.whole || options.constructors || main_has_begun || of_process.values == nullptr) return;
  static char path[4096];
  setenv("RACELAB_INTERLEAVE_CONSTRUCTORS", "1", 1);
  if (readlink("/proc/self/exe", path, sizeof path - 1) > 0) REAL(execve)(path, of_process.values, environ);
  Fatal("a constructor of a global starts a thread, and '%s' cannot be started anew to explore it", path);
}

}  // namespace racelab::interleave
