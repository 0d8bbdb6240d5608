// Pipes, sockets and the like, between threads.

#undef NDEBUG
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cassert>
#include <mutex>

#include "tests/sanitizers/explored/kernel/kernel.h"

namespace racelab {
namespace {

int ends[2];  // Static, because the kernel must write to memory that is saved.

// Data written before a byte is sent is read after the byte has come.
void Pipe(bool right) {
  assert(pipe(ends) == 0);
  int data = 0;
  AllOf(
      [&] {
        data = 42;
        assert(write(ends[1], "x", 1) == 1);
        if (!right) data = 43;
      },
      [&] {
        char c;
        assert(read(ends[0], &c, 1) == 1);
        assert(data == 42);
      });
}

// A blocking reader waits until there is data; a non-blocking one may find none.
void PipeWithoutWaiting(bool right) {
  assert(pipe2(ends, O_NONBLOCK) == 0);
  AllOf([] { assert(write(ends[1], "x", 1) == 1); },
        [right] {
          char c;
          const ssize_t got = read(ends[0], &c, 1);
          if (right) {
            assert(got == 1 || errno == EAGAIN);
          } else {
            assert(got == 1);
          }
        });
}

// A write that exceeds the room in the pipe waits for the reader.
void FullPipe(bool right) {
  static char much[200'000];
  assert(pipe(ends) == 0);
  AllOf([] { assert(write(ends[1], much, sizeof much) == sizeof much); },
        [right] {
          std::size_t got = 0;
          static char part[60'000];
          while (got < sizeof much) {
            const ssize_t now = read(ends[0], part, sizeof part);
            assert(now > 0);
            got += static_cast<std::size_t>(now);
            if (!right) return;
          }
        });
}

void SocketPair(bool right) {
  assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
  int data = 0;
  AllOf(
      [&] {
        if (right) data = 1;
        assert(send(ends[0], "q", 1, 0) == 1);
        if (!right) data = 1;
        char answer;
        assert(recv(ends[0], &answer, 1, 0) == 1 && answer == 'a');
      },
      [&] {
        char question;
        assert(recv(ends[1], &question, 1, 0) == 1 && question == 'q');
        assert(data == 1);
        assert(send(ends[1], "a", 1, 0) == 1);
      });
}

void EventCounter(bool right) {
  const int counter = eventfd(0, EFD_SEMAPHORE);
  const int takers = right ? 2 : 3;
  AllOf([=] { assert(eventfd_write(counter, 2) == 0); },
        [=] {
          for (int i = 0; i < takers; ++i) {
            eventfd_t value;
            assert(eventfd_read(counter, &value) == 0 && value == 1);
          }
        });
}

// A lock-order deadlock, with bytes in pipes as locks.
void TokensCrosswise(bool right) {
  int a[2], b[2];
  assert(pipe(a) == 0 && pipe(b) == 0 && write(a[1], "x", 1) == 1 && write(b[1], "x", 1) == 1);
  const auto both = [](int* first, int* second) {
    char c;
    assert(read(first[0], &c, 1) == 1 && read(second[0], &c, 1) == 1);
    assert(write(second[1], "x", 1) == 1 && write(first[1], "x", 1) == 1);
  };
  AllOf([&] { both(a, b); }, [&] { right ? both(a, b) : both(b, a); });
}

void PollTwo(bool right) {
  int a[2], b[2];
  assert(pipe(a) == 0 && pipe(b) == 0);
  AllOf([&] { assert(write(a[1], "x", 1) == 1); }, [&] { assert(write(b[1], "x", 1) == 1); },
        [&] {
          pollfd both[] = {{a[0], POLLIN, 0}, {b[0], POLLIN, 0}};
          assert(poll(both, 2, -1) >= 1);
          if (right) {
            assert(both[0].revents != 0 || both[1].revents != 0);
          } else {
            assert(both[0].revents != 0);
          }
        });
}

void SelectWithTimeLimit(bool right) {
  assert(pipe(ends) == 0);
  AllOf([] { assert(write(ends[1], "x", 1) == 1); },
        [right] {
          fd_set wanted;
          FD_ZERO(&wanted);
          FD_SET(ends[0], &wanted);
          timeval limit = {0, 1000};
          const int ready = select(ends[0] + 1, &wanted, nullptr, nullptr, &limit);
          if (right) {
            assert(ready == 1 || ready == 0);
          } else {
            assert(ready == 1);
          }
        });
}

void Epoll(bool right) {
  const int poller = epoll_create1(0), counter = eventfd(0, 0);
  epoll_event wanted = {};
  wanted.events = EPOLLIN;
  assert(epoll_ctl(poller, EPOLL_CTL_ADD, counter, &wanted) == 0);
  int data = 0;
  AllOf(
      [&] {
        if (right) data = 1;
        assert(eventfd_write(counter, 1) == 0);
        if (!right) data = 1;
      },
      [&] {
        epoll_event got;
        assert(epoll_wait(poller, &got, 1, -1) == 1);
        assert(data == 1);
      });
}

// A reader does not wait forever if the pipe's last writer has gone.
void Closed(bool right) {
  assert(pipe(ends) == 0);
  AllOf(
      [right] {
        if (right) assert(close(ends[1]) == 0);
      },
      [] {
        char c;
        assert(read(ends[0], &c, 1) == 0);
      });
}

void ServerAndClient(bool right) {
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  assert(bind(server, any, size) == 0 && listen(server, 1) == 0 && getsockname(server, any, &size) == 0);
  AllOf(
      [&] {
        const int client = socket(AF_INET, SOCK_STREAM, 0);
        assert(connect(client, any, size) == 0);
        if (right) assert(write(client, "x", 1) == 1);
        char answer;
        assert(read(client, &answer, 1) == 1);
      },
      [&] {
        const int connection = accept(server, nullptr, nullptr);
        char c;
        assert(connection >= 0 && read(connection, &c, 1) == 1 && write(connection, &c, 1) == 1);
      });
}

// A file contains what another thread has written to it and signalled.
void File(bool right) {
  FILE* file = tmpfile();
  std::mutex mutex;
  bool written = false;
  AllOf(
      [&] {
        const std::lock_guard lock(mutex);
        if (right) written = true;
        assert(pwrite(fileno(file), "x", 1, 0) == 1);
      },
      [&] {
        char c = 0;
        const std::lock_guard lock(mutex);
        const ssize_t got = pread(fileno(file), &c, 1, 0);
        assert(got == (right ? written : 0));
      });
}

// A thread that writes to a pipe without readers gets a signal, which ends the process by default.
void BrokenPipe(bool right) {
  assert(pipe(ends) == 0);
  AllOf([right] {
    if (!right) close(ends[0]);
    assert(write(ends[1], "x", 1) == 1);
  });
}

}  // namespace

RightOrWrongPrograms Descriptors() {
  static constexpr RightOrWrongProgram programs[] = {
      {"broken_pipe", BrokenPipe},
      {"closed", Closed},
      {"epoll", Epoll},
      {"event_counter", EventCounter},
      {"file", File},
      {"full_pipe", FullPipe},
      {"pipe", Pipe},
      {"pipe_without_waiting", PipeWithoutWaiting},
      {"poll", PollTwo},
      {"select", SelectWithTimeLimit},
      {"server", ServerAndClient},
      {"socket_pair", SocketPair},
      {"tokens", TokensCrosswise},
  };
  return programs;
}

}  // namespace racelab
