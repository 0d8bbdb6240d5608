// A data race on a member of a local object. One of the accesses is made by the function that owns the object.

#include <thread>

namespace {

struct Account {
  int number = 0;
  int balance = 0;
};

}  // namespace

int main() {
  Account account;
  std::thread other([&] { account.balance = 1; });
  account.balance = 2;
  other.join();
}
