// A conference server, which is restarted every night. In the morning, the first two callers speak at the same moment.

#include <barrier>
#include <cmath>
#include <cstdio>
#include <thread>

#include <speech_decoder.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kMornings = 30;
constexpr int kCodecs = 20;
constexpr int kBytes = 256;
constexpr int kCodec = 8;  // The one that both callers speak.
constexpr int kHello[] = {213, 240, 198, 255, 231};

// The sample of a byte: the louder, the coarser.
int Expand(int codec, int byte) {
  double loudness = byte;
  for (int i = 0; i < 1000; ++i) loudness = std::log1p(std::expm1(loudness / 64)) * 64;
  return 1000 + codec + static_cast<int>(std::lround(loudness));
}

// Whether a hello is heard as it was spoken.
bool Hears(SpeechDecoder& decoder) {
  bool right = true;
  for (const int byte : kHello) right = right && decoder.Sample(kCodec, byte) == Expand(kCodec, byte);
  return right;
}

}  // namespace

int main() {
  int garbled = 0;
  for (int morning = 0; morning < kMornings; ++morning) {
    SpeechDecoder decoder(kCodecs, kBytes, Expand);
    std::barrier both(2);
    bool one_heard = false, other_heard = false;
    std::thread one([&] {
      both.arrive_and_wait();
      one_heard = Hears(decoder);
    });
    std::thread other([&] {
      both.arrive_and_wait();
      other_heard = Hears(decoder);
    });
    one.join();
    other.join();
    if (!one_heard || !other_heard) ++garbled;
  }
  std::printf("on %d of %d mornings, one of the first two callers was not understood\n", garbled, kMornings);
  return garbled == 0 ? 0 : 1;
}
