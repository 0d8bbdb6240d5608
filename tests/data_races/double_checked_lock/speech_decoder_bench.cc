// The cost of decoding a byte by a table that is complete, with one to four calls in the same codec.

#include <speech_decoder.h>

#include "benchmark/benchmark.h"

namespace {

void Decode(benchmark::State& state) {
  static SpeechDecoder* const decoder = new SpeechDecoder(1, 256, [](int, int byte) { return byte; });
  int byte = state.thread_index();
  for (auto _ : state) {
    benchmark::DoNotOptimize(decoder->Sample(0, byte));
    byte = (byte + 7) % 256;
  }
}
BENCHMARK(Decode)->DenseThreadRange(1, 4)->UseRealTime();

}  // namespace
