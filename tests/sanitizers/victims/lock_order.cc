// Two accounts are locked in both orders, one after the other: no hang, but a lock-order inversion in Bank::Transfer.

#include <mutex>
#include <thread>

struct Account {
  std::mutex mutex;
  long balance = 100;
};

class Bank {
 public:
  void Transfer(Account& from, Account& to, long amount) {
    std::lock_guard<std::mutex> first(from.mutex);
    std::lock_guard<std::mutex> second(to.mutex);
    from.balance -= amount;
    to.balance += amount;
  }
};

int main() {
  Bank bank;
  Account checking, savings;
  std::thread([&] { bank.Transfer(checking, savings, 10); }).join();
  std::thread([&] { bank.Transfer(savings, checking, 10); }).join();
}
