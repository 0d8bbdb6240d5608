// Memory that two threads access through functions of the C and C++ libraries, which are not instrumented: under a
// mutex, or (wrong) without one. Compiled as C++17, whose std::string is in libstdc++.so.
//   memory right copy
//   memory list

#undef NDEBUG
#include <arpa/inet.h>
#include <fenv.h>
#include <poll.h>
#include <pthread.h>
#include <regex.h>
#include <search.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <cctype>
#include <clocale>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <cwchar>
#include <exception>
#include <functional>
#include <list>
#include <map>
#include <memory_resource>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tests/sanitizers/explored/run_named.h"

namespace {

volatile std::size_t kBytes = 48;  // Not a constant, so that the compiler does not replace the calls with moves.
char g_to[64], g_from[64] = "a text of some length";
wchar_t g_wide[16];
int g_touched = 0;

// Runs both functions at once; under a mutex if `right`.
void Together(bool right, const std::function<void()>& one, const std::function<void()>& other) {
  std::mutex mutex;
  const auto run = [&](const std::function<void()>& function) {
    std::unique_lock<std::mutex> lock(mutex, std::defer_lock);
    if (right) lock.lock();
    function();
  };
  std::thread first(run, one), second(run, other);
  first.join();
  second.join();
}

RightOrWrongPrograms Bytes() {
  static constexpr RightOrWrongProgram programs[] = {
      {"copy",
       [](bool right) {
         Together(right, [] { std::memcpy(g_to, g_from, kBytes); }, [] { std::memset(g_to, 1, kBytes); });
       }},
      {"move", [](bool right) { Together(right, [] { std::memmove(g_to + 4, g_to, kBytes); }, [] { g_to[20] = 1; }); }},
      {"compare",
       [](bool right) {
         Together(right, [] { assert(std::memcmp(g_to, g_from, kBytes) != 0); }, [] { g_to[9] = 1; });
       }},
      {"search",
       [](bool right) {
         Together(right, [] { assert(std::memchr(g_from, 'x', kBytes) != nullptr); }, [] { g_from[2] = 'T'; });
       }},
      {"halves",  // Right: two copies without a common byte.
       [](bool right) {
         const std::size_t half = right ? 24 : 20;
         Together(
             false, [] { std::memset(g_to, 1, kBytes / 2); }, [half] { std::memset(g_to + half, 2, kBytes - half); });
       }},
      {"wide", [](bool right) { Together(right, [] { std::wmemset(g_wide, L'a', 8); }, [] { g_wide[7] = L'b'; }); }},
      {"sort",
       [](bool right) {
         static int numbers[] = {3, 1, 2};
         const auto less = [](const void* a, const void* b) {
           return *static_cast<const int*>(a) - *static_cast<const int*>(b);
         };
         Together(right, [less] { std::qsort(numbers, 3, sizeof(int), less); }, [] { numbers[2] = 5; });
       }},
      {"published",  // Wrong: published by a relaxed store, so that the reader may see the memory as it was before the
                     // allocation.
       [](bool right) {
         std::atomic<char*> block{nullptr};
         const auto order = right ? std::memory_order_release : std::memory_order_relaxed;
         Together(
             false, [&, order] { block.store(static_cast<char*>(std::calloc(1, 32)), order); },
             [&] {
               if (const char* seen = block.load(std::memory_order_acquire)) assert(seen[8] == 0);
             });
         std::free(block);
       }},
  };
  return programs;
}

RightOrWrongPrograms Text() {
  static constexpr RightOrWrongProgram programs[] = {
      {"length", [](bool right) { Together(right, [] { assert(std::strlen(g_from) > 3); }, [] { g_from[3] = 'x'; }); }},
      {"behind_the_end",  // Right: the bytes after a text are not read.
       [](bool right) {
         Together(false, [] { assert(std::strlen(g_from) > 3); }, [right] { g_from[right ? 40 : 3] = 'x'; });
       }},
      {"copy_text",
       [](bool right) { Together(right, [] { std::strcpy(g_to, g_from); }, [] { assert(g_to[8] != 'z'); }); }},
      {"append",
       [](bool right) {
         static const char *const text = g_from, *const other = g_from + 10;
         std::strcpy(g_to, "ab");
         Together(right, [] { std::strcat(g_to, text); }, [] { std::strcat(g_to, other); });
       }},
      {"compare_text",  // Right: a comparison ends at the first difference.
       [](bool right) {
         std::strcpy(g_to, "a text that is another");
         Together(false, [] { assert(std::strcmp(g_to, g_from) != 0); }, [right] { g_to[right ? 12 : 2] = 'x'; });
       }},
      {"print",
       [](bool right) {
         Together(
             right, [] { std::snprintf(g_to, sizeof g_to, "%d %5.1f %.20s", 1, 2.0, g_from); },
             [] { g_from[5] = 'x'; });
       }},
      {"scan",
       [](bool right) {
         static int number = 0;
         Together(right, [] { assert(std::sscanf("17", "%d", &number) == 1); }, [] { ++number; });
       }},
      {"scan_to_wide",
       [](bool right) {
         Together(right, [] { assert(std::sscanf("abc", "%ls", g_wide) == 1); }, [] { g_wide[2] = L'x'; });
       }},
      {"number",
       [](bool right) {
         static char digits[] = "123";
         Together(right, [] { assert(std::strtol(digits, nullptr, 10) > 1); }, [] { digits[2] = '4'; });
       }},
      {"duplicate",
       [](bool right) {
         Together(
             right,
             [] {
               char* volatile copy = strdup(g_from);
               std::free(copy);
             },
             [] { g_from[5] = 'x'; });
       }},
  };
  return programs;
}

// Right: each thread has its own place for the results.
RightOrWrongPrograms Results() {
  static char places[2][512];
  static constexpr auto each = [](bool right, void (*function)(void* to)) {
    Together(false, [=] { function(places[0]); }, [=] { function(places[right ? 1 : 0]); });
  };
  static constexpr auto wide = [](void* to) { return static_cast<wchar_t*>(to); };
  static constexpr auto number = [](void* to) { return static_cast<int*>(to); };
  static constexpr RightOrWrongProgram programs[] = {
      {"wide_copy", [](bool right) { each(right, [](void* to) { std::wcsncpy(wide(to), L"text", 8); }); }},
      {"wide_append", [](bool right) { each(right, [](void* to) { std::wcsncat(wide(to), L"text", 2); }); }},
      {"wide_print", [](bool right) { each(right, [](void* to) { std::swprintf(wide(to), 9, L"%d", 17); }); }},
      {"wide_scan",
       [](bool right) { each(right, [](void* to) { (void)std::swscanf(L"ab 17", L"%*s %d", number(to)); }); }},
      {"waiting_bytes",
       [](bool right) {
         static int ends[2];
         assert(pipe(ends) == 0);
         each(right, [](void* to) { assert(ioctl(ends[0], FIONREAD, number(to)) == 0); });
       }},
      {"polled",
       [](bool right) {
         each(right, [](void* to) {
           const timespec at_once{};
           assert(ppoll(static_cast<pollfd*>(to), 1, &at_once, nullptr) == 0);
         });
       }},
      {"selected",
       [](bool right) {
         each(right, [](void* to) {
           timeval at_once{};
           assert(select(1, static_cast<fd_set*>(to), nullptr, nullptr, &at_once) == 0);
         });
       }},
      {"floating_point_state", [](bool right) { each(right, [](void* to) { fegetenv(static_cast<fenv_t*>(to)); }); }},
      {"wide_number",
       [](bool right) { each(right, [](void* to) { std::wcstol(L"17x", static_cast<wchar_t**>(to), 10); }); }},
      {"to_wide", [](bool right) { each(right, [](void* to) { std::mbstowcs(wide(to), "text", 9); }); }},
      {"from_wide",
       [](bool right) { each(right, [](void* to) { std::wcstombs(static_cast<char*>(to), L"text", 9); }); }},
      {"one_from_wide",
       [](bool right) {
         each(right, [](void* to) {
           std::mbstate_t state{};
           std::wcrtomb(static_cast<char*>(to), L'x', &state);
         });
       }},
      {"printed_anew",
       [](bool right) { each(right, [](void* to) { assert(asprintf(static_cast<char**>(to), "%d", 17) == 2); }); }},
      {"quotient", [](bool right) { each(right, [](void* to) { (void)remquo(kBytes + 0.5, 2.0, number(to)); }); }},
      {"drawn_from_a_state",
       [](bool right) { each(right, [](void* to) { (void)nrand48(static_cast<unsigned short*>(to)); }); }},
      {"match",
       [](bool right) {
         static regex_t regex;
         regcomp(&regex, "b", 0);
         each(right, [](void* to) { assert(regexec(&regex, "abc", 1, static_cast<regmatch_t*>(to), 0) == 0); });
       }},
      {"tree_of_c",
       [](bool right) {
         each(right, [](void* to) {
           tsearch(g_from, static_cast<void**>(to), [](const void* a, const void* b) { return a < b ? -1 : a > b; });
         });
       }},
      {"signal_set", [](bool right) { each(right, [](void* to) { sigaddset(static_cast<sigset_t*>(to), SIGUSR1); }); }},
      {"signal_mask",
       [](bool right) {
         each(right, [](void* to) { pthread_sigmask(SIG_BLOCK, nullptr, static_cast<sigset_t*>(to)); });
       }},
      {"signal_action",
       [](bool right) {
         each(right, [](void* to) { sigaction(SIGUSR1, nullptr, static_cast<struct sigaction*>(to)); });
       }},
      {"attributes",
       [](bool right) { each(right, [](void* to) { pthread_attr_init(static_cast<pthread_attr_t*>(to)); }); }},
      {"key_of_threads",
       [](bool right) {
         each(right, [](void* to) { assert(pthread_key_create(static_cast<pthread_key_t*>(to), nullptr) == 0); });
       }},
      {"ends_of_a_pipe", [](bool right) { each(right, [](void* to) { assert(pipe(number(to)) == 0); }); }},
      {"random_bytes", [](bool right) { each(right, [](void* to) { assert(getentropy(to, 16) == 0); }); }},
      {"moment",
       [](bool right) { each(right, [](void* to) { std::timespec_get(static_cast<timespec*>(to), TIME_UTC); }); }},
      {"address_of_text",
       [](bool right) { each(right, [](void* to) { assert(inet_aton("1.2.3.4", static_cast<in_addr*>(to)) == 1); }); }},
      {"aligned_block",
       [](bool right) { each(right, [](void* to) { assert(posix_memalign(static_cast<void**>(to), 64, 64) == 0); }); }},
  };
  return programs;
}

RightOrWrongPrograms HiddenState() {
  static constexpr RightOrWrongProgram programs[] = {
      {"words",
       [](bool right) {
         static char one[] = "a b", other[] = "c d";
         Together(
             right, [] { assert(std::strtok(one, " ") == one); }, [] { assert(std::strtok(other, " ") == other); });
       }},
      {"words_of_ones_own",  // Right: each thread has its own state.
       [](bool right) {
         static char one[] = "a b", other[] = "c d";
         static char *rest = nullptr, *other_rest = nullptr;
         Together(
             false, [] { assert(strtok_r(one, " ", &rest) == one); },
             [right] { assert(strtok_r(other, " ", right ? &other_rest : &rest) == other); });
       }},
      {"time",
       [](bool right) {
         const auto now = [] {
           const std::time_t moment = 0;
           assert(std::gmtime(&moment)->tm_year == 70);
         };
         Together(right, now, now);
       }},
      {"environment",
       [](bool right) {
         Together(right, [] { setenv("RACELAB_TEST", "x", 1); }, [] { (void)std::getenv("RACELAB_OTHER"); });
       }},
      {"reading_the_environment",  // Right: both threads only read.
       [](bool right) {
         Together(
             false, [] { (void)std::getenv("RACELAB_TEST"); },
             [right] { right ? (void)std::getenv("RACELAB_TEST") : (void)unsetenv("RACELAB_TEST"); });
       }},
      {"random",  // No data race, but the order determines the numbers.
       [](bool right) {
         std::srand(1);
         const int first = std::rand();
         std::srand(1);
         std::atomic<int> got{0};
         Together(false, [&] { got = std::rand(); }, [] { (void)std::rand(); });
         assert(right || got == first);
       }},
      {"locale",
       [](bool right) {
         Together(
             right, [] { std::setlocale(LC_ALL, "C"); }, [] { assert(std::localeconv()->decimal_point[0] == '.'); });
       }},
  };
  return programs;
}

RightOrWrongPrograms Objects() {
  static std::string text;
  static constexpr RightOrWrongProgram programs[] = {
      {"assign",
       [](bool right) {
         Together(right, [] { text = "one one one one one one one"; }, [] { text = "two two two two two two two"; });
       }},
      {"append_one", [](bool right) { Together(right, [] { text += 'a'; }, [] { assert(text.size() < 2); }); }},
      {"characters",
       [](bool right) {
         text = "some text that is not stored within";
         Together(right, [] { assert(text[5] != 0); }, [] { text.replace(0, 10, "another"); });
       }},
      {"two_readers",  // Right: both threads only read.
       [](bool right) {
         text = "some text that is not stored within";
         Together(
             false, [] { assert(text.find("that") == 10 && text == std::string(text)); },
             [right] { right ? (void)text.substr(3) : text.clear(); });
       }},
      {"pool",
       [](bool right) {
         std::pmr::unsynchronized_pool_resource pool;
         const auto use = [&pool] { pool.deallocate(pool.allocate(16), 16); };
         Together(right, use, use);
       }},
      {"list",
       [](bool right) {
         static std::list<int> numbers;
         Together(right, [] { numbers.push_back(1); }, [] { numbers.push_back(2); });
       }},
      {"tree",
       [](bool right) {
         static std::map<int, int> numbers{{1, 1}, {5, 5}};
         Together(right, [] { numbers[3] = 3; }, [] { assert(std::next(numbers.begin())->first > 1); });
       }},
      {"erase",
       [](bool right) {
         static std::set<int> numbers{1, 2, 3};
         Together(right, [] { numbers.erase(2); }, [] { numbers.erase(3); });
       }},
      {"elements_of_a_tree",  // Right: each thread accesses its own element.
       [](bool right) {
         static std::map<int, int> numbers{{1, 1}, {5, 5}};
         Together(false, [] { numbers.at(1) = 2; }, [right] { numbers.at(right ? 5 : 1) = 3; });
       }},
      {"hash",
       [](bool right) {
         static std::unordered_map<std::string, int> numbers;
         Together(right, [] { numbers["a"] = 1; }, [] { numbers["b"] = 2; });
       }},
      {"stream",
       [](bool right) {
         static std::ostringstream stream;
         Together(right, [] { stream << 1; }, [] { stream << "two"; });
       }},
      {"stream_is_read",
       [](bool right) {
         static std::ostringstream stream;
         Together(right, [] { stream << 1; }, [] { assert(stream.str().size() < 2); });
       }},
      {"exception",  // Both threads have a reference to it; wrong: and change its content.
       [](bool right) {
         struct Failed {
           int code = 0;
         };
         std::exception_ptr failure = std::make_exception_ptr(Failed{});
         const auto handle = [right](std::exception_ptr mine) {
           try {
             std::rethrow_exception(std::move(mine));
           } catch (Failed& failed) {
             right ? (void)(failed.code < 0) : (void)++failed.code;
           }
         };
         std::thread other(handle, failure);
         handle(std::move(failure));
         other.join();
       }},
      {"message_of_an_exception",  // Right: copies of the exception share the text.
       [](bool right) {
         const std::runtime_error error("a text that is too long to be stored within");
         const auto look = [right](const std::runtime_error& mine) {
           assert(std::strlen(mine.what()) > 10);
           if (!right) ++g_touched;
         };
         auto* copy = new std::runtime_error(error);
         std::thread other([look, copy] {
           look(*copy);
           delete copy;
         });
         look(error);
         other.join();
       }},
  };
  return programs;
}

}  // namespace

int main(int argc, char** argv) { return RunRightOrWrong({Bytes, Text, Results, HiddenState, Objects}, argc, argv); }
