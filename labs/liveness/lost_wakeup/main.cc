// A viewer of scanned documents: one thread decodes page after page, another shows each as soon as it is ready.

#include <cstdint>
#include <cstdio>
#include <deque>
#include <thread>
#include <vector>

#include <job_ready.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kDocuments = 2'000;
constexpr int kPages = 500;

// The picture of a page, or what there is to know of it. Some pages have more on them than others.
std::uint32_t Decode(int document, int page) {
  std::uint32_t picture = document * kPages + page;
  for (int line = picture % 191; line >= 0; --line) picture = picture * 1664525 + 1013904223;
  return picture;
}

// Shows all pages of a document; returns how many were shown right.
int Show(int document) {
  std::vector<std::uint32_t> pictures(kPages);
  std::deque<JobReady> ready(kPages);
  std::thread decoder([&] {
    for (int page = 0; page < kPages; ++page) {
      pictures[page] = Decode(document, page);
      ready[page].MarkReady();
    }
  });
  int right = 0;
  for (int page = 0; page < kPages; ++page) {
    ready[page].Wait();
    right += pictures[page] == Decode(document, page);
  }
  decoder.join();
  return right;
}

}  // namespace

int main() {
  int right = 0;
  for (int document = 1; document <= kDocuments; ++document) {
    right += Show(document);
    if (document == 1) std::printf("document 1: %d of %d pages shown\n", right, kPages);
    std::fflush(stdout);
  }
  std::printf("%d documents: %d of %d pages shown\n", kDocuments, right, kDocuments * kPages);
  return right == kDocuments * kPages ? 0 : 1;
}
