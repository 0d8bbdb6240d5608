// Protects, saves and restores the pages of the program's memory.

#include "sanitizers/interleave/snapshot.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>

#include <algorithm>

#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/system_call.h"
#include "sanitizers/interleave/system_memory.h"

namespace racelab::interleave {
namespace {

// Whole pages. The program's own bytes in them are those from `first` to `last`: a segment seldom fills its last page.
struct Range {
  std::uintptr_t begin, end;
  std::uintptr_t first = begin, last = end;
};

// A page that has been written to. Its previous content, from `first` to `last`, is at `before`.
struct Page {
  std::uintptr_t first, last;
  char* before;
};

Vector<Range> ranges;
Vector<Range> also_saved;
Vector<Page> written;
AddressMap<bool> is_written;
bool taken = false;

// Not the C library's mprotect(), because this happens during an execution.
void Protect(std::uintptr_t begin, std::uintptr_t end, int protection) {
  SystemCall(SYS_mprotect, static_cast<long>(begin), static_cast<long>(end - begin), protection);
}

// The loader's memory must outlive an execution (its bindings, its list of threads), and so must this runtime's.
bool BelongsToTheProgram(const dl_phdr_info& module) {
  static const int of_this_runtime = 0;
  const auto here = reinterpret_cast<std::uintptr_t>(&of_this_runtime);
  for (int i = 0; i < module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module.dlpi_phdr[i];
    if (segment.p_type == PT_LOAD && here - (module.dlpi_addr + segment.p_vaddr) < segment.p_memsz) return false;
  }
  const char* name = strrchr(module.dlpi_name, '/');
  return name == nullptr || strncmp(name, "/ld-linux", 9) != 0;
}

int AddSegments(dl_phdr_info* module, std::size_t, void*) {
  if (!BelongsToTheProgram(*module)) return 0;
  Range read_only_after_start = {0, 0};
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module->dlpi_phdr[i];
    const std::uintptr_t begin = module->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_GNU_RELRO) read_only_after_start = {PageOf(begin), PageOf(begin + segment.p_memsz)};
  }
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) == 0) continue;
    const std::uintptr_t first = module->dlpi_addr + segment.p_vaddr, last = first + segment.p_memsz;
    Range range = {PageOf(first), PageAfter(last), first, last};
    if (read_only_after_start.end > range.begin && read_only_after_start.begin <= range.begin) {
      range.begin = read_only_after_start.end;
    }
    if (range.begin < range.end) ranges.push_back(range);
  }
  return 0;
}

// The variables of glibc's loader, its locks among them.
class LoaderVariables {
 public:
  void Save() {
    begin_ = static_cast<char*>(dlsym(RTLD_DEFAULT, "_rtld_global"));
    Dl_info place;
    void* symbol = nullptr;
    if (begin_ == nullptr || dladdr1(begin_, &place, &symbol, RTLD_DL_SYMENT) == 0 || symbol == nullptr) return;
    saved_.assign(begin_, begin_ + static_cast<const ElfW(Sym)*>(symbol)->st_size);
  }
  void Restore() const {
    if (!saved_.empty()) memcpy(begin_, saved_.data(), saved_.size());
  }

 private:
  char* begin_ = nullptr;
  Vector<char> saved_;
};
LoaderVariables loader_variables;

void CopyPage(const Range& range, std::uintptr_t address) {
  Protect(address, address + kPage, PROT_READ | PROT_WRITE);
  Page page = {std::max(address, range.first), std::min(address + kPage, range.last), nullptr};
  page.before = static_cast<char*>(AllocateRuntimeMemory(kPage));
  memcpy(page.before, reinterpret_cast<void*>(page.first), page.last - page.first);
  written.push_back(page);
  is_written[address] = true;
}

}  // namespace

void TakeSnapshot(std::uintptr_t heap_begin, std::uintptr_t heap_end) {
  ranges.clear();
  written.clear();
  is_written.Forget();
  dl_iterate_phdr(AddSegments, nullptr);
  loader_variables.Save();
  if (heap_begin < heap_end) ranges.push_back({heap_begin, PageAfter(heap_end)});
  ranges.insert(ranges.end(), also_saved.begin(), also_saved.end());
  taken = true;
  for (const Range& range : ranges) Protect(range.begin, range.end, PROT_READ);
}

void RestoreSnapshot() {
  for (const Page& page : written) memcpy(reinterpret_cast<void*>(page.first), page.before, page.last - page.first);
}

void RestoreLoader() { loader_variables.Restore(); }

bool AnyWrittenPage(bool (*is_wanted)(std::uintptr_t begin, std::uintptr_t end, void* argument), void* argument) {
  for (const Page& page : written) {
    if (is_wanted(PageOf(page.first), PageOf(page.first) + kPage, argument)) return true;
  }
  return false;
}

void DropSnapshot() {
  taken = false;
  for (const Range& range : ranges) Protect(range.begin, range.end, PROT_READ | PROT_WRITE);
  for (const Page& page : written) FreeRuntimeMemory(page.before, kPage);
  written.clear();
}

bool HandleFirstWrite(std::uintptr_t address) {
  if (!taken) return false;
  for (const Range& range : ranges) {
    if (address < range.begin || address >= range.end) continue;
    const std::uintptr_t page = PageOf(address);
    if (is_written.Find(page) != nullptr) return false;  // It is writable already: the fault has another cause.
    CopyPage(range, page);
    return true;
  }
  return false;
}

std::uintptr_t EndOfSavedMemory(std::uintptr_t address) {
  for (const Range& range : ranges) {
    if (address >= range.begin && address < range.end) return range.end;
  }
  return 0;
}

bool ExpectWrites(const void* begin, std::size_t bytes) {
  const auto first = reinterpret_cast<std::uintptr_t>(begin);
  if (!taken || bytes == 0) return false;
  bool any = false;
  for (const Range& range : ranges) {
    const std::uintptr_t to = std::min(first + bytes, range.end);
    for (std::uintptr_t at = std::max(first, range.begin); at < to; at = PageOf(at) + kPage)
      any |= HandleFirstWrite(at);
  }
  return any;
}

void SaveAlso(std::uintptr_t begin, std::uintptr_t end) { also_saved.push_back({begin, end}); }

void RestorePart(std::uintptr_t begin, std::uintptr_t end) {
  for (const Page& page : written) {
    const std::uintptr_t from = std::max(begin, page.first), to = std::min(end, page.last);
    if (from < to) memcpy(reinterpret_cast<void*>(from), page.before + (from - page.first), to - from);
  }
}

}  // namespace racelab::interleave
