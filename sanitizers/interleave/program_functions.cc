#include "sanitizers/interleave/program_functions.h"

namespace racelab::interleave {
namespace {

using Entry = ElfW(Dyn);

struct DynamicSection {
  const Entry* begin = nullptr;
  std::uintptr_t loaded_at = 0;
};

DynamicSection DynamicSectionOfProgram() {
  DynamicSection section;
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* result) {
        auto& section = *static_cast<DynamicSection*>(result);
        section.loaded_at = module->dlpi_addr;
        for (int i = 0; i < module->dlpi_phnum; ++i) {
          if (module->dlpi_phdr[i].p_type == PT_DYNAMIC)
            section.begin = reinterpret_cast<const Entry*>(module->dlpi_addr + module->dlpi_phdr[i].p_vaddr);
        }
        return 1;  // The program is the first module.
      },
      &section);
  return section;
}

}  // namespace

ProgramFunctions FunctionsOfProgram(std::int64_t array, std::int64_t bytes) {
  ProgramFunctions functions;
  const DynamicSection section = DynamicSectionOfProgram();
  for (const Entry* entry = section.begin; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == array) functions.begin = reinterpret_cast<void (**)()>(section.loaded_at + entry->d_un.d_ptr);
    if (entry->d_tag == bytes) functions.count = entry->d_un.d_val / sizeof(void*);
  }
  return functions;
}

}  // namespace racelab::interleave
