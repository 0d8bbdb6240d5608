#include "sanitizers/interleave/output.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "sanitizers/interleave/fatal.h"
#include "sanitizers/interleave/interceptors/real.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr int kUsageError = 64, kSoftwareError = 70;  // EX_USAGE and EX_SOFTWARE of sysexits.h
constexpr int kHung = 71;
int real_output = -1, real_error = -1;

void Print(const char* format, va_list arguments) {
  char line[2048];
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  if (length < 0) return;
  if (length > static_cast<int>(sizeof line) - 2) length = sizeof line - 2;
  line[length] = '\n';
  SystemCall(SYS_write, ErrorDescriptor(), AsArgument(line), length + 1);
}

// Adds the reason for the end of the process to the report. Does not allocate, because the process may be out of
// memory.
void WriteEnd(const char* end, const char* words) {
  if (options.report[0] == '\0') return;
  static char line[8192];
  constexpr std::size_t kLongestEscape = 6;
  int length = snprintf(line, sizeof line, "{\"end\":\"%s\",\"words\":\"", end);
  for (const char* c = words; *c != '\0' && length + kLongestEscape + 4 < sizeof line; ++c) {
    const bool plain = static_cast<unsigned char>(*c) >= 0x20 && *c != '"' && *c != '\\';
    length += snprintf(line + length, kLongestEscape + 1, plain ? "%c" : "\\u%04x", *c);
  }
  length += snprintf(line + length, sizeof line - length, "\"}\n");
  const long file = SystemCall(SYS_open, AsArgument(options.report), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (IsError(file)) return;
  SystemCall(SYS_write, file, AsArgument(line), length);
  SystemCall(SYS_close, file);
}

[[noreturn]] void EndWith(int exit_code, const char* end, const char* format, va_list arguments) {
  char text[1024];
  vsnprintf(text, sizeof text, format, arguments);
  WriteEnd(end, text);
  Say("racelab interleave: %s", text);
  REAL(_exit)(exit_code);
  __builtin_unreachable();
}

}  // namespace

void HoldBackOutput() {
  if (real_output >= 0) return;
  fflush(nullptr);
  real_output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 100);
  real_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 100);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

void ReleaseOutput() {
  if (real_output < 0) return;
  dup2(real_output, STDOUT_FILENO);
  dup2(real_error, STDERR_FILENO);
  close(real_output);
  close(real_error);
  real_output = real_error = -1;
}

int ErrorDescriptor() { return real_error >= 0 ? real_error : STDERR_FILENO; }

void Say(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Print(format, arguments);
  va_end(arguments);
}

void Fatal(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  EndWith(kSoftwareError, "gave up", format, arguments);
}

void Misuse(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  EndWith(kUsageError, "misuse", format, arguments);
}

void TestsHung(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  EndWith(kHung, "tests hung", format, arguments);
}

}  // namespace racelab::interleave
