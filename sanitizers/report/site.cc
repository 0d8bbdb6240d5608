#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/match.h"
#include "sanitizers/report/foreign_file.h"
#include "sanitizers/report/report.h"
#include "sanitizers/report/system_library.h"

namespace racelab {
namespace {

// Parts of the paths of files that do not belong to the program: the compilers' headers, the sanitizer's runtime and
// libc (built elsewhere, hence relative), and the libraries that the tests use.
constexpr std::string_view kForeignPaths[] = {
    "/usr/include/", "/usr/lib/", "/include/c++/", "/libsanitizer/", "compiler-rt/", "/sysdeps/",    "/nptl/",
    "/csu/",         "/absl/",    "/googletest/",  "/googlemock/",   "/gtest/",      "/rapidcheck/", "tests/support/",
};

constexpr std::string_view kForeignPathStarts[] = {"../", "csu/", "nptl/", "sysdeps/", "absl/"};

constexpr std::string_view kForeignNames[] = {"std::",   "__gnu_cxx::",    "absl::",          "testing::",
                                              "rc::",    "operator new",   "operator delete", "__interceptor_",
                                              "__tsan_", "___interceptor_"};

bool StartsWithAny(std::string_view text, auto& starts) {
  return std::any_of(std::begin(starts), std::end(starts),
                     [&](std::string_view s) { return absl::StartsWith(text, s); });
}

bool ContainsAny(std::string_view text, auto& parts) {
  return std::any_of(std::begin(parts), std::end(parts),
                     [&](std::string_view s) { return absl::StrContains(text, s); });
}

bool IsForeign(const Frame& frame) {
  if (frame.function.empty()) return true;
  if (IsSystemLibrary(frame.module)) return true;
  return IsForeignFile(frame.file) || StartsWithAny(QualifiedName(frame.function), kForeignNames);
}

bool HasRole(const Stack& stack, auto... roles) { return ((stack.role == roles) || ...); }

bool Conflicts(ReportKind kind, const Stack& stack) {
  switch (kind) {
    case ReportKind::kLockOrderInversion:
      return HasRole(stack, StackRole::kLockAcquired);
    case ReportKind::kThreadLeak:
      return HasRole(stack, StackRole::kThreadCreated);
    case ReportKind::kErrnoInSignalHandler:
      return HasRole(stack, StackRole::kSignalHandler, StackRole::kHere);
    default:
      return HasRole(stack, StackRole::kAccess, StackRole::kPreviousAccess, StackRole::kHere, StackRole::kHereBefore);
  }
}

}  // namespace

bool IsForeignFile(std::string_view path) {
  return ContainsAny(path, kForeignPaths) || StartsWithAny(path, kForeignPathStarts);
}

const Frame* Site(const Stack& stack) {
  // The program under test is compiled with -g, so that its frames have a file; a frame without a file is most likely
  // from libc or the runtime, linked into the program. Only if no frame has a file does a name suffice.
  for (const bool need_file : {true, false}) {
    for (const Frame& frame : stack.frames) {
      if (!IsForeign(frame) && (!frame.file.empty() || !need_file)) return &frame;
    }
  }
  return nullptr;
}

std::vector<NamedSite> NamedSites(const Report& report) {
  std::vector<NamedSite> sites;
  for (const Stack& stack : report.stacks) {
    if (!Conflicts(report.kind, stack)) continue;
    const Frame* frame = Site(stack);
    sites.push_back({frame, frame != nullptr ? SiteName(stack, *frame) : ""});
  }
  return sites;
}

}  // namespace racelab
