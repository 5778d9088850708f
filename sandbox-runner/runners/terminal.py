# terminal.py COLS ROWS PROGRAM...: gives a program a terminal and carries its bytes; "COLS ROWS" lines on descriptor 10 size it anew.
import fcntl, os, select, signal, struct, sys, termios  # noqa: E401


def size(fd, cols, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))


def child(slave, program):
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    for fd in (slave, 10):
        os.close(fd)
    try:
        os.execvp(program[0], program)
    except OSError as error:
        os.write(2, f"{program[0]}: {error.strerror}\n".encode())
        os._exit(127)


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data) :]


def carry(master):
    sources, pending, last = [0, 10, master], b"", b"\n"
    while True:
        for fd in select.select(sources, [], [])[0]:
            try:
                data = os.read(fd, 65536)
            except OSError:  # EIO: the last user of the terminal is gone
                data = b""
            if fd == master:
                if not data:
                    return
                write_all(1, data)
            elif not data:
                sources.remove(fd)
                if fd == 0:  # the first one only sends off a line that was begun
                    write_all(master, b"\x04" if last == b"\n" else b"\x04\x04")
            elif fd == 0:
                write_all(master, data)
                last = data[-1:]
            else:
                *lines, pending = (pending + data).split(b"\n")
                for line in lines:
                    cols, rows = line.split()
                    size(master, int(cols), int(rows))


def main():
    cols, rows, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    master, slave = os.openpty()
    size(slave, cols, rows)
    pid = os.fork()
    if pid == 0:
        os.close(master)
        child(slave, program)
    os.close(slave)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"):
        signal.signal(getattr(signal, name), lambda number, frame: os.kill(pid, number))
    carry(master)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os._exit(status if status >= 0 else 128 - status)


main()
