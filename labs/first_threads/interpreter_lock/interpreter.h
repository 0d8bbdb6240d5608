#ifndef RACELAB_LABS_FIRST_THREADS_INTERPRETER_LOCK_INTERPRETER_H_
#define RACELAB_LABS_FIRST_THREADS_INTERPRETER_LOCK_INTERPRETER_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <utility>
#include <vector>

// What an instruction does. Each guest thread has a stack of its own; globals, the lock and the list are shared.
enum class Op {
  kRead,   // Waits for the next request; jumps to `operand` if there are no more.
  kPush,   // Pushes `operand`.
  kLoad,   // Pushes the global `operand`.
  kStore,  // Pops a number into the global `operand`.
  kAdd,    // Pops two numbers, and pushes their sum.
  kAddTo,  // Pops a number, and adds it to the global `operand`.
  kJump,   // Jumps to `operand`.
  kCall,   // Calls the function `operand` of the library.
};

// The guest language's library: the operands of kCall.
enum Function : std::int64_t {
  kAcquire,  // Waits until the guest's lock is free, and takes it.
  kRelease,  // Releases the guest's lock.
  kAppend,   // Pops a number, and appends it to the guest's list.
  kSum,      // Pushes the sum of the guest's list.
};

struct Instruction {
  Op op;
  std::int64_t operand = 0;
};

using Program = std::vector<Instruction>;

// Runs programs of a small guest language, compiled to byte code.
//
// Safe to use from any number of threads at once: there is one lock, held while an instruction is executed, so no guest
// thread ever sees the interpreter's data half changed. The lock is released between instructions, so that all guest
// threads make progress, and while a guest thread waits: for a request, or for the guest's own lock.
class Interpreter {
 public:
  // Called, under the lock, with each executed instruction and the number that it worked on.
  using Trace = std::function<void(const Instruction& instruction, std::int64_t number)>;

  explicit Interpreter(Trace trace = nullptr) : trace_(std::move(trace)) {}

  // Runs `program` to its end, on the calling thread. `read` waits for a request, and returns whether there is one.
  // Returns the number left on top of the stack, or 0 if the stack is empty.
  std::int64_t Run(const Program& program, const std::function<bool()>& read) {
    std::vector<std::int64_t> stack;
    for (std::size_t next = 0; next < program.size();) {
      const Instruction& instruction = program[next++];
      if (instruction.op == Op::kRead) {
        if (!read()) next = instruction.operand;
        continue;
      }
      std::unique_lock lock(mutex_);
      Execute(instruction, stack, next, lock);
    }
    return stack.empty() ? 0 : stack.back();
  }

 private:
  static std::int64_t Pop(std::vector<std::int64_t>& stack) {
    const std::int64_t top = stack.back();
    stack.pop_back();
    return top;
  }

  // Requires that the caller holds `lock`.
  void Execute(const Instruction& instruction, std::vector<std::int64_t>& stack, std::size_t& next,
               std::unique_lock<std::mutex>& lock) {
    const std::int64_t operand = instruction.operand;
    std::int64_t number = operand;
    switch (instruction.op) {
      case Op::kRead:
        break;  // Not under the lock.
      case Op::kPush:
        stack.push_back(operand);
        break;
      case Op::kLoad:
        stack.push_back(number = globals_[operand]);
        break;
      case Op::kStore:
        globals_[operand] = number = Pop(stack);
        break;
      case Op::kAdd:
        number = Pop(stack);
        number = stack.back() += number;
        break;
      case Op::kAddTo:
        number = globals_[operand] += Pop(stack);
        break;
      case Op::kJump:
        next = operand;
        break;
      case Op::kCall:
        Call(static_cast<Function>(operand), stack, lock);
        break;
    }
    if (trace_) trace_(instruction, number);
  }

  // Requires that the caller holds `lock`.
  void Call(Function function, std::vector<std::int64_t>& stack, std::unique_lock<std::mutex>& lock) {
    switch (function) {
      case kAcquire:
        guest_unlocked_.wait(lock, [this] { return !guest_locked_; });
        guest_locked_ = true;
        break;
      case kRelease:
        guest_locked_ = false;
        guest_unlocked_.notify_one();
        break;
      case kAppend:
        list_.push_back(Pop(stack));
        break;
      case kSum:
        stack.push_back(std::accumulate(list_.begin(), list_.end(), std::int64_t{0}));
        break;
    }
  }

  const Trace trace_;
  std::mutex mutex_;  // The interpreter lock. Guards all that follows.
  std::map<std::int64_t, std::int64_t> globals_;
  bool guest_locked_ = false;
  std::condition_variable guest_unlocked_;
  std::vector<std::int64_t> list_;
};

#endif  // RACELAB_LABS_FIRST_THREADS_INTERPRETER_LOCK_INTERPRETER_H_
