// A shop stores its orders on three replicas of its database. The disk of one of them is full: it says so at once,
// while the others take their time to write.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <replica_set.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

constexpr int kOrders = 20;
constexpr int kReplicas = 3;
constexpr int kFull = 1;
constexpr int kBlocks = 3'000'000;  // A replica writes so many for each order.

// A replica's disk: only its checksum is kept.
struct Disk {
  alignas(64) std::uint32_t checksum = 0;  // Each replica is a machine of its own, and shares nothing with the others.

  void Write(const std::string& text) {
    for (int block = 0; block < kBlocks; ++block) checksum = checksum * 31 + text[block % text.size()];
  }
};

}  // namespace

int main() {
  std::array<Disk, kReplicas> disks;
  std::array<int, kReplicas> stored = {};
  const ReplicaSet replicas(kReplicas, [&](int replica, const Order& order) {
    if (replica == kFull) return Status::kDiskFull;
    disks[replica].Write(order.article + " x " + std::to_string(order.pieces));
    ++stored[replica];
    return Status::kOk;
  });

  int confirmed = 0;
  for (int pieces = 1; pieces <= kOrders; ++pieces) {
    if (replicas.Store({"pear", pieces}) == Status::kOk) ++confirmed;
  }
  std::printf("%d orders, %d confirmed as stored on all replicas\n", kOrders, confirmed);
  for (int replica = 0; replica < kReplicas; ++replica) {
    std::printf("replica %d has %d orders\n", replica, stored[replica]);
  }
  return confirmed == 0 ? 0 : 1;
}
