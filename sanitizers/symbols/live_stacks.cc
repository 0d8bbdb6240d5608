#include "sanitizers/symbols/live_stacks.h"

#include <elfutils/libdwfl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sanitizers/symbols/symbolise.h"

namespace racelab {
namespace {

constexpr size_t kMostFrames = 64;

struct EndDwfl {
  void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
};

// The places in a thread's stack, "module+0xoffset", innermost first.
struct ThreadPlaces {
  pid_t thread = 0;
  std::vector<std::string> places;
};

struct Reader {
  Dwfl* dwfl;
  std::vector<ThreadPlaces> threads;
};

std::string PlaceOfPc(Dwfl* dwfl, Dwarf_Addr pc) {
  Dwfl_Module* module = dwfl_addrmodule(dwfl, pc);
  if (module == nullptr) return "?";
  Dwarf_Addr bias = 0;
  const char* path = nullptr;
  dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, &path, nullptr);
  if (dwfl_module_getelf(module, &bias) == nullptr || path == nullptr) return "?";
  return absl::StrCat(path, "+0x", absl::Hex(pc - bias));
}

int AddFrame(Dwfl_Frame* state, void* argument) {
  auto& reader = *static_cast<Reader*>(argument);
  Dwarf_Addr pc = 0;
  bool is_innermost = false;
  if (!dwfl_frame_pc(state, &pc, &is_innermost)) return DWARF_CB_ABORT;
  std::vector<std::string>& places = reader.threads.back().places;
  places.push_back(PlaceOfPc(reader.dwfl, is_innermost ? pc + 1 : pc));  // Places are return addresses.
  return places.size() < kMostFrames ? DWARF_CB_OK : DWARF_CB_ABORT;
}

int AddThread(Dwfl_Thread* thread, void* argument) {
  auto& reader = *static_cast<Reader*>(argument);
  reader.threads.push_back({dwfl_thread_tid(thread), {}});
  dwfl_thread_getframes(thread, AddFrame, &reader);  // Keep the readable part of a damaged stack.
  return DWARF_CB_OK;
}

std::vector<ThreadPlaces> ReadPlaces(pid_t process) {
  static char* no_debug_path = nullptr;
  static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
                                           .find_debuginfo = dwfl_standard_find_debuginfo,
                                           .section_address = nullptr,
                                           .debuginfo_path = &no_debug_path};
  const std::unique_ptr<Dwfl, EndDwfl> dwfl(dwfl_begin(&callbacks));
  if (dwfl == nullptr || dwfl_linux_proc_report(dwfl.get(), process) != 0 ||
      dwfl_report_end(dwfl.get(), nullptr, nullptr) != 0 ||
      dwfl_linux_proc_attach(dwfl.get(), process, /*assume_ptrace_stopped=*/false) != 0)
    return {};
  Reader reader = {dwfl.get(), {}};
  dwfl_getthreads(dwfl.get(), AddThread, &reader);
  return std::move(reader.threads);
}

}  // namespace

std::vector<LiveStack> LiveStacks(pid_t process) {
  std::vector<std::string> all;
  const std::vector<ThreadPlaces> threads = ReadPlaces(process);
  for (const ThreadPlaces& thread : threads) all.insert(all.end(), thread.places.begin(), thread.places.end());
  const FramesOfPlaces frames = Symbolise(all, /*directory=*/"");
  std::vector<LiveStack> stacks;
  for (const ThreadPlaces& thread : threads) {
    LiveStack stack;
    stack.thread = thread.thread;
    for (const std::string& place : thread.places) {
      const auto known = frames.find(place);
      if (known == frames.end()) {
        Frame unknown;
        unknown.module = place;
        stack.stack.frames.push_back(std::move(unknown));
      } else {
        stack.stack.frames.insert(stack.stack.frames.end(), known->second.begin(), known->second.end());
      }
    }
    stacks.push_back(std::move(stack));
  }
  std::sort(stacks.begin(), stacks.end(), [](const LiveStack& a, const LiveStack& b) { return a.thread < b.thread; });
  return stacks;
}

}  // namespace racelab
