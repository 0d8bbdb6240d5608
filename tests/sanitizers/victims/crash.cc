// Dies of SIGSEGV in Parser::Read.

class Parser {
 public:
  int Read(volatile int* where) { return *where; }
};

int main() { return Parser().Read(nullptr); }
