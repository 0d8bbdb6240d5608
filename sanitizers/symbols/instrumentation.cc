#include "sanitizers/symbols/instrumentation.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <gelf.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "sanitizers/process/child.h"
#include "sanitizers/report/foreign_file.h"
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

// Returns false if the file is no ELF program or library, or cannot be read.
bool ForEachSection(const std::string& path, absl::FunctionRef<void(Elf*, Elf_Scn*, const GElf_Shdr&)> visit) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const absl::Cleanup close_file = [file] { close(file); };
  elf_version(EV_CURRENT);
  Elf* elf = elf_begin(file, ELF_C_READ_MMAP, nullptr);
  if (elf == nullptr) return false;
  const absl::Cleanup end_elf = [elf] { elf_end(elf); };
  if (elf_kind(elf) != ELF_K_ELF) return false;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) != nullptr) visit(elf, section, header);
  }
  return true;
}

std::string_view NameOfSection(Elf* elf, const GElf_Shdr& header) {
  size_t names = 0;
  const char* name = elf_getshdrstrndx(elf, &names) == 0 ? elf_strptr(elf, names, header.sh_name) : nullptr;
  return name == nullptr ? "" : name;
}

std::string_view TextOfSection(Elf_Scn* section) {
  const Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return "";
  return {static_cast<const char*>(data->d_buf), data->d_size};
}

// Of the compiler, in the section .comment; and an option of racelab_sanitize(), which records the compiler's options.
constexpr std::string_view kClang = "clang version ";
constexpr std::string_view kInstrumentsLocals = "capture-tracking-max-uses-to-explore=0";

bool OptimisesWithoutReportingCopies(std::string_view producer) {
  if (!absl::StartsWith(producer, "GNU C") || !absl::StrContains(producer, "-fsanitize=thread")) return false;
  bool optimises = false;  // The last of these options counts.
  for (const std::string_view option : absl::StrSplit(producer, ' ')) {
    if (absl::StartsWith(option, "-O")) optimises = option != "-O0";
  }
  return optimises;
}

}  // namespace

std::optional<Module> ReadModule(const std::string& path) {
  Module module;
  module.path = path;
  const bool is_read = ForEachSection(path, [&](Elf* elf, Elf_Scn* section, const GElf_Shdr& header) {
    if ((header.sh_flags & SHF_EXECINSTR) != 0) module.code_bytes += header.sh_size;
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM)
      module.is_instrumented = module.is_instrumented || RefersToThreadSanitizer(elf, section, header);
    const void* id = nullptr;
    const ssize_t size = module.build_id.empty() ? dwelf_elf_gnu_build_id(elf, &id) : 0;
    if (size > 0) module.build_id = absl::BytesToHexString({static_cast<const char*>(id), static_cast<size_t>(size)});
  });
  if (!is_read) return std::nullopt;
  return module;
}

bool LeavesOutLocals(const std::string& program) {
  constexpr int kMended = 21;
  bool by_old_clang = false, is_told_not_to = false;
  ForEachSection(program, [&](Elf* elf, Elf_Scn* section, const GElf_Shdr& header) {
    const std::string_view name = NameOfSection(elf, header);
    if (name == ".comment") {
      std::string_view rest = TextOfSection(section);
      for (size_t at; (at = rest.find(kClang)) != std::string_view::npos;) {
        rest.remove_prefix(at + kClang.size());
        int version = 0;
        by_old_clang |=
            absl::SimpleAtoi(rest.substr(0, rest.find_first_not_of("0123456789")), &version) && version < kMended;
      }
    } else if (name == ".GCC.command.line" && absl::StrContains(TextOfSection(section), kInstrumentsLocals)) {
      is_told_not_to = true;
    }
  });
  return by_old_clang && !is_told_not_to;
}

bool LeavesOutCopies(const std::string& program) {
  const int file = open(program.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const absl::Cleanup close_file = [file] { close(file); };
  Dwarf* dwarf = dwarf_begin(file, DWARF_C_READ);
  if (dwarf == nullptr) return false;
  const absl::Cleanup end_dwarf = [dwarf] { dwarf_end(dwarf); };
  Dwarf_CU* unit = nullptr;
  Dwarf_Die top;
  while (dwarf_get_units(dwarf, unit, &unit, nullptr, nullptr, &top, nullptr) == 0) {
    Dwarf_Attribute attribute;
    const char* producer = dwarf_formstring(dwarf_attr(&top, DW_AT_producer, &attribute));
    const char* source = dwarf_diename(&top);
    if (producer == nullptr || (source != nullptr && IsForeignFile(source))) continue;
    if (OptimisesWithoutReportingCopies(producer)) return true;
  }
  return false;
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
