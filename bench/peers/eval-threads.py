# Evaluates what each recv brings, a thread for each client, and prints every request: each line as it is printed, as
# Python does on a terminal, or with `--block-buffered` some thousand bytes at a time, as it does into a file or a pipe.
import os
import socket
import sys
import threading


def serve(client):
    with client:
        while request := client.recv(1024):
            text = request.decode()
            print("request:", text)
            try:
                reply = str(eval(text))
            except Exception:
                reply = "INVALID STATEMENT"
            client.sendall(reply.encode())


listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
print(f"listening on tcp://127.0.0.1:{listener.getsockname()[1]} (python)", flush=True)
# Nobody reads the rest of what is printed. How it is buffered decides what this server costs, so it is not left to
# PYTHONUNBUFFERED, which may be set or not.
sys.stdout = open(os.devnull, "w", buffering=-1 if "--block-buffered" in sys.argv else 1)
while True:
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(client,), daemon=True).start()
