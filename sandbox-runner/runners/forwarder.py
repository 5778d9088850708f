"""forwarder.py SOCKET PORT: inside a sandbox, the way from 127.0.0.1:PORT to the runner's proxy.

It is as untrusted as the program: what may be called is decided at the other end of SOCKET.
"""

import os
import select
import socket
import sys

CHUNK = 65536


class Pipe:
    """One direction of a connection: what came in and could not go out yet, at most a chunk."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.waiting = b""
        self.ended = False

    def done(self):
        return self.ended and not self.waiting

    def read(self):
        self.waiting = self.source.recv(CHUNK)
        if not self.waiting:
            self.ended = True
            self.target.shutdown(socket.SHUT_WR)
        else:
            self.write()

    def write(self):
        try:
            self.waiting = self.waiting[self.target.send(self.waiting):]
        except BlockingIOError:
            pass


def accept(server, path):
    client, _ = server.accept()
    proxy = socket.socket(socket.AF_UNIX)
    try:
        proxy.connect(path)
    except OSError:
        client.close()
        proxy.close()
        return []
    client.setblocking(False)
    proxy.setblocking(False)
    return [Pipe(client, proxy), Pipe(proxy, client)]


def close(pipes, broken):
    for pipe in broken:
        pipe.source.close()
        pipe.target.close()
    return [pipe for pipe in pipes if pipe.source.fileno() != -1 and pipe.target.fileno() != -1]


def turn(server, path, pipes):
    reading = {pipe.source.fileno(): pipe for pipe in pipes if not pipe.waiting and not pipe.ended}
    writing = {pipe.target.fileno(): pipe for pipe in pipes if pipe.waiting}
    poller = select.poll()
    for number in {server.fileno(), *reading, *writing}:
        events = (select.POLLIN if number in reading or number == server.fileno() else 0) | (
            select.POLLOUT if number in writing else 0
        )
        poller.register(number, events)
    broken = []
    for number, event in poller.poll():
        if number == server.fileno():
            pipes = pipes + accept(server, path)
            continue
        for pipe, wanted, act in (
            (reading.get(number), select.POLLIN | select.POLLHUP | select.POLLERR, Pipe.read),
            (writing.get(number), select.POLLOUT | select.POLLHUP | select.POLLERR, Pipe.write),
        ):
            if pipe is None or not event & wanted or pipe.source.fileno() == -1 or pipe.target.fileno() == -1:
                continue
            try:
                act(pipe)
            except OSError:
                broken.append(pipe)
    for one in pipes:
        back = [two for two in pipes if two.source is one.target]
        if one.done() and all(two.done() for two in back):
            broken.append(one)
    return close(pipes, broken)


def main(path, port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen(64)
    os.write(1, b"ready\n")
    pipes = []
    while True:
        pipes = turn(server, path, pipes)


main(sys.argv[1], int(sys.argv[2]))
