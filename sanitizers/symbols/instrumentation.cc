#include "sanitizers/symbols/instrumentation.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/child.h"
#include "sanitizers/report/system_library.h"

namespace racelab {
namespace {

// Whether the symbols of this section show that the code is instrumented: that it calls ThreadSanitizer.
bool RefersToThreadSanitizer(Elf* elf, Elf_Scn* section, const GElf_Shdr& header) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || header.sh_entsize == 0) return false;
  for (size_t i = 0; i < header.sh_size / header.sh_entsize; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) break;
    const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (name != nullptr && absl::StartsWith(name, "__tsan_")) return true;
  }
  return false;
}

}  // namespace

std::optional<Module> ReadModule(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const absl::Cleanup close_file = [file] { close(file); };
  elf_version(EV_CURRENT);
  Elf* elf = elf_begin(file, ELF_C_READ_MMAP, nullptr);
  if (elf == nullptr) return std::nullopt;
  const absl::Cleanup end_elf = [elf] { elf_end(elf); };
  if (elf_kind(elf) != ELF_K_ELF) return std::nullopt;
  Module module;
  module.path = path;
  const void* id = nullptr;
  if (const ssize_t size = dwelf_elf_gnu_build_id(elf, &id); size > 0)
    module.build_id = absl::BytesToHexString({static_cast<const char*>(id), static_cast<size_t>(size)});
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    if ((header.sh_flags & SHF_EXECINSTR) != 0) module.code_bytes += header.sh_size;
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
      module.is_instrumented = module.is_instrumented || RefersToThreadSanitizer(elf, section, header);
  }
  return module;
}

std::vector<Module> LibrariesOf(const std::string& program) {
  ChildSpec spec;
  spec.argv = {program};
  spec.environment = {{"LD_TRACE_LOADED_OBJECTS", "1"}};  // ld.so(8)
  std::vector<Module> modules;
  // "	libfoo.so => /usr/lib/libfoo.so (0x00007f…)".
  const ChildResult result = RunChild(spec);
  for (const std::string_view line : absl::StrSplit(result.out, '\n')) {
    const size_t arrow = line.find(" => /"), end = line.rfind(" (0x");
    if (arrow == std::string_view::npos || end == std::string_view::npos || end < arrow) continue;
    const std::string path(line.substr(arrow + 4, end - arrow - 4));
    if (IsSystemLibrary(path)) continue;
    if (std::optional<Module> module = ReadModule(path)) modules.push_back(*std::move(module));
  }
  return modules;
}

}  // namespace racelab
