// A viewer of scanned documents: one thread decodes page after page, another shows each page as soon as it is ready.

#include <cstdint>
#include <cstdio>
#include <deque>
#include <thread>
#include <vector>

#include <job_ready.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDocuments = 2'000;
constexpr int kPages = 500;

// Decodes the picture of a page; a number, never 0, stands in for it. Some pages have more on them than others.
std::uint32_t Decode(int document, int page) {
  std::uint32_t picture = document * kPages + page;
  for (int line = picture % 1009; line >= 0; --line) picture = picture * 1664525 + 1013904223;
  return picture | 1;
}

// Shows all pages of a document; returns how many were not blank.
int Show(int document) {
  std::vector<std::uint32_t> pictures(kPages);
  std::deque<JobReady> ready(kPages);
  std::thread decoder([&] {
    for (int page = 0; page < kPages; ++page) {
      pictures[page] = Decode(document, page);
      ready[page].MarkReady();
    }
  });
  int shown = 0;
  for (int page = 0; page < kPages; ++page) {
    ready[page].Wait();
    shown += pictures[page] != 0;
  }
  decoder.join();
  return shown;
}

}  // namespace

int main() {
  std::printf("%d documents, %d pages to show\n", kDocuments, kDocuments * kPages);
  std::fflush(stdout);
  int shown = 0;
  for (int document = 1; document <= kDocuments; ++document) shown += Show(document);
  std::printf("%d pages shown\n", shown);
  return shown == kDocuments * kPages ? 0 : 1;
}
