"""Runs a command in a terminal of its own, sends keys, and says whether the terminal was restored.

typed.py ROWS COLUMNS KEYS COMMAND...; KEYS are separated by blanks: a letter is that key, W3 waits three seconds, C is
Ctrl-C, D Ctrl-D, E Enter, T and H send SIGTERM and SIGHUP, R300 resizes the terminal 300 times, F2000 presses 2000 keys, and
!rm:PATH, !rmtree:PATH, !mkdir:PATH change files. Exits with the command's exit code.
"""
import fcntl, os, pty, random, select, shutil, signal, struct, sys, termios, time

rows, columns, keys, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(), sys.argv[4:]
child, terminal = pty.fork()
if child == 0:
    time.sleep(0.1)  # The size is set by then.
    os.execvp(command[0], command)


def resize(rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def program_of(process):
    try:
        return os.readlink(f"/proc/{process}/exe")
    except OSError:  # It has ended.
        return None


resize(rows, columns)
# Before the command itself runs, a key may meet a terminal that belongs to nobody, and be lost.
while program_of(child) == program_of("self"):
    time.sleep(0.001)
before = termios.tcgetattr(terminal)
shown = b""
ended = None


def read(seconds):
    global shown, ended
    end = time.monotonic() + seconds
    while ended is None and time.monotonic() < end:
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # Nobody has the terminal open any more.
                time.sleep(0.01)
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            ended = status


def send(data):
    try:
        os.write(terminal, data)
    except OSError:
        pass


for key in keys:
    if ended is not None:
        break
    if key[0] == "W":
        read(float(key[1:]))
    elif key[0] == "R":
        for _ in range(int(key[1:])):
            resize(random.randint(1, 60), random.randint(1, 200))
            read(0.005)
        resize(24, 80)
    elif key[0] == "F":
        for _ in range(int(key[1:])):
            send(random.choice(b"hz129 ").to_bytes(1, "little"))
            read(0.001)
    elif key[0] == "!":
        what, path = key[1:].split(":")
        if what == "mkdir":
            os.unlink(path)
        {"rm": os.unlink, "rmtree": shutil.rmtree, "mkdir": os.mkdir}[what](path)
    elif key in ("T", "H"):
        os.kill(child, signal.SIGTERM if key == "T" else signal.SIGHUP)
    else:
        send({"C": b"\x03", "D": b"\x04", "E": b"\r"}.get(key, key.encode()))
        read(0.2)
read(10)
for _ in range(20):  # What it wrote last.
    if ended is None or not select.select([terminal], [], [], 0.05)[0]:
        break
    try:
        shown += os.read(terminal, 65536)
    except OSError:
        break
sys.stdout.buffer.write(shown[-4000:])
if ended is None:
    print("\nit did not end")
    os.kill(child, signal.SIGKILL)
    sys.exit(99)
try:
    same = termios.tcgetattr(terminal)[:4] == before[:4]
except termios.error:
    same = True
screens = shown.rfind(b"\x1b[?1049h") <= shown.rfind(b"\x1b[?1049l")
print("\nrestored" if same and screens else f"\nleft as it was: modes {same}, screen {screens}")
sys.exit(os.waitstatus_to_exitcode(ended) if os.WIFEXITED(ended) else 128 + os.WTERMSIG(ended))
